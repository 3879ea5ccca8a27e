// Columns as they come in practice: raw units, copies, constants, zeros. The solutions are known by hand, or by their own optimality
// conditions, written out here.

import { describe, expect, test } from "vitest";
import { type MethodName, type MinimizeResult, minimizeSync, type PassReport } from "../../src/finite-sum/index.js";
import { METHOD_NAMES } from "../../src/finite-sum/methods/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";
import { makeRows, problemOf, type Rows } from "./data.js";

expectMemoryReturned();

const engine = engines.strict;
const layouts = ["dense float64", "csr float64"] as const;
const every: readonly MethodName[] = ["auto", "saga", "svrg", "sdca", "lbfgs"];

/** The objective and its gradient at a point, by the textbook, with an intercept. */
function logisticAt({ x, y }: Rows, weights: ArrayLike<number>, intercept: number, l2: number) {
  const gradient = Array<number>(weights.length).fill(0);
  let slopes = 0;
  let total = 0;
  x.forEach((row, i) => {
    const margin = y[i]! * row.reduce((sum, value, j) => sum + value * weights[j]!, intercept);
    const slope = -y[i]! / (1 + Math.exp(margin)) / x.length;
    total += (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin) / x.length;
    row.forEach((value, j) => {
      gradient[j]! += slope * value;
    });
    slopes += slope;
  });
  for (let j = 0; j < weights.length; j++) {
    gradient[j]! += l2 * weights[j]!;
    total += (l2 / 2) * weights[j]! ** 2;
  }
  return { objective: total, gradient, slopes };
}

/** Ages, weights of a survey, hours, gains of which most are 0, and four occupations: as the census has them, unscaled. */
function census(count: number): Rows {
  const uniform = uniformNumbers(5);
  const normal = normalNumbers(6);
  const x: number[][] = [];
  const y: number[] = [];
  for (let i = 0; i < count; i++) {
    const age = 17 + Math.floor(uniform() * 74);
    const years = 1 + Math.floor(uniform() * 16);
    const hours = 1 + Math.floor(uniform() * 99);
    const gain = uniform() < 0.08 ? Math.floor(uniform() * 99_999) : 0;
    const share = Math.floor(Math.exp(12 + 0.6 * normal()));
    const occupation = Math.floor(uniform() * 4);
    x.push([age, share, years, gain, hours, ...[0, 1, 2, 3].map((k) => (k === occupation ? 1 : 0))]);
    const score = 0.04 * (age - 50) + 0.3 * (years - 10) + 0.03 * (hours - 45) + gain / 6000 + 0.5 * occupation - 2.5;
    y.push(uniform() < 1 / (1 + Math.exp(-score)) ? 1 : -1);
  }
  return { x, y };
}

test.each(layouts)("raw columns of a census are solved by auto with its defaults, %s", (layout) => {
  const rows = census(3000);
  const l2 = 1 / 3000;
  const result = minimizeSync(problemOf(rows, layout, "logistic"), { engine });
  expect(result.converged).toBe(true);
  const { gradient, slopes, objective } = logisticAt(rows, result.weights, result.intercept, l2);
  // The gradient in the units of each column, and of the intercept, which moves as far as it likes.
  const scales = gradient.map((_, j) => Math.sqrt(rows.x.reduce((sum, x) => sum + x[j]! ** 2, 0) / 3000));
  gradient.forEach((g, j) => {
    expect(Math.abs(g) / scales[j]!).toBeLessThan(1e-4);
  });
  expect(Math.abs(slopes)).toBeLessThan(1e-4);
  expect(objective).toBeCloseTo(result.objective, 10);
});

