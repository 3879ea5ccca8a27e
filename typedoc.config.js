import { typeset, typesetText } from "./scripts/docs/formula.js";

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  entryPoints: [
    "src/index.ts",
    "src/adapters/arrays/index.ts",
    "src/estimators/index.ts",
    "src/finite-sum/index.ts",
    "src/matrix/linalg/index.ts",
    "src/kernels.ts",
  ],
  out: "docs",
  readme: "README.md",
  plugin: ["./scripts/docs/plugin.js"],
  customCss: "scripts/docs/style.css",
  kindSortOrder: ["Module", "Namespace", "Function", "Class", "Variable", "Interface", "TypeAlias", "Reference"],
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  intentionallyNotExported: ["Typed", "kernels", "settleCsr", "METHODS"],
  treatWarningsAsErrors: true,
  markdownItLoader(parser) {
    const { rules } = parser.renderer;
    const { fence, text } = rules;
    rules.text = (...given) => typesetText(text(...given));
    rules.fence = (tokens, index, ...rest) =>
      tokens[index].info.trim() === "math" ? typeset(tokens[index].content) : fence(tokens, index, ...rest);
  },
};
