// npm run bench: speeds of this machine, as ratios against named peers in the same run. Reports; asserts nothing.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { timeEigen } from "./eigen.js";
import { timeFiniteSum } from "./finite-sum.js";
import { timeKernels } from "./kernels.js";
import { timeMatrix } from "./matrix.js";
import { startNativePeers } from "./peers/native.js";
import * as report from "./report.js";
import { measureRoots } from "./roots.js";
import { timeSteps } from "./steps.js";
import { timeSubnormal } from "./subnormal.js";
import { availableVariants } from "./variants.js";

const usage = `Usage: npm run bench -- [options]

  --quick          fewer and shorter rounds
  --filter REGEX   only the rows whose label matches: "kernels adam f32 16384", "finite-sum sag dense f64",
                   "subnormal momentum", "steps 10 tensors of 64", "matrix gemm 256",
                   "eigen 128", "roots"
  --dtype TYPE     element type of the kernels: f32 (default), f64 or both
  --json FILE      write everything measured to a file
  --help           this text
`;

const options = {
  quick: { type: "boolean", default: false },
  filter: { type: "string", default: "" },
  dtype: { type: "string", default: "f32" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
};

const dtypes = { f32: ["f32"], f64: ["f64"], both: ["f32", "f64"] };

/** Node 20 has relaxed SIMD behind a flag, which can only be given at the start. */
const RELAXED_FLAG = "--experimental-wasm-relaxed-simd";

function needsFlag(variants) {
  const major = Number(process.versions.node.split(".")[0]);
  return !variants.includes("relaxed") && major < 22 && !process.execArgv.includes(RELAXED_FLAG);
}

function startAgainWithFlag() {
  const program = fileURLToPath(import.meta.url);
  const args = [...process.execArgv, RELAXED_FLAG, program, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function run({ quick, filter, dtype, json }, variants, folder) {
  const began = performance.now();
  const { compiler, peers: natives } = startNativePeers(folder);
  const pattern = new RegExp(filter);
  const context = {
    quick,
    folder,
    variants,
    natives,
    compiler,
    dtypes: dtypes[dtype],
    // Many short rounds: a processor shared with others changes its pace within seconds, and a round should not.
    rounds: quick ? 5 : 15,
    milliseconds: quick ? 6 : 12,
    epochRounds: quick ? 3 : 7,
    selected: (label) => pattern.test(label),
    progress,
  };
  const machine = report.machine();
  report.printHeader(machine, context);
  const kernels = await timeKernels(context);
  progress("");
  report.printKernels(kernels);
  const finiteSum = await timeFiniteSum(context);
  progress("");
  report.printFiniteSum(finiteSum);
  const subnormal = await timeSubnormal(context);
  progress("");
  report.printSubnormal(subnormal);
  const steps = await timeSteps(context);
  progress("");
  report.printSteps(steps);
  const matrix = await timeMatrix(context);
  progress("");
  report.printMatrix(matrix);
  const eigen = await timeEigen(context);
  progress("");
  report.printEigen(eigen);
  const roots = await measureRoots(context);
  progress("");
  report.printRoots(roots);
  report.printSummary([...kernels, ...finiteSum.rows, ...subnormal, ...steps, ...matrix.rows, ...eigen, ...roots]);
  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${seconds.toFixed(0)} s`);
  for (const peer of natives) peer.dispose();
  if (json === undefined) return;
  const peers = natives.map(({ name, flags }) => ({ name, flags }));
  const head = {
    machine,
    seconds,
    variants,
    compiler,
    peers,
    rounds: context.rounds,
    epochRounds: context.epochRounds,
  };
  writeFileSync(
    json,
    `${JSON.stringify({ ...head, kernels, finiteSum, subnormal, steps, matrix, eigen, roots }, null, 1)}\n`,
  );
}

async function main() {
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (!(values.dtype in dtypes))
    throw new RangeError(`--dtype must be one of ${Object.keys(dtypes).join(", ")}, got ${values.dtype}`);
  const variants = availableVariants();
  if (needsFlag(variants)) {
    startAgainWithFlag();
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "schuss-bench-"));
  try {
    await run(values, variants, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