describe.each(every)("%s", (method) => {
  const options = { method, engine, tolerance: 1e-9, passes: 20_000 } as const;

  test.each(layouts)("shares the weight of a column among its copies, %s", (layout) => {
    // m copies of weight w / m have the penalty l2/2 w^2 / m: the same as one column with l2 / m.
    const one = makeRows("logistic", 300, 3, 8);
    const three = { x: one.x.map(([a, b, c]) => [a!, a!, a!, b!, c!]), y: one.y };
    const copies = minimizeSync(problemOf(three, layout, "logistic", { l2: 0.03 }), options);
    const single = minimizeSync(
      problemOf(one, layout, "logistic", { l2: 0.03, penaltyWeights: [1 / 3, 1, 1] }),
      options,
    );
    expect([copies.converged, single.converged]).toEqual([true, true]);
    for (const j of [0, 1, 2]) expect(copies.weights[j]! * 3).toBeCloseTo(single.weights[0]!, 6);
    expect(copies.weights[3]).toBeCloseTo(single.weights[1]!, 6);
  });

  test.each(layouts)(
    "leaves a constant column nothing beside the intercept, and one of zeros nothing, %s",
    (layout) => {
      const rows = makeRows("logistic", 300, 3, 8);
      const more = { x: rows.x.map((x) => [...x, 1, 0]), y: rows.y };
      const plain = minimizeSync(problemOf(rows, layout, "logistic", { l2: 0.03 }), options);
      const result = minimizeSync(problemOf(more, layout, "logistic", { l2: 0.03 }), options);
      expect(result.converged).toBe(true);
      expect(Math.abs(result.weights[3]!)).toBeLessThan(1e-6);
      expect(result.weights[4]).toBeCloseTo(0, 12);
      expect(result.intercept).toBeCloseTo(plain.intercept, 6);
    },
  );

  test("one column of one row", () => {
    // (2 w - 3) 2 + 0.5 w = 0
    const problem = { features: new Float64Array([2]), rows: 1, columns: 1, labels: [3], loss: "squared" } as const;
    const result = minimizeSync({ ...problem, l2: 0.5, intercept: false }, options);
    expect(result.converged).toBe(true);
    expect(result.weights[0]).toBeCloseTo(6 / 4.5, 8);
  });
});

test.each([1e6, 1e-6])(
  "a column in other units, %d times, makes no difference to lbfgs and scaled columns",
  (factor) => {
    const rows = makeRows("logistic", 400, 4, 2);
    const moved = { x: rows.x.map(([a, ...rest]) => [a! * factor, ...rest]), y: rows.y };
    for (const layout of layouts) {
      const options = { engine, tolerance: 1e-8, passes: 5000 } as const;
      const here = minimizeSync(problemOf(rows, layout, "logistic", { l2: 0.02, scaleColumns: true }), options);
      const there = minimizeSync(problemOf(moved, layout, "logistic", { l2: 0.02, scaleColumns: true }), options);
      expect([here.converged, there.converged]).toEqual([true, true]);
      expect(there.weights[0]! * factor).toBeCloseTo(here.weights[0]!, 6);
      expect(there.weights[1]).toBeCloseTo(here.weights[1]!, 6);
    }
  },
);

