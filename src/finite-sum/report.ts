import type { SolverName } from "./methods/index.js";
import type { SolverState } from "./state.js";

/** What `onPass` is told. `objective` and `weights()` can be read until it returns, or its promise is settled. */
export interface PassReport<Intercept extends number | Float64Array = number> {
  /** Passes over the data so far. */
  readonly passes: number;
  /** Seconds of work so far, without the time spent in `onPass`. */
  readonly seconds: number;
  /**
   * The norm of the gradient or its mapping. SAG and SAGA: its estimate from the table. For methods that don't have it at hand,
   * reading it costs a pass over the data, which does not count.
   */
  readonly gradientNorm: number;
  /** F at this point. Where the method does not have it at hand, reading it costs a pass, which does not count. */
  readonly objective: number;
  /** The weights at this point, a copy. */
  weights(): Float64Array;
  /** b, for softmax and where `outputs` is given one number an output. */
  readonly intercept: Intercept;
}

export interface MinimizeResult<Intercept extends number | Float64Array = number> {
  /** w, one number a column; with several outputs, row-major: column j has those at j * outputs. */
  readonly weights: Float64Array;
  /** b, 0 where the problem has none; for softmax and where `outputs` is given, one number an output. */
  readonly intercept: Intercept;
  /** F(w, b). */
  readonly objective: number;
  /**
   * The norm of the full gradient of F at (w, b), computed there; where F has an l1 or a penalty, of the gradient mapping
   * (w - prox(w - t gradient)) / t with t the inverse of a bound on the curvature; in the weights that the method works on,
   * where columns are scaled or centred.
   */
  readonly gradientNorm: number;
  /** F(w, b) less the value of a dual point, an upper bound on how far F is above its minimum; where the dual is known. */
  readonly dualityGap?: number;
  /**
   * Whole passes over the data. Full gradients that only certify are not counted, where a method takes none by itself.
   */
  readonly passes: number;
  /** Seconds of work, without the time spent in `onPass`. */
  readonly seconds: number;
  /** Whether `gradientNorm`, or for losses with corners `dualityGap`, is at most the tolerance. */
  readonly converged: boolean;
  /**
   * What may help a run that has not converged: to scale the columns where they are of very different sizes, to subtract their means
   * where these are far from 0. Undefined where neither is so, and of runs that have converged.
   */
  readonly advice?: string;
  /** What solved it. */
  readonly method: SolverName;
  /** Why that: "asked for", or what `"auto"` went by. */
  readonly reason: string;
  /** What another run can go on from: pass it as `start`. */
  readonly state: SolverState;
}
