// How many passes there may be where nothing is said.

import { expect, test } from "vitest";
import { csr, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;

/** All passes there are, of a method that never says it has converged to 0. */
const passesOf = (problem: Problem) => minimizeSync(problem, { method: "sgd", tolerance: 0, engine }).passes;

function dense(rows: number, columns: number): Problem {
  const features = Float64Array.from({ length: rows * columns }, (_, k) => Math.sin(k));
  return { features, labels: Array.from({ length: rows }, (_, i) => i % 2), loss: "logistic" };
}

test("few rows get many passes, many rows at least 100", () => {
  expect(passesOf(dense(10, 2))).toBe(10_000);
  // 1e8 / (20,000 (15 + 10)).
  expect(passesOf(dense(20_000, 15))).toBe(200);
  expect(passesOf(dense(20_000, 64))).toBe(100);
});

test("what counts of sparse rows is what they store", () => {
  const stored = 40_000;
  const features = csr({
    values: new Float64Array(stored).fill(1),
    indices: Array.from({ length: stored }, (_, k) => (k * 7) % 10_000),
    offsets: Array.from({ length: stored / 2 + 1 }, (_, i) => 2 * i),
    columns: 10_000,
  });
  const labels = Array.from({ length: stored / 2 }, (_, i) => i % 2);
  expect(passesOf({ features, labels, loss: "logistic" })).toBe(416);
});

// 100 passes are not enough for steps along rows, and take a millisecond.
test.each(["saga", "svrg", "apg", "auto"] as const)(
  "a small problem in raw units converges as it is given, %s",
  (method) => {
    const x = Array.from({ length: 12 }, (_, i) => [1 + (i % 4), 5 + i, 0.1 * ((i * 5) % 7)]);
    const problem = { features: x, labels: x.map(([a, b]) => 3 * a! - 0.1 * b!), loss: "squared" } as const;
    const short = minimizeSync(problem, { method, engine, passes: 100 });
    const result = minimizeSync(problem, { method, engine });
    expect(result.converged).toBe(true);
    expect(short.converged).toBe(method === "apg" || method === "auto");
  },
);
