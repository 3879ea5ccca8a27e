// Penalties and sets: the proximal maps against their definition, solutions against the conditions of optimality.

import { describe, expect, test } from "vitest";
import { minimizeSync, type Penalty, type Problem } from "../../src/finite-sum/index.js";
import { checkPenalty } from "../../src/finite-sum/penalty.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";
import { makeRows, problemOf } from "./data.js";

expectMemoryReturned();

const engine = engines.strict;
const COLUMNS = 6;

const penalties: readonly Penalty[] = [
  {
    kind: "groupLasso",
    groups: [
      [0, 1, 2],
      [4, 5],
    ],
    strength: 0.3,
  },
  { kind: "groupLasso", groups: Int32Array.of(0, 0, 1, 1, -1, 0), strength: 0.3 },
  { kind: "box", lower: -0.1, upper: [0.2, 0.1, 0, 1, 1, 0.05] },
  { kind: "nonNegative" },
  { kind: "l2Ball", radius: 0.5 },
  { kind: "l1Ball", radius: 0.5 },
  { kind: "simplex", radius: 0.8 },
  { kind: "simplex" },
];

/** Whether w lies in the set of the penalty, to rounding. */
function inside(penalty: Penalty, w: Float64Array): boolean {
  const sum = (f: (x: number) => number) => w.reduce((total, x) => total + f(x), 0);
  switch (penalty.kind) {
    case "groupLasso":
      return true;
    case "box": {
      const upper = penalty.upper as readonly number[];
      return w.every((x, j) => x >= -0.1 && x <= upper[j]!);
    }
    case "nonNegative":
      return w.every((x) => x >= 0);
    case "l2Ball":
      return Math.sqrt(sum((x) => x * x)) <= penalty.radius + 1e-12;
    case "l1Ball":
      return sum(Math.abs) <= penalty.radius + 1e-12;
    case "simplex":
      return w.every((x) => x >= 0) && Math.abs(sum((x) => x) - (penalty.radius ?? 1)) < 1e-12;
  }
}

/** strength sum sqrt(|g|) |w_g|, by hand for the two examples. */
function groupValue(penalty: Penalty, w: Float64Array): number {
  if (penalty.kind !== "groupLasso") return 0;
  const groups = Array.isArray(penalty.groups)
    ? (penalty.groups as number[][])
    : [
        [0, 1, 5],
        [2, 3],
      ];
  return groups.reduce((sum, g) => sum + 0.3 * Math.sqrt(g.length) * Math.hypot(...g.map((j) => w[j]!)), 0);
}

describe.each(penalties.map((penalty) => [JSON.stringify(penalty), penalty] as const))("%s", (_name, penalty) => {
  const term = checkPenalty("test", penalty, COLUMNS, 1);
  const uniform = uniformNumbers(9);
  const draw = (size: number) => Float64Array.from({ length: COLUMNS }, () => size * (2 * uniform() - 1));

  // argmin_u |u - w|^2 / (2 step) + penalty(u): no point of the set, near or far, is better.
  test("the proximal map is what it is defined to be", () => {
    for (let k = 0; k < 50; k++) {
      const w = draw(1.5);
      const step = 0.1 + uniform();
      const cost = (u: Float64Array) =>
        u.reduce((sum, x, j) => sum + (x - w[j]!) ** 2, 0) / (2 * step) + groupValue(penalty, u);
      const best = w.slice();
      term.prox(best, step);
      expect(inside(penalty, best)).toBe(true);
      expect(Math.abs(term.value(best) - groupValue(penalty, best))).toBeLessThan(1e-14);
      for (let trial = 0; trial < 40; trial++) {
        const other = best.map((x, j) => x + draw(trial % 2 === 0 ? 0.01 : 1)[j]!);
        term.prox(other, 0);
        if (inside(penalty, other)) expect(cost(other)).toBeGreaterThanOrEqual(cost(best) - 1e-12);
      }
    }
  });

  const rows = makeRows("squared", 50, COLUMNS, 4);

  test.each(["dense float64", "csr float64"] as const)(
    "nothing in the set is lower than the solution, %s",
    (layout) => {
      const problem = problemOf(rows, layout, "squared", { penalty, l2: 0.01, intercept: false });
      const options = { tolerance: 1e-9, passes: 5000, engine };
      const result = minimizeSync(problem, options);
      expect([result.converged, result.method]).toEqual([true, "apg"]);
      expect(inside(penalty, result.weights)).toBe(true);
      const F = (w: Float64Array) =>
        rows.x.reduce((sum, x, i) => sum + (x.reduce((p, v, j) => p + v * w[j]!, 0) - rows.y[i]!) ** 2 / 2, 0) / 50 +
        0.005 * w.reduce((sum, x) => sum + x * x, 0) +
        groupValue(penalty, w);
      expect(Math.abs(F(result.weights) - result.objective)).toBeLessThan(1e-12);
      for (let trial = 0; trial < 200; trial++) {
        const other = result.weights.map((x, j) => x + draw(trial % 2 === 0 ? 0.01 : 0.5)[j]!);
        term.prox(other, 0);
        if (inside(penalty, other)) expect(F(other)).toBeGreaterThanOrEqual(result.objective - 1e-10);
      }
      const gd = minimizeSync(problem, { ...options, method: "gd" });
      expect(Math.abs(gd.objective - result.objective)).toBeLessThan(1e-9);
    },
  );
});

