import {
  checkFunction,
  checkInteger,
  checkNames,
  checkNumber,
  checkOneOf,
  given,
  nonNegative,
  positive,
} from "../check.js";
import { defaultEngine, Engine } from "../memory/engine.js";
import { breathe } from "./breathe.js";
import { checkProblem, type Problem } from "./problem.js";
import { type MinimizeResult, type PassReport, Run } from "./run.js";
import { filling, permutation, randomBits, type Sampler, uniform } from "./sampling.js";
import type { MethodName, Plan } from "./solver.js";

/** What is needed of an `AbortSignal`, so that the types don't depend on a runtime's own. */
export interface Signal {
  /** Throws the reason once the signal is aborted. */
  throwIfAborted(): void;
}

export interface MinimizeOptions {
  /** `"sag"` (default) or `"svrg"`. */
  readonly method?: MethodName;
  /** The most passes to make, >= 1. SVRG makes two at a time. Default 100. */
  readonly passes?: number;
  /** Done when the norm of the full gradient of F is at most this, >= 0. Default 1e-4; 0 makes all passes. */
  readonly tolerance?: number;
  /** > 0. Default 1 / L, L = max_i (kappa |x_i|^2 + l2), kappa 1/4 for logistic and 1 for squared. */
  readonly stepSize?: number;
  /** An integer; the same seed gives the same run. Default 0. */
  readonly seed?: number;
  /**
   * Draws the rows of a pass in place of the seed: fills `order` with n integers from 0 to n - 1. Default: SAG draws
   * with replacement, SVRG goes through a fresh permutation. SAG may diverge on permutations.
   */
  readonly order?: Sampler;
  /** Called after every pass; in `minimize` it may be asynchronous. */
  readonly onPass?: (report: PassReport) => unknown;
  /**
   * Stop after this many seconds of work. Default: no limit. Of no use where the clock stands still while code runs, as
   * in Cloudflare's production Workers.
   */
  readonly maximumSeconds?: number;
  /** An `AbortSignal`. Once it is aborted `minimize` rejects with its reason. */
  readonly signal?: Signal;
  /** Where to work. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

/** How long `minimize` works before it lets others run, in milliseconds. */
const TURN = 30;

const OPTIONS = [
  "method",
  "passes",
  "tolerance",
  "stepSize",
  "seed",
  "order",
  "onPass",
  "maximumSeconds",
  "signal",
  "engine",
];

function checkOptions(where: string, options: MinimizeOptions): Plan {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  checkNames(where, "option", options, OPTIONS);
  const method = checkOneOf(where, "method", options.method ?? "sag", ["sag", "svrg"]);
  const seed = checkInteger(where, "seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const draws = method === "sag" ? uniform(randomBits(seed)) : permutation(randomBits(seed));
  checkFunction(where, "order", options.order);
  checkFunction(where, "onPass", options.onPass);
  checkFunction(where, "signal.throwIfAborted", options.signal && (options.signal.throwIfAborted ?? null));
  if (options.maximumSeconds !== undefined) checkNumber(where, "maximumSeconds", options.maximumSeconds, nonNegative);
  if (options.engine !== undefined && !(options.engine instanceof Engine)) {
    throw new TypeError(`${where}: engine must come from load(), got ${given(options.engine)}`);
  }
  return {
    method,
    passes: checkInteger(where, "passes", options.passes ?? 100, method === "svrg" ? 2 : 1, Number.MAX_SAFE_INTEGER),
    tolerance: checkNumber(where, "tolerance", options.tolerance ?? 1e-4, nonNegative),
    stepSize: options.stepSize === undefined ? undefined : checkNumber(where, "stepSize", options.stepSize, positive),
    sampler: options.order === undefined ? draws : filling(where, options.order),
  };
}

function start(where: string, problem: Problem, plan: Plan, { engine, maximumSeconds }: MinimizeOptions): Run {
  const checkedProblem = checkProblem(where, problem);
  return new Run(engine ?? defaultEngine(), checkedProblem, plan, maximumSeconds ?? Number.POSITIVE_INFINITY);
}

/**
 * Solves a finite-sum problem with SAG or SVRG, wholly inside the kernels, in slices between which others can run.
 *
 * The rules, with residual derivatives M_i, their sum S = sum_i M_i x_i, n_seen rows drawn so far, and step t:
 *
 *     sag:   M_i <- loss'(x_i.w + b, y_i);  w <- (1 - t l2) w - t S / n_seen
 *     svrg:  w <- (1 - t l2) w - t ( (loss'(x_i.w + b, y_i) - M_i) x_i + S / n ),  M from the last full gradient
 *
 * @param problem the rows, labels, loss and penalty; see {@link Problem}
 * @param options method, limits, reporting; see {@link MinimizeOptions}
 * @returns weights, intercept, objective, the norm of the full gradient, passes, seconds, and whether the norm is within
 *   the tolerance
 * @throws (rejects) TypeError or RangeError for a problem or options that are none, saying what and where; RangeError
 *   if the step is so large that the objective overflows, or the memory can't be had; the signal's reason if aborted
 *
 * @example
 * const features = new Float64Array([0, 1, 2, 3]);
 * const labels = [0, 0, 1, 1];
 * const { weights, converged } = await minimize({ features, rows: 4, columns: 1, labels, loss: "logistic", l2: 0.1 });
 * @see Schmidt, Le Roux, Bach, "Minimizing Finite Sums with the Stochastic Average Gradient", 2013; Johnson, Zhang,
 *   "Accelerating Stochastic Gradient Descent using Predictive Variance Reduction", 2013
 */
export async function minimize(problem: Problem, options: MinimizeOptions = {}): Promise<MinimizeResult> {
  const where = "minimize";
  const plan = checkOptions(where, options);
  const { signal, onPass } = options;
  signal?.throwIfAborted();
  const run = start(where, problem, plan, options);
  try {
    const resume = run.watch.pause();
    await run.model.prepare();
    resume();
    for (let turnEnds = performance.now() + TURN; ; ) {
      const { report, result } = run.next();
      if (result !== undefined) return result;
      if (report !== undefined && onPass !== undefined) {
        const resume = run.watch.pause();
        await onPass(report);
        resume();
      }
      if (performance.now() > turnEnds) {
        const resume = run.watch.pause();
        await breathe();
        resume();
        turnEnds = performance.now() + TURN;
      }
      signal?.throwIfAborted();
    }
  } finally {
    run.dispose();
  }
}

/**
 * As `minimize`, without letting anything else run: for workers, scripts and tests. `onPass` must be synchronous.
 * @throws as `minimize` rejects; `signal` is looked at after every slice
 */
export function minimizeSync(problem: Problem, options: MinimizeOptions = {}): MinimizeResult {
  const where = "minimizeSync";
  const plan = checkOptions(where, options);
  const { signal, onPass } = options;
  signal?.throwIfAborted();
  const run = start(where, problem, plan, options);
  try {
    for (;;) {
      const { report, result } = run.next();
      if (result !== undefined) return result;
      if (report !== undefined && onPass !== undefined) {
        const resume = run.watch.pause();
        onPass(report);
        resume();
      }
      signal?.throwIfAborted();
    }
  } finally {
    run.dispose();
  }
}
