import { checkInteger, checkNumber, given, nonNegative } from "../check.js";

/** A learning rate of the step. Steps count from 0: the first update takes `schedule(0)`. */
export type Schedule = (step: number) => number;

/**
 * The same rate at every step.
 * @example constant(0.1)(1000) // 0.1
 */
export function constant(rate: number): Schedule {
  checkNumber("constant", "rate", rate, nonNegative);
  return () => rate;
}

/**
 * Half a cosine from `initial` down to `final`:
 *
 *     rate(t) = final + (initial - final) (1 + cos(pi t / steps)) / 2,  t = min(step, steps)
 *
 * @param initial the rate at step 0, >= 0
 * @param steps the step, >= 1, at which `final` is reached and kept
 * @param final default 0
 * @throws RangeError for values out of range
 * @example cosine(0.1, 100)(50) // 0.05
 * @see Loshchilov, Hutter, "SGDR", 2017, without restarts
 */
export function cosine(initial: number, steps: number, final = 0): Schedule {
  checkNumber("cosine", "initial", initial, nonNegative);
  checkInteger("cosine", "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("cosine", "final", final, nonNegative);
  return (step) => final + ((initial - final) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2;
}

/**
 * A linear rise in front of another schedule, which then starts from its own step 0:
 *
 *     rate(t) = next(0) (t + 1) / (steps + 1) for t < steps,  next(t - steps) after
 *
 * @param steps how long the rise takes, >= 0
 * @param next what follows: a schedule, or a rate to keep
 * @throws TypeError or RangeError for values out of range
 * @example warmup(3, 0.4)(0) // 0.1, then 0.2, 0.3, 0.4, 0.4, ...
 */
export function warmup(steps: number, next: number | Schedule): Schedule {
  checkInteger("warmup", "steps", steps, 0, Number.MAX_SAFE_INTEGER);
  if (typeof next !== "number" && typeof next !== "function") {
    throw new TypeError(`warmup: next must be a rate or a schedule, got ${given(next)}`);
  }
  const after = typeof next === "number" ? constant(next) : next;
  return (step) => (step < steps ? (after(0) * (step + 1)) / (steps + 1) : after(step - steps));
}
