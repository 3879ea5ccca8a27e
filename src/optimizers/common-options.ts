import type { Schedule } from "../schedules/index.js";
import type { AdaptiveClipOptions } from "./adaptive-clip.js";
import type { AverageOptions } from "./average.js";
import type { LookaheadOptions } from "./lookahead.js";
import type { LossScaleOptions } from "./loss-scale.js";
import type { Multiplier } from "./multiplier.js";
import type { ProjectionOptions } from "./projection.js";
import type { Resolved } from "./resolved.js";
import type { SharpnessOptions } from "./sharpness.js";
import type { StateStorage } from "./storage/storage.js";

/** Whose defaults and conventions a rule follows, where libraries disagree. */
export type Convention = "torch" | "optax" | "tfjs" | "keras";

/** The options that every rule has. */
export interface CommonOptions {
  /** A rate >= 0, or a schedule of the step, counted from 0. Default: the convention's. */
  readonly learningRate?: number | Schedule;
  /** Coefficient lambda >= 0 of the decay, or a schedule of it. Default 0, but for `adamw`. */
  readonly weightDecay?: number | Schedule;
  /**
   * `true`: parameters shrink by the factor 1 - learningRate * lambda beside the step (AdamW's way). `false`: lambda
   * times the parameter is added to the gradient (l2). Default `false`, but for `adamw`.
   */
  readonly decoupledWeightDecay?: boolean;
  /** Decoupled decay by the factor 1 - lambda instead, whatever the learning rate is. Default `false`. */
  readonly independentWeightDecay?: boolean;
  /**
   * Factors >= 0 on the learning rate of single parameters: a record by name, where what is missing counts as 1, or a
   * function of the name. 0 or `false` freezes a parameter together with its state. Default: 1 for all.
   */
  readonly learningRateMultiplier?: Multiplier;
  /** The same for the weight decay; 0 or `false` for what is not to decay: biases, norms. Default: 1 for all. */
  readonly weightDecayMultiplier?: Multiplier;
  /** Ascend rather than descend. Default `false`. */
  readonly maximize?: boolean;
  /** Hold every gradient between this and its negative. Default: no clipping. */
  readonly clipValue?: number;
  /** Scale the gradient of a tensor down to this norm where it is greater. Default: no clipping. */
  readonly clipTensorNorm?: number;
  /** Scale the gradient down to this norm, taken over all its tensors, where it is greater. Default: no clipping. */
  readonly clipNorm?: number;
  /**
   * Adaptive gradient clipping: the norm of a tensor's gradient is held below this times the norm of the tensor, which
   * counts as 1e-3 where it is less. A number, or {@link AdaptiveClipOptions} for rows of matrices in the place of
   * tensors. Default: no clipping.
   */
  readonly adaptiveClip?: number | AdaptiveClipOptions;
  /**
   * What the loss was multiplied by, and so the gradients: they are divided by it. A number, or `{ initial, ... }` for one
   * that falls when a gradient overflows, whose step is skipped, and rises again. Default 1.
   */
  readonly lossScale?: number | LossScaleOptions;
  /**
   * One update for so many calls of `step`, from the mean of their gradients. Add to the gradients of a parameter set;
   * arrays that are handed in are added up. Default 1.
   */
  readonly accumulate?: number;
  /** Set the gradients to 0 in the pass of the step. Default `false`. */
  readonly clearGradients?: boolean;
  /**
   * What to do about NaN and infinities among the gradients. `"propagate"` (default) updates all the same and counts
   * them in `nonFiniteCount`; `"skip"` leaves parameters and state as they are, clears the gradients if they are to be
   * cleared, and counts the step in `skippedSteps`; `"throw"` leaves everything as it is and throws. The last two take a
   * pass over the gradients of their own.
   */
  readonly nonFinite?: "propagate" | "skip" | "throw";
  /** Keep an average of the parameters, see {@link AverageOptions} and `withAverages`. Default: none. */
  readonly average?: AverageOptions;
  /** Keep the parameters in a box or a ball, see {@link ProjectionOptions}. Default: not. */
  readonly projection?: ProjectionOptions;
  /** Every so many steps go back a part of the way, see {@link LookaheadOptions}. Default: not. */
  readonly lookahead?: LookaheadOptions;
  /** Sharpness-aware minimisation (SAM), see {@link SharpnessOptions}: `step` takes a closure then. Default: not. */
  readonly sharpness?: SharpnessOptions;
  /**
   * Keep the state of float32 parameters in fewer bits: `bfloat16` or `int8`, objects of this package. For Adam, AdamW, Lion
   * and momentum. It saves memory, not time: a step takes up to 1.5 times as long on what is larger than the cache, and about
   * twice as long in it. Default: as the parameters.
   */
  readonly stateStorage?: StateStorage;
  /** Whose defaults to take for everything not given. Default `"torch"`. */
  readonly convention?: Convention;
}

/** The common options, all decided. Infinity and undefined stand for what is not wanted. */
export type ResolvedCommon = Resolved<
  Omit<
    CommonOptions,
    | "learningRateMultiplier"
    | "weightDecayMultiplier"
    | "lossScale"
    | "average"
    | "projection"
    | "lookahead"
    | "sharpness"
    | "stateStorage"
  >
> & {
  readonly learningRateMultiplier: Multiplier | undefined;
  readonly weightDecayMultiplier: Multiplier | undefined;
  readonly lossScale: number | LossScaleOptions;
  readonly average: AverageOptions | undefined;
  readonly projection: ProjectionOptions | undefined;
  readonly lookahead: LookaheadOptions | undefined;
  readonly sharpness: SharpnessOptions | undefined;
  readonly stateStorage: StateStorage | undefined;
};
