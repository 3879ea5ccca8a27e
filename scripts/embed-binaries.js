// Writes the binaries as base64 into build/bytes.js, for the runtimes that can't or should not read a file.

import { readFileSync, writeFileSync } from "node:fs";

const build = new URL("../build/", import.meta.url);
const variants = ["strict", "relaxed"];

const lines = variants.map((variant) => {
  const bytes = readFileSync(new URL(`${variant}.wasm`, build));
  return `export const ${variant} = "${bytes.toString("base64")}";\n`;
});
writeFileSync(new URL("bytes.js", build), lines.join(""));
writeFileSync(new URL("bytes.d.ts", build), variants.map((variant) => `export const ${variant}: string;\n`).join(""));
