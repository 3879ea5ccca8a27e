// Changes to a problem whose effect on the solution, or on the whole path, is known.

import { describe, expect, test } from "vitest";
import {
  type MethodName,
  type MinimizeOptions,
  type MinimizeResult,
  minimizeSync,
  type Problem,
  type Sampler,
} from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";
import { layouts, makeRows, problemOf, type Rows } from "./data.js";
import { distance, type PlainLoss } from "./plain.js";

expectMemoryReturned();

const losses: readonly PlainLoss[] = ["logistic", "squared"];
const methods: readonly MethodName[] = ["sag", "saga", "svrg"];

function solve(problem: Problem, options: MinimizeOptions): MinimizeResult {
  return minimizeSync(problem, { tolerance: 0, passes: 12, engine: engines.strict, ...options });
}

/** Rows drawn with replacement, the same whatever they stand for. */
function draws(n: number, seed: number, rename: (row: number) => number = (row) => row): Sampler {
  const uniform = uniformNumbers(seed);
  return (order) => {
    for (let k = 0; k < n; k++) order[k] = rename(Math.floor(uniform() * n));
  };
}

const double = layouts.filter((layout) => layout.endsWith("float64"));
const cases = losses.flatMap((loss) => methods.flatMap((method) => double.map((layout) => ({ loss, method, layout }))));

describe.each(cases)("$loss $method $layout", ({ loss, method, layout }) => {
  const n = 40;
  const rows = makeRows(loss, n, 6, 12);
  const penalty = { l2: 0.02, intercept: true };
  const problem = problemOf(rows, layout, loss, penalty);

  test("rows may stand in any order, if the draws follow them", () => {
    // Row i of the one is row 7 i + 3 (mod 40) of the other.
    const place = (row: number) => (7 * row + 3) % n;
    const origin = [...Array(n).keys()].sort((a, b) => place(a) - place(b));
    const moved: Rows = { x: origin.map((i) => rows.x[i]!), y: origin.map((i) => rows.y[i]!) };
    const here = solve(problem, { method, order: draws(n, 5) });
    const there = solve(problemOf(moved, layout, loss, penalty), { method, order: draws(n, 5, place) });
    expect(distance(here, there)).toBeLessThan(1e-14);
    expect(distance(here, solve(problem, { method, order: draws(n, 6) }))).toBeGreaterThan(1e-8);
  });

  test("every row twice is the same problem", () => {
    const twice = problemOf({ x: [...rows.x, ...rows.x], y: [...rows.y, ...rows.y] }, layout, loss, penalty);
    const options = { method, tolerance: 1e-11, passes: 1000 };
    const [once, double] = [solve(problem, options), solve(twice, options)];
    expect([once.converged, double.converged]).toEqual([true, true]);
    expect(distance(once, double)).toBeLessThan(1e-9);
    expect(Math.abs(once.objective - double.objective)).toBeLessThan(1e-13);
  });

  test("rows twice as long under four times the penalty halve the weights, on the whole path and to the bit", () => {
    const half = solve(problemOf(rows, layout, loss, { l2: 0.02, intercept: false }), { method });
    const long = { x: rows.x.map((row) => row.map((value) => 2 * value)), y: rows.y };
    const full = solve(problemOf(long, layout, loss, { l2: 0.08, intercept: false }), { method });
    expect(full.weights).toEqual(half.weights.map((w) => w / 2));
    expect(full.gradientNorm).toBe(2 * half.gradientNorm);
    expect(full.objective).toBe(half.objective);
  });

  test("scaling by any r is the same problem to rounding", () => {
    const r = 3.7;
    const here = solve(problemOf(rows, layout, loss, { l2: 0.02, intercept: false }), { method });
    const long = { x: rows.x.map((row) => row.map((value) => r * value)), y: rows.y };
    const there = solve(problemOf(long, layout, loss, { l2: 0.02 * r * r, intercept: false }), { method });
    expect(distance({ ...there, weights: there.weights.map((w) => w * r) }, here)).toBeLessThan(1e-13);
  });

  test("a column of zeros gets weight 0 and changes no other", () => {
    const wider = { x: rows.x.map((row) => [...row, 0]), y: rows.y };
    const plain = solve(problem, { method });
    const padded = solve(problemOf(wider, layout, loss, penalty), { method });
    expect([...padded.weights]).toEqual([...plain.weights, 0]);
    expect(padded.intercept).toBe(plain.intercept);
  });

  test("an intercept is an unpenalised column of ones", () => {
    // Without a penalty the two are one problem, and step for step the same.
    const ones = { x: rows.x.map((row) => [...row, 1]), y: rows.y };
    const options = { method, stepSize: 0.02, order: draws(n, 3) };
    const inside = solve(problemOf(ones, layout, loss, { l2: 0, intercept: false }), options);
    const beside = solve(problemOf(rows, layout, loss, { l2: 0, intercept: true }), {
      ...options,
      order: draws(n, 3),
    });
    const [weights, last] = [inside.weights.subarray(0, 6), inside.weights[6]!];
    expect(distance({ weights, intercept: last }, beside)).toBeLessThan(1e-13);
    expect(last).not.toBe(0);
  });

  test("turning all labels around turns the weights around", () => {
    const turned = problemOf({ x: rows.x, y: rows.y.map((y) => -y) }, layout, loss, penalty);
    const [here, there] = [solve(problem, { method }), solve(turned, { method })];
    expect(distance({ weights: there.weights.map((w) => -w), intercept: -there.intercept }, here)).toBeLessThan(1e-13);
  });
});

describe.each(methods)("%s", (method) => {
  const rows = makeRows("logistic", 40, 6, 12);

  test("dense and sparse rows take the same path to rounding", () => {
    for (const loss of losses) {
      const data = makeRows(loss, 40, 6, 12);
      const dense = solve(problemOf(data, "dense float64", loss, { l2: 0.02 }), { method, seed: 4 });
      const sparse = solve(problemOf(data, "csr float64", loss, { l2: 0.02 }), { method, seed: 4 });
      expect(distance(dense, sparse)).toBeLessThan(1e-13);
    }
  });

  test.each(layouts)("labels 0 and 1 are labels -1 and 1, %s", (layout) => {
    const options = { method, seed: 1 };
    const signs = solve(problemOf(rows, layout, "logistic"), options);
    const bits = solve(problemOf({ x: rows.x, y: rows.y.map((y) => (y + 1) / 2) }, layout, "logistic"), options);
    expect({ ...bits, seconds: 0 }).toEqual({ ...signs, seconds: 0 });
  });

  test("labels may come in any array", () => {
    const options = { method };
    const problem = problemOf(rows, "dense float64", "logistic");
    const expected = solve(problem, options).weights;
    for (const labels of [Int8Array.from(rows.y), Float32Array.from(rows.y), { ...rows.y, length: 40 }]) {
      expect(solve({ ...problem, labels }, options).weights).toEqual(expected);
    }
  });
});

test("float32 rows in float64 are the float64 problem of the rounded numbers", () => {
  const rows = makeRows("squared", 40, 6, 12);
  const narrow = solve(problemOf(rows, "csr float32", "squared", { l2: 0.1 }), { passes: 60 });
  const wide = solve(problemOf(rows, "csr float64", "squared", { l2: 0.1 }), { passes: 60 });
  expect(distance(narrow, wide)).toBeLessThan(1e-6);
});
