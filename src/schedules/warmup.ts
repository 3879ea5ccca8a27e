import { checkInteger } from "../check.js";
import { asSchedule } from "./as-schedule.js";
import type { Schedule } from "./schedule.js";

/**
 * A linear rise in front of another schedule, which then starts from its own step 0:
 *
 * ```math
 * rate(t) = next(0) (t + 1) / (steps + 1)    for t < steps
 * rate(t) = next(t - steps)                  afterwards
 * ```
 *
 * @param steps how long the rise takes, >= 0
 * @param next what follows: a schedule, or a rate to keep
 * @throws TypeError or RangeError for values out of range
 * @example warmup(3, 0.4)(0) // 0.1, then 0.2, 0.3, 0.4, 0.4, ...
 * @see Goyal et al., "Accurate, Large Minibatch SGD", 2017
 */
export function warmup(steps: number, next: number | Schedule): Schedule {
  checkInteger("warmup", "steps", steps, 0, Number.MAX_SAFE_INTEGER);
  const after = asSchedule("warmup", "next", next);
  return (step) => (step < steps ? (after(0) * (step + 1)) / (steps + 1) : after(step - steps));
}
