// The methods that step from batch to batch, SVRG's choices of a snapshot, and SGD, against the minimum.

import { expect, test } from "vitest";
import { iterate, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { makeRows, problemOf } from "./data.js";
import { distance, minimumOf } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;
const rows = makeRows("logistic", 400, 6, 9);
const penalty = { l2: 0.05, intercept: true };
const minimum = minimumOf("logistic", rows, penalty);
const layouts = ["dense float64", "csr float64"] as const;

test.each(["sarah", "spider", "katyusha"] as const)("%s reaches the minimum", (method) => {
  for (const layout of layouts) {
    const result = minimizeSync(problemOf(rows, layout, "logistic", penalty), {
      method,
      tolerance: 1e-7,
      passes: 2000,
      engine,
    });
    expect(result.converged).toBe(true);
    expect(distance(result, minimum)).toBeLessThan(1e-5);
  }
});

test.each(["random", "loopless"] as const)("svrg with a %s snapshot reaches the minimum", (snapshot) => {
  for (const layout of layouts) {
    const options = { method: "svrg", snapshot, tolerance: 1e-9, passes: 2000, engine } as const;
    const result = minimizeSync(problemOf(rows, layout, "logistic", penalty), options);
    expect(result.converged).toBe(true);
    expect(distance(result, minimum)).toBeLessThan(1e-7);
  }
});

test.each(["storm", "sgd"] as const)("%s comes near, and does not claim more than it has", (method) => {
  for (const layout of layouts) {
    const problem = problemOf(rows, layout, "logistic", penalty);
    const result = minimizeSync(problem, { method, tolerance: 1e-9, passes: 200, engine });
    expect(result.converged).toBe(false);
    expect(distance(result, minimum)).toBeLessThan(0.02);
    expect(result.dualityGap).toBeGreaterThan(0);
  }
});

test("an iterator of states ends with the result, and can be left", () => {
  const problem = problemOf(rows, "csr float64", "logistic", penalty);
  const options = { method: "saga", tolerance: 1e-8, engine } as const;
  const run = iterate(problem, options);
  let passes = 0;
  let step = run.next();
  for (; !step.done; step = run.next()) expect(step.value.passes).toBe(++passes);
  const { seconds: _, ...result } = step.value;
  const { seconds: __, ...direct } = minimizeSync(problem, options);
  expect(result).toEqual(direct);
  for (const { objective } of iterate(problem, options)) if (objective < 1) break;
});
