import { cpus } from "node:os";
import { denseSet, sparseSet } from "../../../bench/data-sets.js";
import { timeKernels } from "../../../bench/kernels.js";
import { loops as plain } from "../../../bench/plain-finite-sum.js";
import { median, speedup } from "../../../bench/statistics.js";
import { CsrMatrix } from "../../finite-sum/csr-matrix.js";
import { minimizeSync } from "../../finite-sum/index.js";
import { randomBits, uniform } from "../../finite-sum/sampling.js";
import { defaultEngine } from "../../memory/engine.js";
import { type ExitCode, exitCodes } from "../errors.js";
import { showProgress } from "../output/progress.js";
import { tableOf } from "../output/table.js";
import { say } from "../output/text.js";

/** One row of the table: how long ours took, and how many times as long the plain loop. */
interface Row {
  readonly what: string;
  readonly milliseconds: number;
  readonly plainMilliseconds: number;
  readonly timesFaster: number;
}

const KERNELS = ["axpy", "dot", "momentum", "adagrad", "adam", "adamEverything"];
/** In the cache, so that it is the loops that are timed. */
const LENGTH = 2 ** 14;

const ROWS = 20_000;
const ROUNDS = 5;
const PASSES = 3;

/** `schuss bench`: some rows of `npm run bench`, where the package is installed. */
export async function bench({ json }: { readonly json?: boolean }, signal: AbortSignal): Promise<ExitCode> {
  const { variant, reason } = defaultEngine();
  const progress = showProgress("timing", KERNELS.length + 2);
  const rows: Row[] = [];
  const show = (row: Row) => {
    rows.push(row);
    progress.update(rows.length);
    signal.throwIfAborted();
  };
  try {
    for (const name of KERNELS) show(await kernel(name, variant));
    show(sag("SAG, 3 passes, 20,000 x 100 dense", denseSet(ROWS, 100), { state: "denseState", run: "sagDense" }));
    show(
      sag("SAG, 3 passes, 20,000 x 5,000, 50 a row", sparseSet(ROWS, 5000, 50), { state: "csrState", run: "sagCsr" }),
    );
  } finally {
    progress.stop();
  }
  const machine = { processor: cpus()[0]?.model ?? "unknown", node: process.version, variant, reason };
  if (json) say(JSON.stringify({ ...machine, rows }));
  else {
    say(`${machine.processor}, Node ${machine.node}, the ${variant} kernels (${reason})`);
    say(tableOf(["", "schuss", "plain JavaScript", "times faster"], rows.map(cells)));
  }
  return exitCodes.done;
}

function cells({ what, milliseconds, plainMilliseconds, timesFaster }: Row): string[] {
  return [what, duration(milliseconds), duration(plainMilliseconds), timesFaster.toFixed(2)];
}

function duration(milliseconds: number): string {
  return milliseconds < 1 ? `${(1000 * milliseconds).toPrecision(3)} µs` : `${milliseconds.toPrecision(3)} ms`;
}

/** What the benchmarks, which are JavaScript, give for a kernel: nanoseconds by candidate, one number a round. */
interface KernelTimes {
  readonly times: Readonly<Record<string, number[]>>;
  readonly faster: { readonly plain: number };
}

const middle = (values: number[]) => median(values) as number;

/** Timed twice, the first time for V8, whose optimised code may come late on a machine with other work. */
async function kernel(name: string, variant: string): Promise<Row> {
  const context = {
    dtypes: ["f32"],
    variants: [variant],
    natives: [],
    rounds: ROUNDS,
    milliseconds: 10,
    selected: (label: string) => label === `kernels ${name} f32 ${LENGTH}`,
    progress: () => {},
  };
  await timeKernels(context);
  const [{ times, faster }] = (await timeKernels(context)) as unknown as [KernelTimes];
  return {
    what: `${name}, ${LENGTH} float32`,
    milliseconds: middle(times[variant]!) / 1e6,
    plainMilliseconds: middle(times.plain!) / 1e6,
    timesFaster: faster.plain,
  };
}

type Set = ReturnType<typeof denseSet> | ReturnType<typeof sparseSet>;
type Loop = keyof typeof plain;

/** The same steps on the same draws, ours with all that `minimize` does around them. */
function sag(what: string, set: Set, names: { readonly state: Loop; readonly run: Loop }): Row {
  const { rows, features } = set;
  const l2 = 1 / rows;
  const stepSize = 1 / (greatestSquaredNorm(set) / 4 + l2);
  const draw = uniform(randomBits(0));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const options = { method: "sag", stepSize, passes: PASSES, tolerance: 0 } as const;
    ours.push(1000 * minimizeSync({ ...set, loss: "logistic", l2 }, options).seconds);
    const model = { ...set, ...(features instanceof CsrMatrix ? features : {}), stepSize, l2 };
    const order = new Int32Array(rows);
    const since = performance.now();
    const state = plain[names.state](model as never, undefined as never, undefined as never);
    for (let pass = 0; pass < PASSES; pass++) {
      draw(order, pass);
      plain[names.run](model as never, state as never, order);
    }
    theirs.push(performance.now() - since);
  }
  // The first round is for V8 to find out what is hot.
  return {
    what,
    milliseconds: middle(ours.slice(1)),
    plainMilliseconds: middle(theirs.slice(1)),
    timesFaster: speedup(ours.slice(1), theirs.slice(1))!,
  };
}

function greatestSquaredNorm({ features, rows, columns }: Set): number {
  let greatest = 0;
  for (let i = 0; i < rows; i++) {
    const row =
      features instanceof CsrMatrix
        ? (features.values as Float64Array).subarray(features.offsets[i]!, features.offsets[i + 1]!)
        : (features as Float64Array).subarray(i * columns, (i + 1) * columns);
    greatest = Math.max(
      greatest,
      row.reduce((sum: number, x: number) => sum + x * x, 0),
    );
  }
  return greatest;
}
