// Compiles the families of kernels: `node scripts/build-wasm.js VARIANT... [--only FAMILY] [--folder build]`. The variants
// are the targets of asconfig.json; `core` in strict becomes core.strict.wasm, and core.strict.wat to read. What is there
// already of the same sources stays.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve as absolute } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { families } from "./families.js";
import { digestOfSources, isCurrent, writeStamp } from "./sources.js";

const { positionals: variants, values } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string", default: "build" }, only: { type: "string" } },
});

const asc = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));
const cwd = fileURLToPath(new URL("..", import.meta.url));

/** @returns {Promise<boolean>} whether the compiler had nothing to object to */
function compile(family, variant, file) {
  const outputs = ["--outFile", `${file}.wasm`, "--textFile", `${file}.wat`];
  const operands = [asc, `assembly/${family}.ts`, "--target", variant, ...outputs];
  return new Promise((resolve) => {
    spawn(process.execPath, operands, { cwd, stdio: "inherit" }).on("close", (code) => resolve(code === 0));
  });
}

async function make(family, variant) {
  const file = absolute(cwd, values.folder, `${family}.${variant}`);
  const sources = digestOfSources(family, variant);
  if (isCurrent(file, sources)) return;
  if (await compile(family, variant, file)) writeStamp(file, sources);
  else process.exitCode = 1;
}

const wanted = families.filter((family) => values.only === undefined || family === values.only);
const waiting = wanted.flatMap((family) => variants.map((variant) => [family, variant]));

async function work() {
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) await make(...job);
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
