import { checkArray, checkIncreasing } from "../check.js";
import { asSchedule } from "./as-schedule.js";
import type { Schedule } from "./schedule.js";
import { passed } from "./staircase.js";

/**
 * One schedule after another, each from its own step 0:
 *
 * ```math
 * rate(t) = schedule_i(t - start_i)    for start_i <= t < start_(i+1)
 * start = [0, boundaries]
 * ```
 *
 * @param schedules schedules, or rates to keep: one more than there are boundaries
 * @param boundaries the steps at which the next one begins: increasing integers >= 0
 * @throws TypeError or RangeError for values out of range
 * @example join([0.4, cosine(0.2, 100)], [10])(60) // 0.1
 * @see optax's join_schedules, PyTorch's SequentialLR
 */
export function join(schedules: readonly (number | Schedule)[], boundaries: readonly number[]): Schedule {
  checkArray("join", "boundaries", boundaries);
  checkIncreasing("join", "boundaries", boundaries, 0);
  checkArray("join", "schedules", schedules, boundaries.length + 1, "one more than boundaries");
  const parts = schedules.map((schedule, i) => asSchedule("join", `schedules[${i}]`, schedule));
  const starts = [0, ...boundaries];
  return (step) => {
    const i = passed(starts, step) - 1;
    return parts[i]!(step - starts[i]!);
  };
}
