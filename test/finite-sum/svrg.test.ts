// SVRG against the algorithm of Johnson and Zhang (2013), figure 1, written out here for dense rows in double precision.

import { expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const x = [
  [1, 0, 1],
  [0, 2, 0],
  [1, -1, 0],
];
const start = [1, -2, 3];
const labels = [1, 0, -1];
const rate = 0.05;
const order = [
  [0, 1, 2],
  [2, 0, 1],
  [0, 0, 2],
];

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, j) => sum + value * b[j]!, 0);

/** Squared loss, no penalty, from `start`. */
function textbook(passes: readonly (readonly number[])[]): number[] {
  const slope = (w: readonly number[], i: number) => product(x[i]!, w) - labels[i]!;
  let w = [...start];
  for (const pass of passes) {
    const snapshot = w;
    const mean = [0, 1, 2].map((j) => x.reduce((sum, row, i) => sum + (slope(snapshot, i) * row[j]!) / 3, 0));
    for (const i of pass) {
      const change = slope(w, i) - slope(snapshot, i);
      w = w.map((value, j) => value - rate * (change * x[i]![j]! + mean[j]!));
    }
  }
  return w;
}

test("the textbook's first pass, by hand", () => {
  // Slopes at (1, -2, 3): 3, -4, 4, so the mean gradient is (3 + 4, -8 - 4, 3) / 3. The first step has no change.
  const first = [1 - 0.05 * (7 / 3), -2 + 0.05 * 4, 3 - 0.05];
  const one = textbook([[0]]);
  one.forEach((value, j) => {
    expect(value).toBeCloseTo(first[j]!, 15);
  });
});

test.each(variants)("three passes of given rows, %s", (variant) => {
  // The solver starts at 0, so the start moves into the labels: x.(u + start) - y = x.u - (y - x.start).
  const moved = labels.map((y, i) => y - product(x[i]!, start));
  const features = new Float64Array(x.flat());
  const result = minimizeSync(
    { features, rows: 3, columns: 3, labels: moved, loss: "squared", l2: 0, intercept: false },
    {
      method: "svrg",
      passes: 6,
      tolerance: 0,
      stepSize: rate,
      order: (rows, pass) => rows.set(order[pass]!),
      engine: engines[variant],
    },
  );
  const expected = textbook(order);
  result.weights.forEach((u, j) => {
    expect(Math.abs(u + start[j]! - expected[j]!)).toBeLessThan(1e-14);
  });
  expect(result.passes).toBe(6);
});
