import { readFileSync } from "node:fs";
import { OptionDefaults } from "typedoc";
import { typeset, typesetText } from "./scripts/docs/formula.js";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));

/** The sources of what can be imported; a worker's program is not for that. */
const entryPoints = Object.values(exports)
  .map(({ types }) => types)
  .filter((types) => types !== undefined && !types.endsWith("/worker.d.ts"))
  .map((types) => types.replace("./build/", "src/").replace(".d.ts", ".ts"));

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  entryPoints,
  out: "docs",
  readme: "README.md",
  plugin: ["./scripts/docs/plugin.js"],
  customCss: "scripts/docs/style.css",
  kindSortOrder: ["Module", "Namespace", "Function", "Class", "Variable", "Interface", "TypeAlias", "Reference"],
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  intentionallyNotExported: [
    "Typed",
    "kernels",
    "settleCsr",
    "squaredGradientCsr",
    "METHODS",
    "slopes",
    "Own",
    "NamedTensor",
    "src/optimizers/memory.ts:Memory",
    "Slot",
    "Host",
    "Model",
  ],
  treatWarningsAsErrors: true,
  highlightLanguages: [...OptionDefaults.highlightLanguages, "diff"],
  markdownItLoader(parser) {
    const { rules } = parser.renderer;
    const { fence, text } = rules;
    rules.text = (...given) => typesetText(text(...given));
    rules.fence = (tokens, index, ...rest) =>
      tokens[index].info.trim() === "math" ? typeset(tokens[index].content) : fence(tokens, index, ...rest);
  },
};
