import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNames,
  checkNumber,
  checkOneOf,
  given,
  nonNegative,
  positive,
} from "../check.js";
import { Engine } from "../memory/engine.js";
import { infoOf, METHOD_NAMES, type MethodName, SAMPLINGS, type SamplingName } from "./methods/index.js";
import type { PassReport } from "./report.js";
import type { Sampler } from "./sampling.js";
import type { MethodOptions } from "./solver.js";
import { isState, type SolverState } from "./state.js";

/** What is needed of an `AbortSignal`, so that the types don't depend on a runtime's own. */
export interface Signal {
  /** Throws the reason once the signal is aborted. */
  throwIfAborted(): void;
}

/** Where to start: weights and intercept, as a result has them, or the whole state that a result brings along. */
export type Start =
  | { readonly weights: ArrayLike<number>; readonly intercept?: number | ArrayLike<number> }
  | SolverState;

export interface MinimizeOptions {
  /**
   * How to solve it. `"auto"` (default) picks by the loss, the penalty, the number of rows and the spread of their norms; the
   * result's `method` and `reason` say what it picked and why.
   */
  readonly method?: MethodName;
  /**
   * The most passes to make, >= 1. SVRG and STORM make two at a time; `newton`, which ends after a product with the Hessian, may go
   * one over. Default: as many as touch 10^8 stored entries, a row counting as ten more, but at least 100 and at most 10,000: badly
   * scaled columns need thousands, and few rows allow them.
   */
  readonly passes?: number;
  /**
   * Done when the norm of the full gradient of F, or of its gradient mapping where F has an l1 or a penalty, is at most this;
   * for losses with corners, when the duality gap is. >= 0. Default 1e-4; 0 makes all passes.
   */
  readonly tolerance?: number;
  /**
   * > 0. Default by the method, with L the greatest smoothness constant of a row's term, kappa s_i (|x_i|^2 + 1) + l2, or their
   * mean where rows are drawn by it or make batches: 1 / L for `sag`, `svrg` and `sgd`, `sarah`, `spider`, `storm`, 1 / (3 L) for
   * `saga` and `katyusha`; `saga` goes up to 1 / (1.5 L) where passes are slow. `apg` and `gd` find theirs.
   */
  readonly stepSize?: number;
  /**
   * How rows are drawn: `"uniform"` with replacement, `"permuted"` in a fresh order every pass, `"inOrder"` as they stand,
   * `"lipschitz"` half uniform, half by their smoothness constants; `"blocks"` goes every pass in a fresh order through blocks of 32
   * neighbours, eight at a time, or through blocks of 16, one at a time, where neighbours have next to nothing to do with one another.
   * On data that no cache holds a pass by blocks takes 0.65 to 0.8 of the time; where neighbours are alike it brings less. Fewer than
   * 4096 rows (256) are permuted then. Default: `"permuted"`; `sdca` takes `"blocks"` for more than a megabyte of sparse values
   * where a look at some neighbours says so; `sag` takes `"uniform"`, and would diverge otherwise. Not from batch to batch.
   */
  readonly sampling?: SamplingName;
  /**
   * For `sag`, `saga` and `svrg`: look for L on the way, in place of the bound. It is doubled where the losses of a few rows fall by
   * less than it promises, and falls to a half within a pass otherwise. Not with draws by `"lipschitz"`. Default `false`.
   */
  readonly lineSearch?: boolean;
  /**
   * Rows to a step of `sgd` and `svrg`, from 1 to n, and of `sarah`, `spider`, `storm` and `katyusha`, which step along the mean
   * gradient of a batch. Default 1 for `sgd` and `svrg` with one output; else 16, or fewer where there are less than 1024 rows.
   */
  readonly batchSize?: number;
  /** SVRG: which point of a pass becomes the next snapshot, or a mean of them. In batches `"last"` or `"average"`. Default `"last"`. */
  readonly snapshot?: MethodOptions["snapshot"];
  /** An integer; the same seed gives the same run. Default 0. */
  readonly seed?: number;
  /**
   * Draws the rows of a pass in place of the seed: fills `order` with n integers from 0 to n - 1. SAG may diverge on
   * permutations.
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
  /**
   * Where to start. Default: weights and intercept 0. `sdca` and `finito`, whose weights follow from their table, can only go on from a
   * state of their own; they begin at 0 otherwise.
   */
  readonly start?: Start;
}

