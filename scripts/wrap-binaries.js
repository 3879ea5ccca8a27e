// Writes, for every family, the modules that `#wasm/*` in package.json names: how each kind of runtime gets the binaries.
// Generated since they differ in the family's name alone, and static imports can't take it from a variable.

import { readFileSync, writeFileSync } from "node:fs";
import { families } from "./families.js";

const build = new URL("../build/", import.meta.url);

const hexadecimal = (file) => readFileSync(new URL(file, build)).toString("hex");

/** The source of a module, and the type of what it exports, by the kind of runtime. */
const kinds = {
  inline: {
    source: (family) =>
      ["strict", "relaxed"].map((v) => `export const ${v} = "${hexadecimal(`${family}.${v}.wasm`)}";\n`),
    exports: { strict: "string", relaxed: "string" },
  },
  workerd: {
    source: (family) => [
      `import relaxed from "./${family}.relaxed.wasm";\n`,
      `import strict from "./${family}.strict.wasm";\n`,
      "export { relaxed, strict };\n",
    ],
    exports: { strict: "WebAssembly.Module", relaxed: "WebAssembly.Module" },
  },
  "edge-light": {
    source: (family) => [`import strict from "./${family}.strict.wasm?module";\n`, "export { strict };\n"],
    exports: { strict: "WebAssembly.Module" },
  },
};

for (const family of families) {
  for (const [kind, { source, exports }] of Object.entries(kinds)) {
    const types = Object.entries(exports).map(([name, type]) => `export const ${name}: ${type};\n`);
    writeFileSync(new URL(`${family}.${kind}.js`, build), source(family).join(""));
    writeFileSync(new URL(`${family}.${kind}.d.ts`, build), types.join(""));
  }
}
