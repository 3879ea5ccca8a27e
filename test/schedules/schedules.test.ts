// Values by hand, from the formulas in the docstrings.

import { describe, expect, test } from "vitest";
import { type Schedule, schedules } from "../../src/index.js";

const { constant, cosine, warmup } = schedules;
const first = (schedule: Schedule, count: number) => Array.from({ length: count }, (_, step) => schedule(step));

describe("constant", () => {
  test("is the same at every step", () => {
    expect([0, 1, 1000, 1e9].map(constant(0.1))).toEqual([0.1, 0.1, 0.1, 0.1]);
  });

  test("may be 0", () => {
    expect(constant(0)(5)).toBe(0);
  });
});

describe("cosine", () => {
  test("runs along half a cosine", () => {
    const rate = cosine(1, 6);
    // (1 + cos(t pi / 6)) / 2
    const halves = [1, (1 + Math.sqrt(3) / 2) / 2, 0.75, 0.5, 0.25, (1 - Math.sqrt(3) / 2) / 2, 0];
    halves.forEach((expected, step) => {
      expect(rate(step)).toBeCloseTo(expected, 15);
    });
  });

  test("stays at the end", () => {
    const rate = cosine(0.4, 10, 0.1);
    expect([10, 11, 1e9].map(rate)).toEqual([0.1, 0.1, 0.1]);
    expect(rate(0)).toBe(0.4);
    expect(rate(5)).toBeCloseTo(0.25, 15);
  });

  test("may rise", () => {
    const rate = cosine(0, 4, 1);
    expect(rate(0)).toBe(0);
    expect(rate(2)).toBeCloseTo(0.5, 15);
    expect(rate(4)).toBe(1);
  });

  test("takes one step", () => {
    expect(first(cosine(3, 1, 2), 3)).toEqual([3, 2, 2]);
  });
});

describe("warmup", () => {
  test("rises in equal parts to a rate that it keeps", () => {
    expect(first(warmup(3, 0.5), 6)).toEqual([0.125, 0.25, 0.375, 0.5, 0.5, 0.5]);
  });

  test("hands over to a schedule at the latter's own step 0", () => {
    const halving: Schedule = (step) => 2 ** -step;
    expect(first(warmup(3, halving), 6)).toEqual([0.25, 0.5, 0.75, 1, 0.5, 0.25]);
  });

  test("of no steps is what follows", () => {
    expect(
      first(
        warmup(0, (step) => step + 1),
        3,
      ),
    ).toEqual([1, 2, 3]);
  });

  test("may be stacked", () => {
    expect(first(warmup(1, warmup(1, 1)), 4)).toEqual([0.25, 0.5, 1, 1]);
  });
});

describe("what is refused", () => {
  const cases: [make: () => unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [() => constant(-1), RangeError, "constant: rate must be in [0, Infinity), got -1"],
    [() => constant(Number.NaN), RangeError, "constant: rate must be in [0, Infinity), got NaN"],
    [() => constant("1" as never), TypeError, 'constant: rate must be a number, got "1"'],
    [() => cosine(-1, 10), RangeError, "cosine: initial must be in [0, Infinity), got -1"],
    [() => cosine(1, 0), RangeError, "cosine: steps must be an integer in [1, 9007199254740991], got 0"],
    [() => cosine(1, 2.5), RangeError, "cosine: steps must be an integer in [1, 9007199254740991], got 2.5"],
    [() => cosine(1, undefined as never), TypeError, "cosine: steps must be an integer, got undefined"],
    [() => cosine(1, 10, -0.1), RangeError, "cosine: final must be in [0, Infinity), got -0.1"],
    [() => warmup(-1, 1), RangeError, "warmup: steps must be an integer in [0, 9007199254740991], got -1"],
    [() => warmup(3, undefined as never), TypeError, "warmup: next must be a rate or a schedule, got undefined"],
    [() => warmup(3, -1), RangeError, "constant: rate must be in [0, Infinity), got -1"],
  ];

  test.each(cases)("%s", (make, error, message) => {
    expect(make).toThrow(new error(message));
  });
});
