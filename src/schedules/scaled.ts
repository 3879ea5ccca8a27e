import { checkInteger, checkNumber, nonNegative } from "../check.js";
import { asSchedule } from "./as-schedule.js";
import type { Schedule } from "./schedule.js";

/**
 * Another schedule times a factor:
 *
 * ```math
 * rate(t) = factor schedule(t)
 * ```
 *
 * @param schedule a schedule, or a rate to keep
 * @param factor >= 0
 * @throws TypeError or RangeError for values out of range
 * @example scaled(cosine(0.1, 100), 2)(50) // 0.1
 */
export function scaled(schedule: number | Schedule, factor: number): Schedule {
  const inner = asSchedule("scaled", "schedule", schedule);
  checkNumber("scaled", "factor", factor, nonNegative);
  return (step) => factor * inner(step);
}

/**
 * A rate found for one batch size, taken over to another. At a fixed number of epochs a batch B times as large leaves one
 * step out of B, and the rate grows by B:
 *
 * ```math
 * rate(t) = base(t) batch / baseBatch
 * ```
 *
 * It holds while gradients are small; at the start of training put a `warmup` in front.
 *
 * @param rate base, the rate or the schedule that suits `baseBatch`
 * @param batch the batch size in use, >= 1
 * @param baseBatch the batch size that the rate was found for, >= 1
 * @throws TypeError or RangeError for values out of range
 * @example linearScaling(0.1, 1024, 256)(0) // 0.4
 * @see Goyal et al., "Accurate, Large Minibatch SGD", 2017
 */
export function linearScaling(rate: number | Schedule, batch: number, baseBatch: number): Schedule {
  const base = asSchedule("linearScaling", "rate", rate);
  checkInteger("linearScaling", "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("linearScaling", "baseBatch", baseBatch, 1, Number.MAX_SAFE_INTEGER);
  return (step) => (base(step) * batch) / baseBatch;
}
