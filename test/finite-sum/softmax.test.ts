// Softmax and several outputs, against formulas written out here and against problems of one output.

import { describe, expect, test } from "vitest";
import { type MultiProblem, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";

expectMemoryReturned();

const K = 4;
const D = 5;
const N = 120;
const rows = makeRows("squared", N, D, 17);
/** Classes by the response and a column, so that all four are there. */
const classes = rows.y.map((y, i) => (y > 0 ? 2 : 0) + (rows.x[i]![0]! > 0 ? 1 : 0));

/** F and its gradient, in the weights row by row and then the intercepts. */
function softmaxAt(weights: ArrayLike<number>, intercepts: ArrayLike<number>, l2: number, counts: readonly number[]) {
  const gradient = Array<number>((D + 1) * K).fill(0);
  let total = 0;
  const all = counts.reduce((a, b) => a + b);
  rows.x.forEach((x, i) => {
    const scores = Array.from({ length: K }, (_, k) =>
      x.reduce((sum, value, j) => sum + value * weights[j * K + k]!, intercepts[k]!),
    );
    const norm = Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0));
    total += (counts[i]! / all) * (norm - scores[classes[i]!]!);
    for (let k = 0; k < K; k++) {
      const slope = (counts[i]! / all) * (Math.exp(scores[k]! - norm) - (classes[i] === k ? 1 : 0));
      x.forEach((value, j) => {
        gradient[j * K + k]! += slope * value;
      });
      gradient[D * K + k]! += slope;
    }
  });
  for (let k = 0; k < D * K; k++) {
    gradient[k]! += l2 * weights[k]!;
    total += (l2 / 2) * weights[k]! ** 2;
  }
  return { objective: total, gradientNorm: Math.hypot(...gradient) };
}

const cases = layouts.flatMap((layout) => variants.map((variant) => [layout, variant] as const));

describe.each(cases)("%s, %s", (layout, variant) => {
  const engine = engines[variant];
  /** Dense float32 rows have float32 weights where there is one output. */
  const near = layout === "dense float32" ? 2e-5 : 1e-6;
  const precision = layout.endsWith("float32") ? 1e-7 : 1e-12;

  test.each(["lbfgs", "apg", "sag", "saga", "svrg", "sarah", "katyusha"] as const)(
    "softmax by %s is where its own gradient is 0",
    (method) => {
      for (const counts of [rows.y.map(() => 1), rows.y.map((_, i) => i % 3)]) {
        const problem = {
          ...problemOf({ x: rows.x, y: classes }, layout, "softmax", { l2: 0.02, sampleWeights: counts }),
          loss: "softmax",
        } as const;
        const result = minimizeSync(problem, { method, tolerance: 1e-8, passes: 2000, engine });
        expect(result.converged).toBe(true);
        expect([result.weights.length, result.intercept.length]).toEqual([D * K, K]);
        const { objective, gradientNorm } = softmaxAt(result.weights, result.intercept, 0.02, counts);
        expect(Math.abs(objective - result.objective)).toBeLessThan(precision);
        expect(gradientNorm).toBeLessThan(1e-8 + precision);
        // Without a class of reference the penalty keeps the columns' sums at 0.
        for (let j = 0; j < D; j++) {
          const sum = result.weights.slice(j * K, (j + 1) * K).reduce((a, b) => a + b);
          expect(Math.abs(sum)).toBeLessThan(1e-6);
        }
      }
    },
  );

  test("two classes are the logistic loss, with half the weights each", () => {
    const y = classes.map((c) => (c > 1 ? 1 : 0));
    const options = { tolerance: 1e-9, passes: 2000, engine };
    const two = minimizeSync(
      { ...problemOf({ x: rows.x, y }, layout, "softmax", { l2: 0.04 }), loss: "softmax" } as const,
      options,
    );
    const one = minimizeSync(problemOf({ x: rows.x, y }, layout, "logistic", { l2: 0.02 }), options);
    one.weights.forEach((w, j) => {
      expect(Math.abs(two.weights[2 * j + 1]! - w / 2)).toBeLessThan(near);
      expect(Math.abs(two.weights[2 * j]! + w / 2)).toBeLessThan(near);
    });
  });

  test("several outputs are so many problems of one", () => {
    const labels = rows.y.flatMap((y, i) => [y, rows.x[i]![1]! - y / 2, 1]);
    const options = { method: "lbfgs", tolerance: 1e-9, passes: 2000, engine } as const;
    const base = problemOf(rows, layout, "squared", { l2: 0.05 });
    const problem: MultiProblem = { ...base, labels, rows: N, outputs: 3 };
    const all = minimizeSync(problem, options);
    for (let k = 0; k < 3; k++) {
      const one = minimizeSync({ ...base, labels: rows.y.map((_, i) => labels[3 * i + k]!) }, options);
      expect(Math.abs(all.intercept[k]! - one.intercept)).toBeLessThan(near);
      one.weights.forEach((w, j) => {
        expect(Math.abs(all.weights[3 * j + k]! - w)).toBeLessThan(near);
      });
    }
  });
});

