import { checkNumber, nonNegative } from "../check.js";
import type { Schedule } from "./schedule.js";

/**
 * The same rate at every step.
 *
 * @param rate >= 0
 * @throws TypeError or RangeError for a rate that is not such a number
 * @example constant(0.1)(1000) // 0.1
 */
export function constant(rate: number): Schedule {
  checkNumber("constant", "rate", rate, nonNegative);
  return () => rate;
}
