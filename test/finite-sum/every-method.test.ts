// What must hold of every method there is: changes to a problem whose effect on the whole path is known, and data at the edge.

import { describe, expect, test } from "vitest";
import {
  type MinimizeOptions,
  type MinimizeResult,
  minimizeSync,
  type Problem,
  type SolverName,
} from "../../src/finite-sum/index.js";
import { infoOf, METHOD_NAMES } from "../../src/finite-sum/methods/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";
import { makeRows, problemOf, type Rows } from "./data.js";
import { distance, evaluate, minimumOf } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;
const layouts = ["dense float64", "csr float64"] as const;
const methods = METHOD_NAMES.filter((name): name is SolverName => name !== "auto");
const losses = ["logistic", "squared"] as const;

/** Those that end at the minimum; the others come near it. */
const exact = (method: SolverName) => method !== "sgd" && method !== "storm";
/** A search along a line turns rounding into other steps. */
const searches = (method: SolverName) => method === "lbfgs" || method === "newton";
const drawn = (method: SolverName) => infoOf(method).kind !== "batch";

const some = (problem: Problem, options: MinimizeOptions): MinimizeResult =>
  minimizeSync(problem, { tolerance: 0, passes: 12, engine, ...options });

function solved(problem: Problem, method: SolverName, tolerance = 1e-8): MinimizeResult {
  const result = minimizeSync(problem, { method, tolerance, passes: 20_000, engine });
  expect(result.converged).toBe(true);
  return result;
}

describe.each(methods.flatMap((method) => losses.map((loss) => ({ method, loss }))))(
  "$method, $loss",
  ({ method, loss }) => {
    const n = 48;
    const rows = makeRows(loss, n, 6, 12);
    const penalty = { l2: 0.05, intercept: true };

    test("rows may stand in any order, if the draws follow them", () => {
      const place = (row: number) => (7 * row + 3) % n;
      const origin = [...Array(n).keys()].sort((a, b) => place(a) - place(b));
      const moved: Rows = { x: origin.map((i) => rows.x[i]!), y: origin.map((i) => rows.y[i]!) };
      const draws = (rename: (row: number) => number) => {
        if (!drawn(method)) return {};
        const uniform = uniformNumbers(5);
        return {
          order: (order: Int32Array) => order.set(order.map(() => rename(Math.floor(uniform() * n)))),
        };
      };
      for (const layout of layouts) {
        const here = some(problemOf(rows, layout, loss, penalty), { method, ...draws((row) => row) });
        const there = some(problemOf(moved, layout, loss, penalty), { method, ...draws(place) });
        expect(distance(here, there)).toBeLessThan(searches(method) ? 1e-7 : 1e-12);
      }
    });

    test("dense and sparse rows take the same path to rounding, with l1 where it is taken", () => {
      const options = { method, seed: 4 };
      for (const l1 of infoOf(method).reach === "square" ? [0] : [0, 0.02]) {
        const own = { ...penalty, l1 };
        const dense = some(problemOf(rows, "dense float64", loss, own), options);
        const sparse = some(problemOf(rows, "csr float64", loss, own), options);
        expect(distance(dense, sparse)).toBeLessThan(searches(method) ? 1e-7 : 1e-12);
        if (l1 > 0) expect(dense.weights.map((w) => +(w === 0))).toEqual(sparse.weights.map((w) => +(w === 0)));
      }
    });

    test("rows twice as long under four times the penalty halve the weights, on the whole path", () => {
      // Those that look for their step begin at one that does not follow the rows, and are compared at the end.
      const end = infoOf(method).kind === "batch";
      const run = (problem: Problem) => (end ? solved(problem, method) : some(problem, { method }));
      for (const layout of layouts) {
        const long = { x: rows.x.map((row) => row.map((value) => 2 * value)), y: rows.y };
        const half = run(problemOf(rows, layout, loss, { l2: 0.05, intercept: false }));
        const full = run(problemOf(long, layout, loss, { l2: 0.2, intercept: false }));
        expect(distance({ ...full, weights: full.weights.map((w) => 2 * w) }, half)).toBeLessThan(end ? 1e-6 : 1e-12);
        expect(full.objective).toBeCloseTo(half.objective, end ? 10 : 12);
      }
    });

    test("the minimum, with weights of 0, rows of zeros and columns of zeros", () => {
      const dull = {
        x: [...rows.x, ...Array(4).fill([0, 0, 0, 0, 0, 0])].map((x) => [...x, 0]),
        y: [...rows.y, 1, -1, 1, -1],
      };
      const sampleWeights = dull.y.map((_, i) => (i % 5 === 0 ? 0 : 1));
      const kept = { x: dull.x.filter((_, i) => i % 5 !== 0), y: dull.y.filter((_, i) => i % 5 !== 0) };
      const ones = { l2: 0.3, intercept: true };
      for (const layout of layouts) {
        const problem = problemOf(dull, layout, loss, { ...ones, sampleWeights });
        const result = exact(method) ? solved(problem, method, 1e-7) : some(problem, { method, passes: 500 });
        // Newton's method would stumble over a column of zeros without a penalty.
        expect(distance(result, minimumOf(loss, kept, ones))).toBeLessThan(exact(method) ? 1e-5 : 0.05);
        expect(result.weights[6]).toBe(0);
        const again = evaluate(loss, kept, ones, result);
        expect(Math.abs(again.objective - result.objective)).toBeLessThan(1e-12);
      }
    });
  },
);

