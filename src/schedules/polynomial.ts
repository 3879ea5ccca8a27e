import { checkInteger, checkNumber, nonNegative, positive } from "../check.js";
import { power as raise } from "./power.js";
import type { Schedule } from "./schedule.js";

/**
 * A power of the part of the way that is left:
 *
 * ```math
 * rate(t) = final + (initial - final) (1 - t / steps)^power    for t <= steps
 * rate(t) = final    afterwards
 * ```
 *
 * @param initial the rate at step 0, >= 0
 * @param steps the step, >= 1, at which `final` is reached and kept
 * @param power > 0, default 1: a straight line; 2 falls steeply first, 0.5 last
 * @param final >= 0, default 0
 * @throws TypeError or RangeError for values out of range
 * @example polynomial(0.1, 100, 2)(50) // 0.025
 * @see Chen et al., "DeepLab", 2016, its "poly" policy; PyTorch's PolynomialLR
 */
export function polynomial(initial: number, steps: number, power = 1, final = 0): Schedule {
  checkNumber("polynomial", "initial", initial, nonNegative);
  checkInteger("polynomial", "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("polynomial", "power", power, positive);
  checkNumber("polynomial", "final", final, nonNegative);
  return (step) => final + (initial - final) * raise(1 - Math.min(step, steps) / steps, power);
}

/**
 * A straight line from `initial` to `final`, up or down:
 *
 * ```math
 * rate(t) = initial + (final - initial) t / steps    for t <= steps
 * rate(t) = final    afterwards
 * ```
 *
 * @param initial the rate at step 0, >= 0
 * @param steps the step, >= 1, at which `final` is reached and kept
 * @param final >= 0, default 0
 * @throws TypeError or RangeError for values out of range
 * @example linear(0.1, 100)(75) // 0.025
 * @see PyTorch's LinearLR, which takes factors of a base rate for both ends
 */
export function linear(initial: number, steps: number, final = 0): Schedule {
  checkNumber("linear", "initial", initial, nonNegative);
  checkInteger("linear", "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("linear", "final", final, nonNegative);
  return (step) => linearBetween(initial, final, Math.min(step, steps), steps);
}

/** A straight line from `start`, at position 0, to `end`, at position `length`; exact at both. */
export function linearBetween(start: number, end: number, position: number, length: number): number {
  const fraction = position / length;
  return start * (1 - fraction) + end * fraction;
}
