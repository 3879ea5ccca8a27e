import { given } from "../check.js";
import { constant } from "./constant.js";
import type { Schedule } from "./schedule.js";

/** A schedule as it is, a rate as the schedule that keeps it. */
export function asSchedule(where: string, name: string, value: number | Schedule): Schedule {
  if (typeof value === "number") return constant(value);
  if (typeof value === "function") return value;
  throw new TypeError(`${where}: ${name} must be a rate or a schedule, got ${given(value)}`);
}
