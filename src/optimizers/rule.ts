import type { Family } from "../memory/dtype.js";
import type { Schedule } from "../schedules/index.js";

/** Whose defaults and conventions a rule follows, where libraries disagree. */
export type Convention = "torch" | "optax" | "tfjs" | "keras";

export const CONVENTIONS: readonly Convention[] = ["torch", "optax", "tfjs", "keras"];

/** The options that every rule has. */
export interface CommonOptions {
  /** A rate >= 0, or a schedule of the step, counted from 0. Default: the convention's. */
  readonly learningRate?: number | Schedule;
  /** Coefficient lambda >= 0 of the decay. Default 0, but for `adamw`. */
  readonly weightDecay?: number;
  /**
   * `true`: parameters shrink by the factor 1 - learningRate * lambda beside the step (AdamW's way). `false`: lambda
   * times the parameter is added to the gradient (l2). Default `false`, but for `adamw`.
   */
  readonly decoupledWeightDecay?: boolean;
  /** Ascend rather than descend. Default `false`. */
  readonly maximize?: boolean;
  /** Scale the gradient down to this norm, taken over all its tensors, where it is greater. Default: no clipping. */
  readonly clipNorm?: number;
  /** Set the gradients to 0 in the pass of the step. Default `false`. */
  readonly clearGradients?: boolean;
  /**
   * What to do about NaN and infinities among the gradients. `"propagate"` (default) updates all the same and counts
   * them in `nonFiniteCount`; `"skip"` leaves parameters and state as they are, clears the gradients if they are to be
   * cleared, and counts the step in `skippedSteps`; `"throw"` leaves everything as it is and throws. The last two take a
   * pass over the gradients of their own.
   */
  readonly nonFinite?: "propagate" | "skip" | "throw";
  /** Whose defaults to take for everything not given. Default `"torch"`. */
  readonly convention?: Convention;
}

/** The options of a rule, all of them decided. */
export type Resolved<Options> = { readonly [K in keyof Options]-?: Exclude<Options[K], undefined> };

/** A state tensor that a rule keeps for each parameter tensor. */
export interface Slot {
  readonly name: string;
  /** What it holds before the first step. */
  readonly initial: number;
  /**
   * The factor, below 1, by which it shrinks at each step without gradient. Such a slot is flushed: small entries become
   * 0 before they reach the subnormal range, where a step takes up to 60 times as long. See ./flush.ts.
   */
  readonly decay?: number;
  /** Whether it holds squares of gradients, which are small where the gradients are not yet. Default `false`. */
  readonly squared?: boolean;
}

/**
 * An update rule, as data. The arithmetic of a step is in the kernel; here is what surrounds it.
 * @typeParam Options the rule's own options beside the common ones
 */
export interface UpdateRule<Options extends object> {
  /** The name of the function that makes the optimizer, and of the rule in saved states. */
  readonly name: string;
  readonly defaults: Resolved<Options> &
    Resolved<Pick<CommonOptions, "learningRate" | "weightDecay" | "decoupledWeightDecay">>;
  /** What the defaults of other libraries differ in. */
  readonly conventions?: Partial<Record<Convention, Partial<Options & CommonOptions>>>;
  /** Throws for a value out of range, naming `where`. */
  validate(where: string, options: Resolved<Options> & { readonly convention: Convention }): void;
  /** The kernel to call: it takes the shared arguments, the slots in order, then the scalars. */
  kernel(options: Resolved<Options>): Family;
  slots(options: Resolved<Options>): readonly Slot[];
  /** The kernel's own scalars for step t = 1, 2, ... */
  scalars(t: number, learningRate: number, options: Resolved<Options>): readonly number[];
}
