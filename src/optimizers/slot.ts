import type { Shape } from "../memory/layout.js";

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
  /** Whether it holds nothing from one step to the next, and so is no part of the state. Default `false`. */
  readonly temporary?: boolean;
  /** The shape that it has for a parameter tensor of the given sizes. Default: the same. */
  readonly shape?: (sizes: readonly number[]) => Shape;
}
