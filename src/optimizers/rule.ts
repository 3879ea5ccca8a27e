import type { Family } from "../memory/dtype.js";
import type { Shape } from "../memory/layout.js";
import type { CommonOptions, Convention } from "./common-options.js";
import type { Step } from "./step.js";

/** The options of a rule, all of them decided. */
export type Resolved<Options> = { readonly [K in keyof Options]-?: Exclude<Options[K], undefined> };

/** A state tensor that a rule keeps for each parameter tensor. */
export interface Slot {
  readonly name: string;
  /** What it holds before the first step; `"parameters"`: what the parameters are then. */
  readonly initial: number | "parameters";
  /**
   * The factor, below 1, by which it shrinks at each step without gradient. Such a slot is flushed: small entries become
   * 0 before they reach the subnormal range, where a step takes up to 60 times as long. See ./flush.ts.
   */
  readonly decay?: number;
  /** Whether it holds squares of gradients, which are small where the gradients are not yet. Default `false`. */
  readonly squared?: boolean;
  /** The shape that it has for a parameter tensor of the given sizes. Default: the same. */
  readonly shape?: (sizes: readonly number[]) => Shape;
}

/** A part of a step between two gradients. */
export interface Stage<Options extends object> {
  /** Whether a gradient is taken first, at the parameters as they are then. Default `true`. */
  readonly gradient?: boolean;
  run(step: Step<Options>): void;
}

/** Persistent numbers beside the slots, by name. Saved with the state. */
export type Memory = Record<string, number>;

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
  slots(options: Resolved<Options>): readonly Slot[];
  /** What it remembers beside the slots, as it is before the first step. Default: nothing. */
  memory?(options: Resolved<Options>): Memory;
  /** The kernel to call: it takes the shared arguments, the slots in order, then the scalars. */
  kernel(options: Resolved<Options>): Family;
  /** The kernel's own scalars for step t = 1, 2, ... */
  scalars(t: number, learningRate: number, options: Resolved<Options>, memory: Memory): readonly number[];
  /** Whether it treats every tensor in a way of its own. Default `false`. */
  readonly layerwise?: boolean;
  /** Measures what the scalars or the tensors' factors depend on. Runs before the kernel. Default: nothing. */
  prepare?(step: Step<Options>): void;
  /** The parts of a step of a rule that needs more than one gradient or kernel, in place of the one kernel call. */
  stages?(options: Resolved<Options>): readonly Stage<Options>[];
}
