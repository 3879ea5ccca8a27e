import {
  type MinimizeOptions,
  type MinimizeResult,
  minimize,
  type PassReport,
  type Problem,
  type Signal,
} from "../finite-sum/index.js";
import { Coefficients } from "./coefficients.js";

/** What is needed of a pool of threads. */
export interface Pool {
  minimize(problem: Problem, options?: MinimizeOptions): Promise<MinimizeResult>;
}

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
  /**
   * Workers that solve the problems of a one-vs-rest side by side, made by `threads` of `schuss/threads`. `onPass` and an `engine`
   * can't be given then, and `maximumSeconds` are those of each problem.
   */
  readonly pool?: Pool;
  /** An `AbortSignal`. Once it is aborted `fit` rejects with its reason, and the estimator stays as it was. */
  readonly signal?: Signal;
}

/** How the solving of one problem ended. */
export type FitRun = Omit<MinimizeResult, "weights" | "intercept" | "state">;

export interface Trained {
  readonly coefficients: Coefficients;
  readonly runs: readonly FitRun[];
}

/** The sum of the rows' weights, n where they have none. */
export function totalOf(where: string, rows: number, sampleWeights: ArrayLike<number> | undefined): number {
  if (sampleWeights === undefined) return rows;
  if (sampleWeights?.length !== rows) {
    throw new RangeError(`${where}: there must be ${rows} sampleWeights, got ${sampleWeights?.length}`);
  }
  let total = 0;
  for (let i = 0; i < rows; i++) total += sampleWeights[i]!;
  if (!(total > 0)) throw new RangeError(`${where}: sampleWeights must have a sum above 0, got ${total}`);
  return total;
}

/**
 * Solves the problems one after another, or side by side in a pool: all outputs of the first, all of the second, and so on.
 * From `before`, if given, which is for problems of one output.
 */
export async function train(
  problems: readonly Problem[],
  solver: MinimizeOptions,
  options: FitOptions,
  before?: Coefficients,
): Promise<Trained> {
  const start = (output: number) =>
    before && { start: { weights: before.weights[output]!, intercept: before.intercepts[output]! } };
  const results = options.pool
    ? await sideBySide(options.pool, problems, solver, options, start)
    : await inTurn(problems, solver, options, start);
  const weights: Float64Array[] = [];
  const intercepts: number[] = [];
  const runs: FitRun[] = [];
  for (const { state: _, weights: learnt, intercept, ...run } of results) {
    const own = typeof intercept === "number" ? [intercept] : intercept;
    for (const [k, number] of own.entries()) {
      weights.push(column(learnt, k, own.length));
      intercepts.push(number);
    }
    runs.push(run);
  }
  return { coefficients: new Coefficients(weights, Float64Array.from(intercepts)), runs };
}

type Results = readonly MinimizeResult<number | Float64Array>[];
type StartOf = (output: number) => Pick<MinimizeOptions, "start"> | undefined;

async function inTurn(
  problems: readonly Problem[],
  solver: MinimizeOptions,
  { onPass, maximumSeconds = Number.POSITIVE_INFINITY, signal }: FitOptions,
  start: StartOf,
): Promise<Results> {
  const outputs = problems.length;
  const results: MinimizeResult[] = [];
  let left = maximumSeconds;
  for (const [output, problem] of problems.entries()) {
    const place = { output, outputs };
    const result = await minimize(problem, {
      ...solver,
      ...(onPass && { onPass: (report: PassReport) => onPass(report, place) }),
      ...(Number.isFinite(left) && { maximumSeconds: left }),
      ...(signal && { signal }),
      ...start(output),
    });
    results.push(result);
    left = Math.max(0, left - result.seconds);
  }
  return results;
}

function sideBySide(
  pool: Pool,
  problems: readonly Problem[],
  solver: MinimizeOptions,
  { onPass, maximumSeconds, signal }: FitOptions,
  start: StartOf,
): Promise<Results> {
  const others = { ...(onPass && { onPass }), ...(maximumSeconds && { maximumSeconds }), ...(signal && { signal }) };
  return Promise.all(
    problems.map((problem, output) =>
      pool.minimize(problem, { ...solver, ...others, ...start(output) } as MinimizeOptions),
    ),
  );
}

/** The weights of one output, those of a column lying side by side. */
function column(weights: Float64Array, output: number, outputs: number): Float64Array {
  if (outputs === 1) return weights;
  return Float64Array.from({ length: weights.length / outputs }, (_, j) => weights[j * outputs + output]!);
}
