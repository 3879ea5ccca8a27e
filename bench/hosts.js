// `npm run bench:hosts`: the hosts' own optimizers beside the adapters, in one run: steps or trainings of the two take turns.
// Every program of ./hosts has a process of its own, or several, so that none meets code compiled for another. Prints one
// table in Markdown. `node bench/hosts.js tfjs brain` runs those whose names begin so.

import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tableOf } from "./hosts/rows.js";

const programs = [
  "tfjs wasm",
  "tfjs cpu",
  "tfjs-fit cpu",
  "tfjs-fit wasm",
  "tfjs-chromium steps wasm",
  "tfjs-chromium steps cpu",
  "tfjs-chromium fit cpu",
  "tfjs-chromium fit wasm",
  "brain",
  "arrays convnetjs sgd",
  "arrays convnetjs adagrad",
  "arrays convnetjs windowgrad",
  "arrays convnetjs adadelta",
  "arrays toygrad sgd",
  "arrays toygrad adam",
  "ml",
  "jax",
];

/** Node 20 has relaxed SIMD behind a flag. What products bound is timed with it too. */
const RELAXED = "--experimental-wasm-relaxed-simd";
if (Number(process.versions.node.split(".")[0]) < 22) programs.push(`jax Muon ${RELAXED}`);

const { positionals } = parseArgs({ allowPositionals: true });
const rows = [];
for (const program of programs) {
  if (positionals.length > 0 && !positionals.some((start) => program.startsWith(start))) continue;
  const [name, ...args] = program.split(" ");
  const execArgv = args.filter((arg) => arg.startsWith("--"));
  const own = args.filter((arg) => !arg.startsWith("--"));
  const child = fork(fileURLToPath(new URL(`hosts/${name}.js`, import.meta.url)), own, { execArgv });
  child.on("message", (row) => rows.push(row));
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
  console.error(`${program}${code === 0 ? "" : ` failed: ${code}`}`);
}
console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log(tableOf(rows));