describe.each(methods.filter(exact))("%s", (method) => {
  test("one row, one column, more columns than rows, copies of rows", () => {
    const shapes: Rows[] = [
      { x: [[2]], y: [3] },
      { x: [[1, -2, 0.5]], y: [1] },
      { x: [[1], [2], [-1], [0.5]], y: [1, 2, 0, 1] },
      makeRows("squared", 5, 12, 3),
      { x: Array(6).fill([1, 2]), y: Array(6).fill(2) },
    ];
    const penalty = { l2: 0.4, intercept: true };
    for (const rows of shapes) {
      for (const layout of layouts) {
        const result = solved(problemOf(rows, layout, "squared", penalty), method, 1e-7);
        expect(distance(result, minimumOf("squared", rows, penalty))).toBeLessThan(1e-5);
      }
    }
  });

  test("a single class", () => {
    const rows = { x: [[1], [2], [-0.5]], y: [1, 1, 1] };
    for (const layout of layouts) {
      const result = solved(problemOf(rows, layout, "logistic", { l2: 0.1, intercept: false }), method, 1e-8);
      expect(distance(result, minimumOf("logistic", rows, { l2: 0.1, intercept: false }))).toBeLessThan(1e-6);
    }
  });
});

describe.each(["saga", "svrg", "sdca", "finito", "apg", "gd"] as const)("l1 by %s", (method) => {
  const rows = makeRows("squared", 80, 10, 7);
  const mean = rows.y.reduce((sum, y) => sum + y / 80, 0);
  const centred = { x: rows.x, y: rows.y.map((y) => y - mean) };
  const l2 = 0.02;

  test("a certified gap is at least the true gap, all along", () => {
    for (const layout of layouts) {
      for (const intercept of [true, false]) {
        const problem = problemOf(centred, layout, "squared", { l1: 0.1, l2, intercept });
        const least = minimizeSync(problem, { method: "apg", tolerance: 1e-11, passes: 20_000, engine }).objective;
        for (const passes of [2, 4, 8, 20, 60]) {
          const { objective, dualityGap } = minimizeSync(problem, { method, passes, tolerance: 0, engine });
          expect(objective - least).toBeGreaterThanOrEqual(-1e-12);
          expect(dualityGap! + 1e-12).toBeGreaterThanOrEqual(objective - least);
        }
      }
    }
  });

  test("the conditions of optimality, under penalties of their own for the columns", () => {
    const penaltyWeights = [1, 2, 0.5, 1, 3, 1, 0.25, 1, 1, 4];
    const l1 = 0.15;
    for (const layout of layouts) {
      const result = solved(
        problemOf(centred, layout, "squared", { l1, l2, penaltyWeights, intercept: false }),
        method,
        1e-9,
      );
      const residuals = centred.x.map((x, i) => x.reduce((sum, v, j) => sum + v * result.weights[j]!, -centred.y[i]!));
      result.weights.forEach((w, j) => {
        const own = penaltyWeights[j]!;
        const pull = residuals.reduce((sum, r, i) => sum + (r * centred.x[i]![j]!) / 80, 0) + own * l2 * w;
        if (w === 0) expect(Math.abs(pull)).toBeLessThanOrEqual(own * l1 + 1e-8);
        else expect(Math.abs(pull + own * l1 * Math.sign(w))).toBeLessThan(1e-6);
      });
      expect(result.weights).toContain(0);
    }
  });
});

test("of a group the gradient is no longer than its strength where it is out, and points at it where it is in", () => {
  const rows = makeRows("squared", 80, 9, 7);
  const groups = [
    [0, 1, 2],
    [3, 4],
    [5, 6, 7, 8],
  ];
  let out = 0;
  for (const method of ["apg", "gd"] as const) {
    for (const layout of layouts) {
      const penalty = { kind: "groupLasso", groups, strength: 0.6 } as const;
      const { weights, intercept } = solved(problemOf(rows, layout, "squared", { penalty, l2: 0 }), method, 1e-9);
      const residuals = rows.x.map((x, i) => x.reduce((sum, v, j) => sum + v * weights[j]!, intercept - rows.y[i]!));
      for (const group of groups) {
        const own = group.map((j) => weights[j]!);
        const pull = group.map((j) => residuals.reduce((sum, r, i) => sum + (r * rows.x[i]![j]!) / 80, 0));
        const strength = 0.6 * Math.sqrt(group.length);
        const length = Math.hypot(...own);
        if (length === 0) {
          out++;
          expect(Math.hypot(...pull)).toBeLessThanOrEqual(strength + 1e-8);
        } else
          for (const [k, w] of own.entries()) expect(Math.abs(pull[k]! + (strength * w) / length)).toBeLessThan(1e-6);
      }
    }
  }
  expect(out).toBeGreaterThan(0);
});