const OPTIONS = [
  "method",
  "passes",
  "tolerance",
  "stepSize",
  "sampling",
  "lineSearch",
  "batchSize",
  "snapshot",
  "seed",
  "order",
  "onPass",
  "maximumSeconds",
  "signal",
  "engine",
  "start",
];

/** Options with everything decided that does not depend on the problem. */
export interface CheckedOptions {
  readonly method: MethodName;
  /** Undefined for what `standardPasses` gives. */
  readonly passes: number | undefined;
  readonly tolerance: number;
  readonly stepSize: number | undefined;
  readonly sampling: SamplingName | undefined;
  readonly lineSearch: boolean;
  readonly batchSize: number | undefined;
  readonly snapshot: MethodOptions["snapshot"];
  readonly seed: number;
  readonly order: Sampler | undefined;
  readonly maximumSeconds: number;
  readonly engine: Engine | undefined;
  readonly start: Start | undefined;
}

export function checkOptions(where: string, options: MinimizeOptions): CheckedOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${given(options)}`);
  }
  checkNames(where, "option", options, OPTIONS);
  const method = checkOneOf(where, "method", options.method ?? "auto", METHOD_NAMES);
  checkFunction(where, "order", options.order);
  checkFunction(where, "onPass", options.onPass);
  if (options.signal !== undefined && typeof options.signal?.throwIfAborted !== "function") {
    throw new TypeError(`${where}: signal must be an AbortSignal, got ${given(options.signal)}`);
  }
  if (options.engine !== undefined && !(options.engine instanceof Engine)) {
    throw new TypeError(`${where}: engine must come from load(), got ${given(options.engine)}`);
  }
  const optional = <T>(value: T | undefined, check: (value: T) => T) =>
    value === undefined ? undefined : check(value);
  return {
    method,
    passes: optional(options.passes, (value) => {
      const least = method === "auto" ? 1 : infoOf(method).leastPasses;
      return checkInteger(where, "passes", value, least, Number.MAX_SAFE_INTEGER);
    }),
    tolerance: checkNumber(where, "tolerance", options.tolerance ?? 1e-4, nonNegative),
    stepSize: optional(options.stepSize, (value) => checkNumber(where, "stepSize", value, positive)),
    sampling: optional(options.sampling, (value) => checkOneOf(where, "sampling", value, SAMPLINGS)),
    lineSearch: checkLineSearch(where, options),
    batchSize: optional(options.batchSize, (value) => checkInteger(where, "batchSize", value, 1, 2 ** 31 - 1)),
    snapshot: checkOneOf(where, "snapshot", options.snapshot ?? "last", ["last", "average", "random", "loopless"]),
    seed: checkInteger(where, "seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    order: options.order,
    maximumSeconds:
      optional(options.maximumSeconds, (value) => checkNumber(where, "maximumSeconds", value, nonNegative)) ??
      Number.POSITIVE_INFINITY,
    engine: options.engine,
    start: checkStart(where, options.start),
  };
}

function checkLineSearch(where: string, { lineSearch, stepSize }: MinimizeOptions): boolean {
  const searches = checkBoolean(where, "lineSearch", lineSearch ?? false);
  if (searches && stepSize !== undefined) {
    throw new RangeError(`${where}: lineSearch looks for the step, and stepSize fixes it: give one of them`);
  }
  return searches;
}

function checkStart(where: string, start: Start | undefined): Start | undefined {
  if (start === undefined || isState(start)) return start;
  if (typeof start !== "object" || start === null || typeof start.weights?.length !== "number") {
    throw new TypeError(`${where}: start must have weights, or be a result's state, got ${given(start)}`);
  }
  const bad = Array.from(start.weights).findIndex((w) => !Number.isFinite(w));
  if (bad >= 0) throw new RangeError(`${where}: start.weights are ${start.weights[bad]} at ${bad}`);
  return start;
}