describe("bounds on dense rows", () => {
  const rows = makeRows("logistic", 300, COLUMNS, 4);
  const others = { penalty: { kind: "box", lower: -0.2, upper: 0.3 }, l1: 0.01, l2: 0.01 } as const;
  test.each(["saga", "svrg"] as const)("%s and apg agree", (method) => {
    const problem = problemOf(rows, "dense float64", "logistic", others);
    const options = { tolerance: 1e-10, passes: 5000, engine };
    const [one, other] = [
      minimizeSync(problem, { ...options, method }),
      minimizeSync(problem, { ...options, method: "apg" }),
    ];
    expect([one.converged, other.converged]).toEqual([true, true]);
    one.weights.forEach((w, j) => {
      expect(Math.abs(w - other.weights[j]!)).toBeLessThan(1e-8);
    });
    expect(one.weights.some((w) => w === 0.3 || w === -0.2)).toBe(true);
  });

  test("sparse rows are refused them, and told what takes them", () => {
    const problem = problemOf(rows, "csr float64", "logistic", others);
    expect(() => minimizeSync(problem, { method: "saga", engine })).toThrow(
      new RangeError('minimizeSync: saga does not take the penalty "box" on sparse rows: apg does'),
    );
  });
});

describe("columns", () => {
  const rows = makeRows("logistic", 200, COLUMNS, 8);
  const weights = [1, 2, 0.5, 4, 0.25, 1];
  const methods = ["saga", "sag", "sdca", "lbfgs", "apg"] as const;

  // l2 w^2 on a column x is l2 c^2 (w / c)^2 on the column c x.
  test.each(methods)("penalty weights are columns of another length, %s", (method) => {
    for (const layout of ["dense float64", "csr float64"] as const) {
      const options = { method, tolerance: 1e-10, passes: 20_000, engine };
      const uneven = minimizeSync(problemOf(rows, layout, "logistic", { l2: 0.05, penaltyWeights: weights }), options);
      const stretched = { x: rows.x.map((x) => x.map((v, j) => v / Math.sqrt(weights[j]!))), y: rows.y };
      const even = minimizeSync(problemOf(stretched, layout, "logistic", { l2: 0.05 }), options);
      uneven.weights.forEach((w, j) => {
        expect(Math.abs(w - even.weights[j]! / Math.sqrt(weights[j]!))).toBeLessThan(1e-8);
      });
      expect(Math.abs(uneven.objective - even.objective)).toBeLessThan(1e-12);
    }
  });

  test("a column without penalty is for the batch methods", () => {
    const problem = problemOf(rows, "dense float64", "logistic", { l2: 0.05, penaltyWeights: [0, 1, 1, 1, 1, 1] });
    expect(minimizeSync(problem, { engine }).method).toBe("lbfgs");
    expect(() => minimizeSync(problem, { method: "saga", engine })).toThrow(
      /saga can't leave single columns without l2/,
    );
  });

  test.each(methods)("scaled columns give the weights of the columns as they were, %s", (method) => {
    const units = [1, 1e6, 1e-3, 10, 1e3, 1];
    const rescaled = { x: rows.x.map((x) => x.map((v, j) => v * units[j]!)), y: rows.y };
    for (const layout of ["dense float64", "csr float64"] as const) {
      const options = { method, tolerance: 1e-9, passes: 20_000, engine };
      const scaled = (data: typeof rows) =>
        minimizeSync(
          problemOf(data, layout, "logistic", { l2: 0.01, scaleColumns: true } as Partial<Problem>),
          options,
        );
      const [here, there] = [scaled(rows), scaled(rescaled)];
      expect([here.converged, there.converged]).toEqual([true, true]);
      there.weights.forEach((w, j) => {
        expect(Math.abs(w * units[j]! - here.weights[j]!)).toBeLessThan(1e-6);
      });
    }
  });
});
