// Newton's method where its Hessian is that of a part of the rows: against a plain Newton's method in whole matrices.

import { describe, expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";
import { distance, minimumOf } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;

/** Of so many rows a fifth is taken at first. */
const ROWS = 12_000;

describe.each(layouts)("%s", (layout) => {
  // Weights are rounded to the element type on dense rows.
  const bound = layout === "dense float32" ? 1e-4 : 1e-6;
  const tolerance = layout === "dense float32" ? 1e-5 : 1e-9;

  test.each(["logistic", "squared"] as const)("%s: ends at the minimum", (loss) => {
    const rows = makeRows(loss, ROWS, 8, 3);
    for (const intercept of [true, false]) {
      const penalty = { l2: 1e-3, intercept };
      const problem = problemOf(rows, layout, loss, penalty);
      const result = minimizeSync(problem, { method: "newton", tolerance, engine });
      expect(result.converged).toBe(true);
      expect(distance(result, minimumOf(loss, rows, penalty))).toBeLessThan(bound);
    }
  });
});

test("columns in any units, a column of zeros and rows that come class by class", () => {
  const rows = makeRows("logistic", ROWS, 5, 8);
  const sorted = [...rows.y.keys()].sort((a, b) => rows.y[a]! - rows.y[b]!);
  const y = sorted.map((i) => rows.y[i]!);
  const units = [1, 1e4, 1e-3, 100, 1, 0];
  const x = sorted.map((i) => [...rows.x[i]!, 1].map((value, j) => value * units[j]!));
  // The penalty in the same units, so that the solution is the one of the plain columns.
  const penaltyWeights = units.map((unit) => unit ** 2);
  const problem = problemOf({ x, y }, "dense float64", "logistic", { l2: 1e-3, penaltyWeights });
  const { weights, intercept, converged } = minimizeSync(problem, { method: "newton", tolerance: 1e-6, engine });
  expect(converged).toBe(true);
  expect(weights[5]).toBe(0);
  const plain = Array.from(weights, (w, j) => w * units[j]!).slice(0, 5);
  expect(
    distance({ weights: plain, intercept }, minimumOf("logistic", rows, { l2: 1e-3, intercept: true })),
  ).toBeLessThan(1e-5);
});

test("no more passes than are allowed, products with the Hessian counted", () => {
  const problem = problemOf(makeRows("logistic", ROWS, 8, 3), "csr float64", "logistic", { l2: 1e-4 });
  for (const passes of [1, 2, 5, 9]) {
    const result = minimizeSync(problem, { method: "newton", tolerance: 0, passes, engine });
    expect(result.passes).toBeGreaterThanOrEqual(passes);
    expect(result.passes).toBeLessThanOrEqual(passes + 1);
    expect(result.converged).toBe(false);
  }
});

test("auto takes it for logistic problems of many rows a column, dense or of many norms, and says so", () => {
  const auto = (rows: number, layout: "dense float64" | "csr float64" = "dense float64", longest = 1) => {
    const { x, y } = makeRows("logistic", rows, 60, 3);
    const first = x[0]!.map((value) => value * longest);
    return minimizeSync(problemOf({ x: [first, ...x.slice(1)], y }, layout, "logistic"), { engine });
  };
  expect(auto(1300)).toMatchObject({
    method: "newton",
    reason: "1300 rows of 60 columns: a part of them tells the curvature",
    converged: true,
  });
  expect(auto(1100).method).toBe("saga");
  expect(auto(1300, "csr float64").method).toBe("saga");
  expect(auto(1300, "csr float64", 10).method).toBe("newton");
});

test("several outputs are refused", () => {
  const problem = { features: new Float64Array([1, 2, 3]), labels: [0, 1, 2], loss: "softmax" } as const;
  expect(() => minimizeSync(problem, { method: "newton", engine })).toThrow(
    new RangeError("minimizeSync: newton takes one output: lbfgs takes 3"),
  );
});