describe.each(METHOD_NAMES)("a column a million times as large, %s", (method) => {
  const l2 = 0.02;
  const rows = makeRows("logistic", 400, 4, 2);
  const moved = { x: rows.x.map(([a, ...rest]) => [a! * 1e6, ...rest]), y: rows.y };
  const options = { method, engine, passes: 200, tolerance: 1e-4 } as const;

  test.each(layouts)("is solved, or the column is what is said to be wrong, %s", (layout) => {
    let result: MinimizeResult;
    try {
      result = minimizeSync(problemOf(moved, layout, "logistic", { l2 }), options);
    } catch (error) {
      expect(String(error)).toMatch(/became .*; a smaller stepSize may help, or scaleColumns$/);
      return;
    }
    const { converged, weights, intercept, advice } = result;
    if (converged) {
      const { gradient, slopes } = logisticAt(moved, weights, intercept, l2);
      expect(Math.hypot(...gradient, slopes)).toBeLessThan(2e-4);
      expect(advice).toBeUndefined();
    } else {
      expect(advice).toMatch(/^the columns' root mean squares go from .* to .*e\+5: scale them, or say scaleColumns$/);
    }
  });

  test.each(layouts)("is like any other once it is scaled, %s", (layout) => {
    const [here, there] = [rows, moved].map((some) =>
      minimizeSync(problemOf(some, layout, "logistic", { l2, scaleColumns: true }), options),
    ) as [MinimizeResult, MinimizeResult];
    expect(there.converged).toBe(here.converged);
    expect(there.advice).toBeUndefined();
    expect(there.objective).toBeCloseTo(here.objective, 10);
    expect(there.weights[0]! * 1e6).toBeCloseTo(here.weights[0]!, 6);
  });
});

/**
 * A lasso with a solution that is known beforehand (Nesterov, "Gradient methods for minimizing composite functions", 2013, section 6):
 * residuals r are chosen, columns scaled so that |x_j.r| / n is l1 where the solution is to be other than 0 and below it elsewhere,
 * and the labels are X w + r.
 */
function constructedLasso(n: number, d: number, support: number, l1: number) {
  const normal = normalNumbers(11);
  const uniform = uniformNumbers(12);
  const residuals = Array.from({ length: n }, normal);
  const columns = Array.from({ length: d }, () => Array.from({ length: n }, normal));
  const weights = Array<number>(d).fill(0);
  columns.forEach((column, j) => {
    const pull = column.reduce((sum, value, i) => sum + value * residuals[i]!, 0) / n;
    const wanted = j < support ? l1 : 0.8 * l1 * uniform();
    // No column may become as long as it takes to turn a chance of next to 0 into l1.
    const direction = Math.sign(pull);
    const squares = residuals.reduce((sum, r) => sum + r * r, 0) / n;
    const missing = direction * wanted - pull;
    for (let i = 0; i < n; i++) column[i]! += (missing * residuals[i]!) / squares;
    if (j < support) weights[j] = direction * (0.5 + uniform());
  });
  const x = residuals.map((_, i) => columns.map((column) => column[i]!));
  const y = x.map((row, i) => row.reduce((sum, value, j) => sum + value * weights[j]!, residuals[i]!));
  const objective =
    residuals.reduce((sum, r) => sum + (r * r) / (2 * n), 0) + l1 * weights.reduce((sum, w) => sum + Math.abs(w), 0);
  return { rows: { x, y }, weights, objective };
}

describe.each([
  [200, 30],
  [60, 100],
])("a lasso with a constructed solution, %d x %d", (n, d) => {
  const l1 = 0.1;
  const { rows, weights, objective } = constructedLasso(n, d, 8, l1);

  test.each(["auto", "saga", "svrg", "apg", "gd"] as const)("%s finds it", (method) => {
    for (const layout of layouts) {
      const problem = problemOf(rows, layout, "squared", { l1, intercept: false });
      const result = minimizeSync(problem, { method, engine, tolerance: 1e-10, passes: 100_000 });
      expect(result.converged).toBe(true);
      expect(Math.abs(result.objective - objective)).toBeLessThan(1e-9);
      expect(result.dualityGap! + 1e-15).toBeGreaterThanOrEqual(result.objective - objective);
      weights.forEach((w, j) => {
        expect(result.weights[j]).toBeCloseTo(w, 6);
        if (w === 0) expect(result.weights[j]).toBe(0);
      });
    }
  });
});

/**
 * Of the lasso with one column: with the column centred, w = soft(cov(x, y), l1) / var(x), and b = mean(y) - w mean(x); columns that are
 * orthogonal once they are centred do not see each other.
 */
describe.each([
  ["far from 0", [1e3, -5e4], [1, 1]],
  ["in other units", [0, 0], [1e-3, 1e6]],
  ["both", [40, 2e6], [1e-3, 1e5]],
] as const)("an l1 on columns %s", (_, means, scales) => {
  const signs = [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ];
  const l1 = 0.25;
  const y = [7, 3, 2, -2];
  const x = signs.map((row) => row.map((sign, j) => means[j]! + scales[j]! * sign));
  const solution = [0, 1].map((j) => {
    const covariance = signs.reduce((sum, row, i) => sum + (scales[j]! * row[j]! * y[i]!) / 4, 0);
    return (Math.sign(covariance) * Math.max(Math.abs(covariance) - l1, 0)) / scales[j]! ** 2;
  });

  test.each(layouts)("is solved by auto with its defaults, %s", (layout) => {
    for (const times of [1, 500]) {
      const rows = Array.from({ length: times }, () => x).flat();
      const labels = Array.from({ length: times }, () => y).flat();
      const result = minimizeSync(problemOf({ x: rows, y: labels }, layout, "squared", { l1 }), { engine });
      expect(result.converged).toBe(true);
      // Once they are centred, columns of one size are like others.
      expect(result.method).toBe(times > 1 && layout === "dense float64" && scales[0] === scales[1] ? "saga" : "apg");
      solution.forEach((w, j) => {
        expect(Math.abs(result.weights[j]! - w) * scales[j]!).toBeLessThan(1e-3);
        if (w === 0) expect(result.weights[j]).toBe(0);
      });
      expect(result.intercept + means[0]! * result.weights[0]! + means[1]! * result.weights[1]!).toBeCloseTo(2.5, 3);
    }
  });
});

test("a run that columns far from 0 hold up says so", () => {
  const rows = makeRows("logistic", 200, 3, 4);
  const far = { x: rows.x.map(([a, ...rest]) => [a! + 1e3, ...rest]), y: rows.y };
  const mean = far.x.reduce((sum, [a]) => sum + a! / 200, 0);
  const deviation = Math.sqrt(far.x.reduce((sum, [a]) => sum + (a! - mean) ** 2 / 200, 0));
  const { converged, advice } = minimizeSync(problemOf(far, "dense float64", "logistic"), { engine, method: "saga" });
  expect(converged).toBe(false);
  const times = (mean / deviation).toPrecision(2);
  expect(advice).toBe(`the columns' means are up to ${times} times their deviations: subtract them`);
});

describe.each(["hinge", "epsilonInsensitive", "squared"] as const)("columns far from 0 by the dual, %s", (loss) => {
  // A shift of a column by m moves the intercept by -m w, and nothing else.
  const rows = makeRows(loss === "hinge" ? "logistic" : "squared", 300, 3, 8);
  const shift = [1e3, -50, 0];
  const shifted = { x: rows.x.map((x) => x.map((value, j) => value + shift[j]!)), y: rows.y };
  const options = { method: "sdca", engine, tolerance: 1e-9, passes: 5000 } as const;
  const move = (weights: ArrayLike<number>) => shift.reduce((sum, m, j) => sum + m * weights[j]!, 0);
  const problem = problemOf(shifted, "dense float64", loss, { l2: 0.05 });
  const here = minimizeSync(problemOf(rows, "dense float64", loss, { l2: 0.05 }), options);
  const there = minimizeSync(problem, options);

  test("gives the weights of columns that are near it", () => {
    expect([here.converged, there.converged]).toEqual([true, true]);
    expect(there.objective).toBeCloseTo(here.objective, 8);
    for (const j of [0, 1, 2]) expect(there.weights[j]).toBeCloseTo(here.weights[j]!, 3);
    expect(there.intercept).toBeCloseTo(here.intercept - move(there.weights), 3);
  });

  test("reports and starts in the columns as they are given", () => {
    const seen: number[] = [];
    const onPass = ({ intercept, weights }: PassReport) => seen.push(intercept + move(weights()));
    minimizeSync(problem, { ...options, passes: 3, onPass });
    for (const intercept of seen) expect(Math.abs(intercept)).toBeLessThan(10);
    const { weights, intercept } = there;
    // One step of subgradients, of next to no length, leaves a point where it is.
    const still = { engine, method: "sgd", passes: 1, stepSize: 1e-12, start: { weights, intercept } } as const;
    expect(minimizeSync(problem, still).objective).toBeCloseTo(there.objective, 7);
  });

  test("goes on from a state as if there had been no break", () => {
    const half = minimizeSync(problem, { ...options, passes: 4, tolerance: 0 });
    const rest = minimizeSync(problem, { ...options, passes: 4, tolerance: 0, start: half.state });
    const whole = minimizeSync(problem, { ...options, passes: 8, tolerance: 0 });
    expect(rest.weights).toEqual(whole.weights);
    expect(rest.intercept).toBe(whole.intercept);
  });
});

describe.each(["dense float64", "dense float32"] as const)(
  "dense columns far from 0 are centred by auto, %s",
  (layout) => {
    const rows = makeRows("squared", 300, 3, 8);
    const shifted = { x: rows.x.map(([a, b, c]) => [a! + 1024, b! - 64, c!]), y: rows.y };
    const problem = problemOf(shifted, layout, "squared", { l2: 0.05 });
    const options = { engine, tolerance: 1e-4 } as const;

    test("so that a shift moves the intercept, and nothing else", () => {
      const near = minimizeSync(problemOf(rows, "dense float64", "squared", { l2: 0.05 }), {
        ...options,
        tolerance: 1e-9,
      });
      const far = minimizeSync(problem, options);
      expect([near.converged, far.converged]).toEqual([true, true]);
      expect(far.passes).toBeLessThan(20);
      for (const j of [0, 1, 2]) expect(far.weights[j]).toBeCloseTo(near.weights[j]!, 2);
      const moved = 1024 * far.weights[0]! - 64 * far.weights[1]!;
      expect(far.intercept + moved).toBeCloseTo(near.intercept, 2);
    });

    test("and so is a run that goes on from it, whatever its method", () => {
      const half = minimizeSync(problem, { ...options, passes: 4, tolerance: 0 });
      expect(half.state.centred).toBe(true);
      for (const method of ["auto", "lbfgs", "saga"] as const) {
        const after = minimizeSync(problem, { engine, method, passes: 20, start: half.state });
        expect(after.objective).toBeLessThanOrEqual(half.objective * (1 + 1e-6));
      }
      const asked = minimizeSync(problem, { engine, method: "lbfgs", passes: 2 });
      expect(asked.state.centred).toBeUndefined();
      const after = minimizeSync(problem, { engine, passes: 20, start: asked.state });
      expect(after.objective).toBeLessThanOrEqual(asked.objective);
      expect(after.state.centred).toBeUndefined();
    });
  },
);
