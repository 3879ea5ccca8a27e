import { checkInteger, checkNumber, nonNegative } from "../check.js";
import type { Schedule } from "./schedule.js";

/**
 * Half a cosine from `initial` down to `final`:
 *
 * ```math
 * rate(t) = final + (initial - final) (1 + cos(pi t / steps)) / 2    for t <= steps
 * rate(t) = final    afterwards
 * ```
 *
 * @param initial the rate at step 0, >= 0
 * @param steps the step, >= 1, at which `final` is reached and kept
 * @param final default 0
 * @throws TypeError or RangeError for values out of range
 * @example cosine(0.1, 100)(50) // 0.05
 * @see Loshchilov, Hutter, "SGDR", 2017, without restarts; those are `cosineRestarts`
 */
export function cosine(initial: number, steps: number, final = 0): Schedule {
  checkNumber("cosine", "initial", initial, nonNegative);
  checkInteger("cosine", "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("cosine", "final", final, nonNegative);
  return (step) => cosineBetween(initial, final, Math.min(step, steps), steps);
}

/** Half a cosine from `start`, at position 0, to `end`, at position `length`. */
export function cosineBetween(start: number, end: number, position: number, length: number): number {
  return end + ((start - end) * (1 + Math.cos((Math.PI * position) / length))) / 2;
}
