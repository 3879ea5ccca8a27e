// Laws that hold for every loss and every method, whatever the data.

import { describe, expect, test } from "vitest";
import {
  type MinimizeOptions,
  type MinimizeResult,
  minimizeSync,
  type Problem,
  type SolverName,
} from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { type LayoutName, makeRows, problemOf, type Rows } from "./data.js";
import { distance, lossOf, type PlainLoss, slopeOf } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;

const LOSSES: readonly PlainLoss[] = [
  "logistic",
  "squared",
  "absolute",
  "hinge",
  "squaredHinge",
  "smoothedHinge",
  "huber",
  "modifiedHuber",
  "epsilonInsensitive",
  "poisson",
  "sigmoid",
];
const CORNERED: readonly PlainLoss[] = ["absolute", "hinge", "epsilonInsensitive", "perceptron"];
const NUMBERS: readonly PlainLoss[] = ["squared", "absolute", "huber", "epsilonInsensitive"];

/** Which methods take a loss. */
function methodsFor(loss: PlainLoss): readonly SolverName[] {
  if (CORNERED.includes(loss)) return ["sdca"];
  if (loss === "poisson") return ["lbfgs", "newton", "apg", "sdca"];
  if (loss === "sigmoid") return ["lbfgs", "newton", "saga"];
  return ["sag", "saga", "svrg", "sdca", "finito", "lbfgs", "newton", "apg"];
}

function rowsFor(loss: PlainLoss, n: number, d: number, seed: number): Rows {
  const rows = makeRows(NUMBERS.includes(loss) ? "squared" : "logistic", n, d, seed);
  if (loss === "poisson") return { ...rows, y: rows.y.map((y, i) => (y > 0 ? 1 + (i % 3) : i % 2)) };
  return loss === "sigmoid" ? { ...rows, y: rows.y.map((y) => (y + 1) / 2) } : rows;
}

const predict = (x: readonly number[], { weights, intercept }: Pick<MinimizeResult, "weights" | "intercept">) =>
  x.reduce((sum, value, j) => sum + value * weights[j]!, intercept);

const layouts: readonly LayoutName[] = ["dense float64", "csr float64"];

const cases = LOSSES.flatMap((loss) => methodsFor(loss).map((method) => ({ loss, method })));

function solve(problem: Problem, options: MinimizeOptions): MinimizeResult {
  const result = minimizeSync(problem, { tolerance: 1e-9, passes: 20_000, engine, ...options });
  expect(result.converged).toBe(true);
  return result;
}

describe.each(cases)("$loss, $method", ({ loss, method }) => {
  const n = 60;
  const rows = rowsFor(loss, n, 5, 31);
  const penalty = { l2: 0.1, intercept: true };
  // Where the loss has a corner, the certificate is a gap, of which the distance is the root.
  const near = CORNERED.includes(loss) ? 1e-3 : method === "finito" ? 1e-6 : 1e-7;

  test("all methods and layouts find the same minimum", () => {
    const one = solve(problemOf(rows, "dense float64", loss, penalty), { method });
    const other = solve(problemOf(rows, "csr float64", loss, penalty), { method: methodsFor(loss)[0]! });
    expect(distance(one, other)).toBeLessThan(near);
    expect(Math.abs(one.objective - other.objective)).toBeLessThan(CORNERED.includes(loss) ? 2e-9 : 1e-12);
  });

  // From the definition: F, and that no step along any axis goes down.
  test("nothing near the solution is lower", () => {
    for (const layout of layouts) {
      const solution = solve(problemOf(rows, layout, loss, penalty), { method });
      const F = (weights: ArrayLike<number>, intercept: number) => {
        const point = { weights: Float64Array.from(weights), intercept };
        const total = rows.x.reduce((sum, x, i) => sum + lossOf[loss](predict(x, point), rows.y[i]!), 0);
        return total / n + 0.05 * Array.from(weights).reduce((sum, w) => sum + w * w, 0);
      };
      const least = F(solution.weights, solution.intercept);
      expect(Math.abs(least - solution.objective)).toBeLessThan(1e-13);
      for (let j = 0; j <= 5; j++) {
        for (const h of [0.01, -0.01]) {
          const moved = solution.weights.map((w, k) => (k === j ? w + h : w));
          expect(F(moved, solution.intercept + (j === 5 ? h : 0))).toBeGreaterThan(least);
        }
      }
    }
  });

  test("a weight of 2 is a row twice, and of 0 none", () => {
    const counts = rows.x.map((_, i) => [1, 2, 0, 1][i % 4]!);
    const repeated = {
      x: rows.x.flatMap((x, i) => Array<readonly number[]>(counts[i]!).fill(x)),
      y: rows.y.flatMap((y, i) => Array<number>(counts[i]!).fill(y)),
    };
    for (const layout of layouts) {
      const weighted = solve(problemOf(rows, layout, loss, { ...penalty, sampleWeights: counts }), { method });
      const spelled = solve(problemOf(repeated, layout, loss, penalty), { method });
      expect(distance(weighted, spelled)).toBeLessThan(near);
      expect(Math.abs(weighted.objective - spelled.objective)).toBeLessThan(2e-9);
    }
  });

  test("weights all alike change nothing", () => {
    const plain = solve(problemOf(rows, "dense float64", loss, penalty), { method });
    const alike = solve(problemOf(rows, "dense float64", loss, { ...penalty, sampleWeights: rows.y.map(() => 3.5) }), {
      method,
    });
    expect(distance(plain, alike)).toBeLessThan(near);
  });

  test("the duality gap is at least the true gap, all along", () => {
    if (loss === "sigmoid") return;
    for (const intercept of [true, false]) {
      const problem = problemOf(rows, "csr float64", loss, { ...penalty, intercept });
      const least = solve(problem, { method, tolerance: 1e-12 }).objective;
      for (const passes of [2, 4, 8, 30]) {
        const { objective, dualityGap } = minimizeSync(problem, { method, passes, tolerance: 0, engine });
        expect(dualityGap).toBeGreaterThanOrEqual(0);
        expect(dualityGap! + 1e-12).toBeGreaterThanOrEqual(objective - least);
      }
    }
  });
});

