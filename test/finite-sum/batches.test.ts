// The methods that step from batch to batch, SVRG's choices of a snapshot, and SGD, against the minimum.

import { describe, expect, test } from "vitest";
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

test.each(["average", "random", "loopless"] as const)("svrg with a %s snapshot reaches the minimum", (snapshot) => {
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

describe("batches of svrg and sgd", () => {
  const x = [
    [1, 0],
    [0, 2],
    [1, -1],
    [2, 1],
  ];
  const y = [1, 0, -1, 3];
  const problem = { features: new Float64Array(x.flat()), rows: 4, columns: 2, labels: y } as const;
  const order = [2, 0, 3, 1];
  const soft = (value: number, threshold: number) => Math.sign(value) * Math.max(Math.abs(value) - threshold, 0);
  const mean = (w: readonly number[], of: readonly number[]) =>
    [0, 1].map((j) =>
      of.reduce((sum, i) => sum + ((x[i]![0]! * w[0]! + x[i]![1]! * w[1]! - y[i]!) * x[i]![j]!) / of.length, 0),
    );
  const options = {
    batchSize: 2,
    tolerance: 0,
    stepSize: 0.1,
    engine,
    order: (rows: Int32Array) => rows.set(order),
  } as const;

  test("svrg steps along the batch's gradient less that at the snapshot, and the full one", () => {
    for (const [l2, l1] of [
      [0.5, 0],
      [0, 0.1],
    ] as const) {
      const full = mean([0, 0], [0, 1, 2, 3]);
      let w = [0, 0];
      for (const batch of [order.slice(0, 2), order.slice(2)]) {
        const [own, old] = [mean(w, batch), mean([0, 0], batch)];
        w = w.map((value, j) => soft(value - 0.1 * (own[j]! + l2 * value - old[j]! + full[j]!), 0.1 * l1));
      }
      const result = minimizeSync(
        { ...problem, loss: "squared", l2, l1, intercept: false },
        { ...options, method: "svrg", passes: 4 },
      );
      for (const j of [0, 1]) expect(result.weights[j]).toBeCloseTo(w[j]!, 14);
    }
  });

  test("sgd steps along the batch's gradient, by steps that fall", () => {
    let w = [0, 0];
    [order.slice(0, 2), order.slice(2)].forEach((batch, k) => {
      const t = 0.1 / (1 + 0.1 * 0.5 * k);
      const gradient = mean(w, batch);
      w = w.map((value, j) => value - t * (gradient[j]! + 0.5 * value));
    });
    const result = minimizeSync(
      { ...problem, loss: "squared", l2: 0.5, intercept: false },
      { ...options, method: "sgd", passes: 1 },
    );
    for (const j of [0, 1]) expect(result.weights[j]).toBeCloseTo(w[j]!, 14);
  });

  test.each([2, 30, 400])("svrg reaches the minimum by batches of %d", (batchSize) => {
    for (const snapshot of ["last", "average"] as const) {
      const result = minimizeSync(problemOf(rows, "csr float64", "logistic", penalty), {
        method: "svrg",
        batchSize,
        snapshot,
        tolerance: 1e-8,
        passes: 3000,
        engine,
      });
      expect(result.converged).toBe(true);
      expect(distance(result, minimum)).toBeLessThan(1e-6);
    }
  });

  test("a group lasso by svrg in batches is where lbfgs's like ends", () => {
    const grouped = problemOf(rows, "dense float64", "logistic", {
      l2: 0.02,
      penalty: {
        kind: "groupLasso",
        groups: [
          [0, 1, 2],
          [3, 4, 5],
        ],
        strength: 0.05,
      },
    });
    const far = minimizeSync(grouped, { method: "apg", tolerance: 1e-9, passes: 5000, engine });
    const near = minimizeSync(grouped, { method: "svrg", batchSize: 8, tolerance: 1e-8, passes: 3000, engine });
    expect([far.converged, near.converged]).toEqual([true, true]);
    expect(Math.abs(far.objective - near.objective)).toBeLessThan(1e-12);
  });

  test("refuses what it can't be", () => {
    const solve = (more: object) => () => minimizeSync({ ...problem, loss: "squared" }, { engine, ...more });
    expect(solve({ method: "svrg", batchSize: 5 })).toThrow("batchSize must be at most the 4 rows, got 5");
    expect(solve({ method: "saga", batchSize: 2 })).toThrow("batchSize is for sgd, svrg");
    expect(solve({ method: "sgd", batchSize: 0 })).toThrow("batchSize must be");
  });
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
