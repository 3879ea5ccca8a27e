import { expect } from "vitest";

export const greatest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

/** No element further off than the bound times the scale: the greatest element, or that of what was summed. */
export function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  bound: number,
  scale = greatest(expected),
): void {
  expect(actual.length).toBe(expected.length);
  expect(greatest(expected.map((x, i) => x - actual[i]!))).toBeLessThanOrEqual(bound * scale);
}
