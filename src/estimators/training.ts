import { type MinimizeOptions, minimize, type Signal } from "../finite-sum/minimize.js";
import type { Problem } from "../finite-sum/problem.js";
import type { MinimizeResult, PassReport } from "../finite-sum/run.js";
import { Coefficients } from "./coefficients.js";

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
}

/** How the solving of one problem ended. */
export type FitRun = Omit<MinimizeResult, "weights" | "intercept">;

export interface Trained {
  readonly coefficients: Coefficients;
  readonly runs: readonly FitRun[];
}

/** Solves the problems one after another; each of them has one output. */
export async function train(
  problems: readonly Problem[],
  solver: MinimizeOptions,
  { onPass, maximumSeconds = Number.POSITIVE_INFINITY, signal }: FitOptions,
): Promise<Trained> {
  const outputs = problems.length;
  const weights: Float64Array[] = [];
  const intercepts = new Float64Array(outputs);
  const runs: FitRun[] = [];
  let left = maximumSeconds;
  for (const [output, problem] of problems.entries()) {
    const place = { output, outputs };
    const result = await minimize(problem, {
      ...solver,
      ...(onPass && { onPass: (report: PassReport) => onPass(report, place) }),
      ...(Number.isFinite(left) && { maximumSeconds: left }),
      ...(signal && { signal }),
    });
    const { weights: learnt, intercept, ...run } = result;
    weights.push(learnt);
    intercepts[output] = intercept;
    runs.push(run);
    left = Math.max(0, left - run.seconds);
  }
  return { coefficients: new Coefficients(weights, intercepts), runs };
}
