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
import { markdownOf } from "./markdown.js";
import { timeMatrix } from "./matrix.js";
import { timeMatrixRules } from "./matrix-rules.js";
import { timeOrthogonalize } from "./orthogonalize.js";
import { startNativePeers } from "./peers/native.js";
import * as report from "./report.js";
import { measureRoots } from "./roots.js";
import { timeRules } from "./rules.js";
import { timeSteps } from "./steps.js";
import { timeSubnormal } from "./subnormal.js";
import { timeTensors } from "./tensors.js";
import { availableVariants } from "./variants.js";

const usage = `Usage: npm run bench -- [options]

  --quick          fewer and shorter rounds
  --filter REGEX   only the rows whose label matches: "kernels adam f32 16384", "rules adam 16384",
                   "tensors adam", "finite-sum sag dense f64",
                   "subnormal momentum", "steps 10 tensors of 64", "matrix gemm 256",
                   "eigen 128", "roots", "matrix rules"
  --dtype TYPE     element type of the kernels: f32 (default), f64 or both
  --json FILE      write everything measured to a file
  --markdown FILE  write the tables that stand in BENCHMARKS.md
  --processor N    stay on that processor, the peers too (by taskset): one of a virtual machine's may have half the speed
                   of another
  --help           this text
`;

const options = {
  quick: { type: "boolean", default: false },
  filter: { type: "string", default: "" },
  dtype: { type: "string", default: "f32" },
  json: { type: "string" },
  markdown: { type: "string" },
  processor: { type: "string" },
  help: { type: "boolean", default: false },
};

const dtypes = { f32: ["f32"], f64: ["f64"], both: ["f32", "f64"] };

/** Node 20 has relaxed SIMD behind a flag, which can only be given at the start. */
const RELAXED_FLAG = "--experimental-wasm-relaxed-simd";

/** Tells a run that it is on its processor already. */
const PLACED = "SCHUSS_BENCH_PLACED";

function needsFlag(variants) {
  const major = Number(process.versions.node.split(".")[0]);
  return !variants.includes("relaxed") && major < 22 && !process.execArgv.includes(RELAXED_FLAG);
}

function startAgain(flags, processor) {
  const program = fileURLToPath(import.meta.url);
  const line = [process.execPath, ...process.execArgv, ...flags, program, ...process.argv.slice(2)];
  const [command, ...args] = processor === undefined ? line : ["taskset", "-c", processor, ...line];
  const { error, status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, [PLACED]: "1" } });
  if (error) throw error;
  process.exitCode = status ?? 1;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function run({ quick, filter, dtype, json, markdown }, variants, folder) {
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
  const rules = await timeRules(context);
  progress("");
  report.printRules(rules);
  const tensors = await timeTensors(context);
  progress("");
  report.printTensors(tensors);
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
  const orthogonalize = await timeOrthogonalize(context);
  progress("");
  report.printOrthogonalize(orthogonalize);
  const matrixRules = await timeMatrixRules(context);
  progress("");
  report.printMatrixRules(matrixRules);
  report.printSummary([
    ...kernels,
    ...rules,
    ...tensors,
    ...finiteSum.rows,
    ...subnormal,
    ...steps,
    ...matrix.rows,
    ...eigen,
    ...roots,
    ...orthogonalize,
    ...matrixRules,
  ]);
  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${seconds.toFixed(0)} s`);
  for (const peer of natives) peer.dispose();
  const { rounds, epochRounds } = context;
  const peers = natives.map(({ name, flags }) => ({ name, flags }));
  const head = { machine, seconds, variants, compiler, peers, rounds, epochRounds };
  const measured = {
    ...head,
    kernels,
    rules,
    tensors,
    finiteSum,
    subnormal,
    steps,
    matrix,
    eigen,
    roots,
    orthogonalize,
    matrixRules,
  };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(measured, null, 1)}\n`);
  if (markdown !== undefined) writeFileSync(markdown, `${markdownOf(measured)}\n`);
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
  const flags = needsFlag(variants) ? [RELAXED_FLAG] : [];
  const moves = values.processor !== undefined && process.env[PLACED] === undefined;
  if (flags.length > 0 || moves) {
    startAgain(flags, values.processor);
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