describe("the end of a smooth problem", () => {
  test.each(["saga", "svrg", "apg", "sdca"] as const)(
    "l1: %s leaves what the conditions of optimality say",
    (method) => {
      for (const loss of ["logistic", "squared", "squaredHinge"] as const) {
        const rows = rowsFor(loss, 80, 12, 7);
        const l1 = 0.2;
        for (const layout of layouts) {
          const l2 = method === "sdca" ? 0.02 : 0;
          const result = solve(problemOf(rows, layout, loss, { l1, l2 }), { method });
          const slopes = rows.x.map((x, i) => slopeOf[loss](predict(x, result), rows.y[i]!));
          result.weights.forEach((w, j) => {
            const pull = rows.x.reduce((sum, x, i) => sum + slopes[i]! * x[j]!, 0) / 80 + l2 * w;
            if (w === 0) expect(Math.abs(pull)).toBeLessThanOrEqual(l1 + 1e-9);
            else expect(Math.abs(pull + l1 * Math.sign(w))).toBeLessThan(1e-7);
          });
          expect(result.weights).toContain(0);
          expect(result.dualityGap!).toBeLessThan(1e-7);
        }
      }
    },
  );
});

describe("goes on from a state to the bit", () => {
  test.each(["sag", "saga", "svrg", "sdca", "finito"] as const)("%s", (method) => {
    const rows = makeRows("logistic", 300, 7, 3);
    for (const layout of layouts) {
      for (const l1 of method === "sag" ? [0] : [0, 0.01]) {
        const problem = problemOf(rows, layout, "logistic", { l2: 0.01, l1 });
        const options = { method, tolerance: 0, engine, seed: 5 };
        const whole = minimizeSync(problem, { ...options, passes: 10 });
        const first = minimizeSync(problem, { ...options, passes: 4 });
        const state = structuredClone(first.state);
        const second = minimizeSync(problem, { ...options, passes: 6, start: state });
        expect(second.weights).toEqual(whole.weights);
        expect(second.intercept).toBe(whole.intercept);
      }
    }
  });

  const under = (l2: number) => problemOf(makeRows("logistic", 500, 7, 3), "csr float64", "logistic", { l2 });
  const options = { tolerance: 1e-8, passes: 1000, engine } as const;

  test.each(["saga", "sdca", "finito"] as const)(
    "and another penalty begins nearer from it than from nothing, %s",
    (method) => {
      const { state } = minimizeSync(under(0.011), { ...options, method });
      const cold = minimizeSync(under(0.01), { ...options, method });
      const warm = minimizeSync(under(0.01), { ...options, method, start: state });
      expect(warm.converged).toBe(true);
      expect(warm.passes).toBeLessThan(cold.passes);
      for (const [j, weight] of cold.weights.entries()) expect(Math.abs(warm.weights[j]! - weight)).toBeLessThan(1e-5);
    },
  );

  test("and so do weights", () => {
    const { weights, intercept } = minimizeSync(under(0.011), options);
    expect(
      minimizeSync(under(0.01), { ...options, method: "lbfgs", start: { weights, intercept } }).passes,
    ).toBeLessThan(minimizeSync(under(0.01), { ...options, method: "lbfgs" }).passes);
  });
});