test("a label that is no class, or beyond the outputs, is refused", () => {
  const problem = (y: readonly number[], outputs?: number) => ({
    ...problemOf({ x: rows.x, y }, "dense float64", "softmax"),
    loss: "softmax" as const,
    ...(outputs === undefined ? {} : { outputs }),
  });
  const half = classes.map((c, i) => (i === 3 ? 0.5 : c));
  expect(() => minimizeSync(problem(half))).toThrow(
    "minimizeSync: labels must be integers from 0 on for the softmax loss, got 0.5 in row 3",
  );
  expect(() => minimizeSync(problem(classes, 3))).toThrow("minimizeSync: there are 3 outputs, and a label is 3");
  expect(() => minimizeSync(problem(classes), { method: "finito" })).toThrow(
    "minimizeSync: finito needs a convex loss whose dual is known: not softmax",
  );
  const several: MultiProblem = {
    ...problemOf(rows, "dense float64", "squared"),
    labels: [...rows.y, ...rows.y],
    outputs: 2,
  };
  expect(() => minimizeSync(several, { method: "finito" })).toThrow(
    "minimizeSync: finito takes one output: with 2 take lbfgs",
  );
  expect(() => minimizeSync(problem(classes), { method: "saga", lineSearch: true })).toThrow(
    "minimizeSync: lineSearch is for one output",
  );
  const sparse = {
    ...problemOf({ x: rows.x, y: classes }, "csr float64", "softmax", { l1: 0.01 }),
    loss: "softmax" as const,
  };
  expect(() => minimizeSync(sparse, { method: "saga" })).toThrow(
    "minimizeSync: saga takes an l1 of several outputs on dense rows alone",
  );
});

describe("auto, on 1000 rows of one norm", () => {
  const many = Array.from({ length: 1000 }, (_, i) => [Math.cos(i), Math.sin(i)]);
  const y = many.map(([a, b]) => (a! > 0.3 ? 2 : b! > 0 ? 1 : 0));

  test.each([
    ["csr float64", "saga", "many sparse rows of similar norms, 3 outputs"],
    ["dense float64", "lbfgs", "3 outputs and dense rows: full gradients are faster"],
  ] as const)("%s: %s", (layout, method, reason) => {
    const problem = { ...problemOf({ x: many, y }, layout, "softmax", { l2: 0.01 }), loss: "softmax" } as const;
    const result = minimizeSync(problem, { tolerance: 1e-8 });
    expect([result.method, result.reason, result.converged]).toEqual([method, reason, true]);
  });

  test("csr float64 with rows of very different norms: lbfgs", () => {
    const x = many.map((row, i) => row.map((value) => (i % 10 === 0 ? 10 : 1) * value));
    const problem = { ...problemOf({ x, y }, "csr float64", "softmax", { l2: 0.01 }), loss: "softmax" } as const;
    const { method, reason } = minimizeSync(problem);
    expect([method, reason]).toEqual([
      "lbfgs",
      "3 outputs and rows of very different norms: full gradients are faster",
    ]);
  });
});
