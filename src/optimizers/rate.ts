import { checkNumber, given, nonNegative } from "../check.js";
import type { Schedule } from "../schedules/index.js";

/** A number >= 0, or a schedule. */
export function checkRate(where: string, name: string, rate: unknown): number | Schedule {
  if (typeof rate === "function") return rate as Schedule;
  if (typeof rate !== "number")
    throw new TypeError(`${where}: ${name} must be a number or a schedule, got ${given(rate)}`);
  return checkNumber(where, name, rate, nonNegative);
}

/** What a rate is at a step, counted from 0. */
export function rateAt(where: string, name: string, rate: number | Schedule, step: number): number {
  if (typeof rate === "number") return rate;
  const value: unknown = rate(step);
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  return checkNumber(where, `${name}, by its schedule at step ${step},`, value, nonNegative);
}
