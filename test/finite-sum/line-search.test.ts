// The line search on L, and steps that grow: against the condition as Schmidt, Le Roux, Bach 2013 write it, and the minimum.

import { describe, expect, test } from "vitest";
import { minimizeSync, type Sampler } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { makeRows, problemOf, type Rows } from "./data.js";
import { distance, minimumOf } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;
const methods = ["sag", "saga", "svrg"] as const;
const layouts = ["dense float64", "csr float64"] as const;

describe.each(methods)("%s", (method) => {
  const rows = makeRows("logistic", 400, 6, 9);
  const penalty = { l2: 0.02, intercept: true };
  const minimum = minimumOf("logistic", rows, penalty);

  test.each(variants)("reaches the minimum with a line search, %s", (variant) => {
    for (const layout of layouts) {
      const options = { method, lineSearch: true, tolerance: 1e-9, passes: 2000, engine: engines[variant] } as const;
      const result = minimizeSync(problemOf(rows, layout, "logistic", penalty), options);
      expect(result.converged).toBe(true);
      expect(distance(result, minimum)).toBeLessThan(1e-7);
    }
  });

  test("a few long rows hold it up less than they hold up the bound", () => {
    const stretched: Rows = { x: rows.x.map((x, i) => (i % 100 === 0 ? x.map((value) => 10 * value) : x)), y: rows.y };
    const problem = problemOf(stretched, "csr float64", "logistic", penalty);
    const options = { method, tolerance: 1e-6, passes: 5000, engine } as const;
    const fixed = minimizeSync(problem, { ...options, ...(method === "saga" ? { sampling: "permuted" } : {}) });
    const searched = minimizeSync(problem, { ...options, lineSearch: true });
    expect(searched.converged).toBe(true);
    expect(searched.passes).toBeLessThan(0.8 * fixed.passes);
  });

  test("goes on from a state to the bit", () => {
    const problem = problemOf(rows, "csr float64", "logistic", penalty);
    const options = { method, lineSearch: true, tolerance: 0, engine, seed: 5 } as const;
    const whole = minimizeSync(problem, { ...options, passes: 10 });
    const { state } = minimizeSync(problem, { ...options, passes: 4 });
    const rest = minimizeSync(problem, { ...options, passes: 6, start: structuredClone(state) });
    expect(rest.weights).toEqual(whole.weights);
  });
});

test("the first step has the L that the rows ask for", () => {
  // One row of squared norm 4, squared loss: l(p - 4 g / L) <= l(p) - 4 g^2 / (2 L) holds from L = 4 on. A slice of 1 row halves L
  // first, from 4 to 2; 2 fails, 4 does.
  const features = new Float64Array([2]);
  const order: Sampler = (rows) => rows.fill(0);
  const problem = { features, rows: 1, columns: 1, labels: [3], loss: "squared", l2: 0, intercept: false } as const;
  const { weights } = minimizeSync(problem, {
    method: "sag",
    lineSearch: true,
    passes: 1,
    tolerance: 0,
    order,
    engine,
  });
  // w = 0 - (1 / 4) (0 - 3) 2
  expect(weights[0]).toBeCloseTo(1.5, 14);
});

test("saga's steps grow where passes are slow, and not where a step is given", () => {
  const rows = makeRows("logistic", 1000, 10, 4);
  const slow = { x: rows.x.map((x) => x.map((value, j) => value / (1 + j * j))), y: rows.y };
  const problem = problemOf(slow, "csr float64", "logistic", { l2: 1e-3, intercept: false });
  const longest = slow.x.reduce(
    (most, x) =>
      Math.max(
        most,
        x.reduce((sum, value) => sum + value * value, 0),
      ),
    0,
  );
  const stepSize = 1 / (3 * (longest / 4 + 1e-3));
  const options = { method: "saga", tolerance: 1e-7, passes: 3000, engine } as const;
  const [grown, fixed] = [minimizeSync(problem, options), minimizeSync(problem, { ...options, stepSize })];
  expect([grown.converged, fixed.converged]).toEqual([true, true]);
  expect(grown.passes).toBeLessThan(0.75 * fixed.passes);
  const whole = minimizeSync(problem, { ...options, tolerance: 0, passes: 12 });
  const { state } = minimizeSync(problem, { ...options, tolerance: 0, passes: 5 });
  const rest = minimizeSync(problem, { ...options, tolerance: 0, passes: 7, start: structuredClone(state) });
  expect(rest.weights).toEqual(whole.weights);
});

test("refuses what it can't go with", () => {
  const problem = problemOf(makeRows("logistic", 20, 2, 1), "csr float64", "logistic");
  const solve = (more: object) => () => minimizeSync(problem, { engine, lineSearch: true, ...more });
  expect(solve({ method: "sdca" })).toThrow("lineSearch is for sag, saga and svrg");
  expect(solve({ method: "sag", stepSize: 1 })).toThrow("lineSearch looks for the step, and stepSize fixes it");
  expect(solve({ method: "saga", sampling: "lipschitz" })).toThrow("don't go together");
});
