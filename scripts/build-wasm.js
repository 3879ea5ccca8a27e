// Compiles the families of kernels: `node scripts/build-wasm.js VARIANT... [--only FAMILY] [--folder build]`. The variants
// are the targets of asconfig.json; `core` in strict becomes core.strict.wasm, and core.strict.wat to read.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { families } from "./families.js";

const { positionals: variants, values } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string", default: "build" }, only: { type: "string" } },
});

const asc = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));
const cwd = fileURLToPath(new URL("..", import.meta.url));

/** @returns {Promise<number>} the compiler's exit code */
function compile(family, variant) {
  const file = `${values.folder}/${family}.${variant}`;
  const outputs = ["--outFile", `${file}.wasm`, "--textFile", `${file}.wat`];
  const operands = [asc, `assembly/${family}.ts`, "--target", variant, ...outputs];
  return new Promise((resolve) => spawn(process.execPath, operands, { cwd, stdio: "inherit" }).on("close", resolve));
}

const wanted = families.filter((family) => values.only === undefined || family === values.only);
const waiting = wanted.flatMap((family) => variants.map((variant) => [family, variant]));

async function work() {
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    if ((await compile(...job)) !== 0) process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
