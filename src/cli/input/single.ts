import type { Expectation } from "./data-set.js";

/** Whether a number is finite, and infinite in the precision that was asked for. */
export function isTooLarge(value: number, dtype: Expectation["dtype"]): boolean {
  return dtype === "float32" && Number.isFinite(value) && !Number.isFinite(Math.fround(value));
}

export function tooLarge(value: number): string {
  return `${value} is too large for --float32`;
}
