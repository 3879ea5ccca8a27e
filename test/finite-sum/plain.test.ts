// The oracle of the other tests in this folder, checked against differences of its own objective.

import { describe, expect, test } from "vitest";
import { makeRows } from "./data.js";
import { evaluate, minimumOf } from "./plain.js";

describe.each(["logistic", "squared"] as const)("%s", (loss) => {
  const rows = makeRows(loss, 15, 3, 2);
  const penalty = { l2: 0.1, intercept: true };

  test("the gradient is that of the objective", () => {
    const point = [0.3, -1, 2, 0.5];
    const objectiveAt = ([a, b, c, intercept]: number[]) =>
      evaluate(loss, rows, penalty, { weights: [a!, b!, c!], intercept: intercept! }).objective;
    const slopes = point.map((_, j) => {
      const shifted = (by: number) => objectiveAt(point.map((value, k) => (j === k ? value + by : value)));
      return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
    });
    const { gradientNorm } = evaluate(loss, rows, penalty, { weights: point.slice(0, 3), intercept: 0.5 });
    expect(Math.hypot(...slopes)).toBeCloseTo(gradientNorm, 8);
  });

  test.each([true, false])("nothing around the minimum is lower, intercept %s", (intercept) => {
    const minimum = minimumOf(loss, rows, { l2: 0.1, intercept });
    const least = evaluate(loss, rows, { l2: 0.1, intercept }, minimum);
    expect(least.gradientNorm).toBeLessThan(1e-12);
    for (let j = 0; j < 3; j++) {
      for (const by of [-1e-3, 1e-3]) {
        const weights = Array.from(minimum.weights, (w, k) => (j === k ? w + by : w));
        expect(evaluate(loss, rows, { l2: 0.1, intercept }, { ...minimum, weights }).objective).toBeGreaterThan(
          least.objective,
        );
      }
    }
  });
});

test("the objective of given numbers, by hand", () => {
  const rows = { x: [[2], [0]], y: [1, -1] };
  const penalty = { l2: 0.5, intercept: true };
  // Predictions 3 and 1: losses 4 / 2 and 4 / 2, penalty 0.25.
  expect(evaluate("squared", rows, penalty, { weights: [1], intercept: 1 }).objective).toBe(2.25);
  // At 0 every logistic loss is ln 2.
  expect(evaluate("logistic", rows, penalty, { weights: [0], intercept: 0 }).objective).toBeCloseTo(Math.LN2, 15);
});
