import { checkFunction, checkNumber, given, nonNegative } from "../check.js";
import type { MinimizeOptions, MinimizeResult, PassReport, Problem, Signal } from "../finite-sum/index.js";
import { minimizeFor } from "../finite-sum/minimize.js";
import type { Engine } from "../memory/engine.js";
import { Coefficients } from "./coefficients.js";
import type { FoldPathInput, FoldPathOutput } from "./fold-path-data.js";
import { checkKnownNames } from "./options.js";

/** Where a fit stands: one problem after another is solved, of one-vs-rest one a class. */
export interface Place {
  /** Which of the problems is being solved, from 0. */
  readonly output: number;
  readonly outputs: number;
}

export interface FitOptions {
  /** One number a row, >= 0: how many times the row counts. Default: each once. */
  readonly sampleWeights?: ArrayLike<number>;
  /** Called after every pass; may be asynchronous. The report can be read until it returns, or its promise is settled. */
  readonly onPass?: (report: PassReport, place: Place) => unknown;
  /** Stop after this many seconds of work, with what has been reached by then. Default: no limit. */
  readonly maximumSeconds?: number;
  /** An `AbortSignal`. Once it is aborted `fit` rejects with its reason, and the estimator stays as it was. */
  readonly signal?: Signal;
  /**
   * `Threads` from `schuss/threads`, which solve the problems of one class against the rest side by side, or the folds of the
   * estimators that find their penalty. Reports then have passes and seconds only, and `maximumSeconds` are seconds on the clock.
   * Default: one after another.
   */
  readonly threads?: FitThreads;
}

/** What a fit needs of threads. */
export interface FitThreads {
  /** @internal */
  run(
    task: "minimize",
    inputs: readonly (() => { where: string; problem: Problem; options: MinimizeOptions; reports: boolean })[],
    options: { engine?: Engine; signal?: Signal; progress?: (report: unknown, index: number) => void },
  ): Promise<MinimizeResult<number | Float64Array>[]>;
  /** @internal */
  run(
    task: "foldPath",
    inputs: readonly (() => FoldPathInput)[],
    options: { engine?: Engine | undefined; signal?: Signal | undefined },
  ): Promise<FoldPathOutput[]>;
}

/** How the solving of one problem ended. */
export type FitRun = Omit<MinimizeResult, "weights" | "intercept" | "state">;

export interface Trained {
  readonly coefficients: Coefficients;
  readonly runs: readonly FitRun[];
}

/** Options of `fit`, and of `partialFit` those besides. */
export function checkFitOptions(where: string, options: FitOptions, besides: readonly string[] = []): void {
  if (Array.isArray(options)) {
    throw new TypeError(`${where}: options must be an object, got an Array; weights of the rows are { sampleWeights }`);
  }
  checkKnownNames(where, options, ["sampleWeights", "onPass", "maximumSeconds", "signal", "threads", ...besides]);
  const { onPass, maximumSeconds, threads } = options;
  checkFunction(where, "onPass", onPass);
  if (maximumSeconds !== undefined) checkNumber(where, "maximumSeconds", maximumSeconds, nonNegative);
  if (threads !== undefined && typeof threads?.run !== "function") {
    throw new TypeError(`${where}: threads must be Threads of schuss/threads, got ${given(threads)}`);
  }
}

/** The sum of the rows' weights, n where they have none. */
export function totalOf(where: string, rows: number, sampleWeights: ArrayLike<number> | undefined): number {
  if (sampleWeights === undefined) return rows;
  if (typeof sampleWeights !== "object" || typeof sampleWeights?.length !== "number") {
    throw new TypeError(`${where}: sampleWeights must be an array of numbers, got ${given(sampleWeights)}`);
  }
  if (sampleWeights.length !== rows) {
    throw new RangeError(`${where}: there must be ${rows} sampleWeights, got ${sampleWeights.length}`);
  }
  let total = 0;
  for (let i = 0; i < rows; i++) total += checkNumber(where, `sampleWeights[${i}]`, sampleWeights[i], nonNegative);
  if (!(total > 0)) throw new RangeError(`${where}: sampleWeights must have a sum above 0, got ${total}`);
  return total;
}

