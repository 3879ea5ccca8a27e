// Rates that stay for a while and then jump.

import { atLeastOne, checkArray, checkIncreasing, checkInteger, checkNumber, nonNegative } from "../check.js";
import { power } from "./power.js";
import type { Schedule } from "./schedule.js";

/**
 * A division every so many steps:
 *
 * ```math
 * rate(t) = initial / divisor^floor(t / every)
 * ```
 *
 * @param initial the rate at step 0, >= 0
 * @param every the length of a stair in steps, >= 1
 * @param divisor >= 1, default 10
 * @throws TypeError or RangeError for values out of range
 * @example staircase(0.1, 30, 2)(60) // 0.025
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016; PyTorch's StepLR, whose gamma is 1 / divisor
 */
export function staircase(initial: number, every: number, divisor = 10): Schedule {
  checkNumber("staircase", "initial", initial, nonNegative);
  checkInteger("staircase", "every", every, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("staircase", "divisor", divisor, atLeastOne);
  return (step) => initial / power(divisor, Math.floor(step / every));
}

/**
 * A division at each of the given steps:
 *
 * ```math
 * rate(t) = initial / divisor^k    with k of the steps <= t
 * ```
 *
 * @param initial the rate before the first of them, >= 0
 * @param steps increasing integers >= 0, any number of them
 * @param divisor >= 1, default 10
 * @throws TypeError or RangeError for values out of range
 * @example milestones(0.1, [30, 80], 2)(80) // 0.025
 * @see PyTorch's MultiStepLR, whose gamma is 1 / divisor
 */
export function milestones(initial: number, steps: readonly number[], divisor = 10): Schedule {
  checkNumber("milestones", "initial", initial, nonNegative);
  checkArray("milestones", "steps", steps);
  checkIncreasing("milestones", "steps", steps, 0);
  checkNumber("milestones", "divisor", divisor, atLeastOne);
  const at = [...steps];
  return (step) => initial / power(divisor, passed(at, step));
}

/**
 * Given rates between given steps:
 *
 * ```math
 * rate(t) = rates_k    with k of the boundaries <= t
 * ```
 *
 * @param rates each >= 0, one more than there are boundaries
 * @param boundaries the steps at which the next rate begins: increasing integers >= 0
 * @throws TypeError or RangeError for values out of range
 * @example piecewise([0.1, 0.3, 0.05], [10, 20])(10) // 0.3
 */
export function piecewise(rates: readonly number[], boundaries: readonly number[]): Schedule {
  checkArray("piecewise", "boundaries", boundaries);
  checkIncreasing("piecewise", "boundaries", boundaries, 0);
  checkArray("piecewise", "rates", rates, boundaries.length + 1, "one more than boundaries");
  for (const [i, rate] of rates.entries()) checkNumber("piecewise", `rates[${i}]`, rate, nonNegative);
  const values = [...rates];
  const at = [...boundaries];
  return (step) => values[passed(at, step)]!;
}

/** How many of the boundaries, which increase, are at or before the step. */
export function passed(boundaries: readonly number[], step: number): number {
  const next = boundaries.findIndex((boundary) => boundary > step);
  return next < 0 ? boundaries.length : next;
}