/**
 * Solves the problems, one after another or side by side: all outputs of the first, all of the second, and so on. From `before`, if given,
 * if that has as many outputs.
 */
export async function train(
  where: string,
  problems: readonly Problem[],
  solver: MinimizeOptions,
  options: FitOptions,
  before?: Coefficients,
): Promise<Trained> {
  const startOf = (output: number) => startFrom(before, problems.length, output);
  const { threads } = options;
  return trainedOf(
    threads === undefined || problems.length === 1
      ? await inTurn(where, problems, solver, options, startOf)
      : await sideBySide(where, threads, problems, solver, options, startOf),
  );
}

/** One problem of all outputs, the weights of a column lying side by side, or one an output. */
function startFrom(before: Coefficients | undefined, problems: number, output: number): Pick<MinimizeOptions, "start"> {
  if (before === undefined) return {};
  const { weights, intercepts, outputs, columns } = before;
  if (problems === outputs) return { start: { weights: weights[output]!, intercept: intercepts[output]! } };
  const together = Float64Array.from(
    { length: columns * outputs },
    (_, k) => weights[k % outputs]![Math.floor(k / outputs)]!,
  );
  return { start: { weights: together, intercept: intercepts } };
}

type AnyResult = MinimizeResult<number | Float64Array>;

async function inTurn(
  where: string,
  problems: readonly Problem[],
  solver: MinimizeOptions,
  { onPass, maximumSeconds = Number.POSITIVE_INFINITY, signal }: FitOptions,
  startOf: (output: number) => Pick<MinimizeOptions, "start">,
): Promise<AnyResult[]> {
  const outputs = problems.length;
  const results: AnyResult[] = [];
  let left = maximumSeconds;
  for (const [output, problem] of problems.entries()) {
    const result = await minimizeFor(where, problem, {
      ...solver,
      ...startOf(output),
      ...(onPass && { onPass: (report: PassReport) => onPass(report, { output, outputs }) }),
      ...(Number.isFinite(left) && { maximumSeconds: left }),
      ...(signal && { signal }),
    });
    results.push(result);
    left = Math.max(0, left - result.seconds);
  }
  return results;
}

async function sideBySide(
  where: string,
  threads: FitThreads,
  problems: readonly Problem[],
  { engine, ...solver }: MinimizeOptions,
  { onPass, maximumSeconds, signal }: FitOptions,
  startOf: (output: number) => Pick<MinimizeOptions, "start">,
): Promise<AnyResult[]> {
  const outputs = problems.length;
  const since = performance.now();
  const left = () =>
    maximumSeconds === undefined
      ? {}
      : { maximumSeconds: Math.max(0, maximumSeconds - (performance.now() - since) / 1000) };
  const inputs = problems.map((problem, output) => () => ({
    where,
    problem,
    options: { ...solver, ...startOf(output), ...left() },
    reports: onPass !== undefined,
  }));
  const run = threads.run("minimize", inputs, {
    ...(engine && { engine }),
    ...(signal && { signal }),
    ...(onPass && { progress: (report, output) => onPass(report as PassReport, { output, outputs }) }),
  });
  return run.catch(rethrow(signal));
}

/** Throws why the work was aborted, or else what a thread has failed of, not that it was a thread. */
export function rethrow(signal: Signal | undefined): (error: Error) => never {
  return (error) => {
    signal?.throwIfAborted();
    throw error.cause ?? error;
  };
}

function trainedOf(results: readonly AnyResult[]): Trained {
  const weights: Float64Array[] = [];
  const intercepts: number[] = [];
  const runs: FitRun[] = [];
  for (const { weights: learnt, intercept, state: _, ...run } of results) {
    const own = typeof intercept === "number" ? [intercept] : intercept;
    for (const [k, number] of own.entries()) {
      weights.push(column(learnt, k, own.length));
      intercepts.push(number);
    }
    runs.push(run);
  }
  return { coefficients: new Coefficients(weights, Float64Array.from(intercepts)), runs };
}

/** The weights of one output, those of a column lying side by side. */
function column(weights: Float64Array, output: number, outputs: number): Float64Array {
  if (outputs === 1) return weights;
  return Float64Array.from({ length: weights.length / outputs }, (_, j) => weights[j * outputs + output]!);
}
