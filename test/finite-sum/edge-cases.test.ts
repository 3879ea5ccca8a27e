// Problems at the edge, whose solutions are known by hand.

import { describe, expect, test } from "vitest";
import { csr, type MethodName, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const methods: readonly MethodName[] = ["sag", "saga", "svrg"];
const cases = variants.flatMap((variant) => methods.map((method) => [method, variant] as const));

/** The same rows as a dense and as a sparse matrix. */
function bothLayouts(rows: readonly (readonly number[])[]): Pick<Problem, "features" | "rows" | "columns">[] {
  const columns = rows[0]!.length;
  const stored = rows.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const offsets = [0];
  for (const row of stored) offsets.push(offsets.at(-1)! + row.length);
  return [
    { features: new Float64Array(rows.flat()), rows: rows.length, columns },
    {
      features: csr({
        values: Float64Array.from(stored.flat(), ({ value }) => value),
        indices: stored.flat().map(({ column }) => column),
        offsets,
        columns,
      }),
    },
  ];
}

describe.each(cases)("%s, %s", (method, variant) => {
  const options = { method, engine: engines[variant], tolerance: 1e-10, passes: 2000 };

  test("one row is gradient descent on it", () => {
    // w <- w - 1/4 (2 w - 3) 2: from 0 to the solution 1.5 in one step.
    for (const features of bothLayouts([[2]])) {
      const problem = { ...features, labels: [3], loss: "squared", l2: 0, intercept: false } as const;
      const result = minimizeSync(problem, { ...options, stepSize: 1 / 4, passes: 2 });
      expect(result.weights).toEqual(new Float64Array([1.5]));
      expect([result.objective, result.gradientNorm, result.converged]).toEqual([0, 0, true]);
    }
  });

  test("a matrix of zeros leaves the intercept alone to fit: the mean of the labels", () => {
    for (const features of bothLayouts([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ])) {
      const problem = { ...features, labels: [1, 2, 3, 6], loss: "squared", l2: 0.5 } as const;
      const result = minimizeSync(problem, options);
      expect(result.converged).toBe(true);
      expect(result.weights).toEqual(new Float64Array(2));
      expect(result.intercept).toBeCloseTo(3, 9);
      // Half the variance: (4 + 1 + 0 + 9) / 4 / 2
      expect(result.objective).toBeCloseTo(1.75, 12);
    }
  });

  test("or, with the logistic loss, the log of the odds", () => {
    for (const features of bothLayouts([[0], [0], [0], [0]])) {
      const result = minimizeSync({ ...features, labels: [1, 0, 1, 1], loss: "logistic" }, options);
      expect(result.converged).toBe(true);
      expect(result.intercept).toBeCloseTo(Math.log(3), 8);
    }
  });

  test("a matrix of zeros without intercept has nothing to fit", () => {
    for (const l2 of [0, 0.5, 1e6]) {
      for (const features of bothLayouts([
        [0, 0],
        [0, 0],
      ])) {
        const problem = { ...features, labels: [1, 3], loss: "squared", l2, intercept: false } as const;
        const result = minimizeSync(problem, options);
        expect(result.weights).toEqual(new Float64Array(2));
        expect([result.objective, result.gradientNorm, result.converged]).toEqual([2.5, 0, true]);
      }
    }
  });

  test("numbers far smaller than the penalty", () => {
    // w = x y / (x^2 + l2), here next to 1e-9.
    for (const features of bothLayouts([[1e-9]])) {
      const problem = { ...features, labels: [1], loss: "squared", l2: 1, intercept: false } as const;
      const result = minimizeSync(problem, { ...options, tolerance: 1e-20 });
      expect(result.converged).toBe(true);
      expect(result.weights[0]! / 1e-9).toBeCloseTo(1, 9);
    }
  });

  test("one class alone, where only the penalty holds the weights", () => {
    for (const features of bothLayouts([[1], [2]])) {
      const problem = { ...features, labels: [1, 1], loss: "logistic", l2: 0.1, intercept: false } as const;
      const result = minimizeSync(problem, options);
      expect(result.converged).toBe(true);
      const w = result.weights[0]!;
      const slope = (x: number) => -x / (1 + Math.exp(x * w));
      expect((slope(1) + slope(2)) / 2 + 0.1 * w).toBeCloseTo(0, 9);
      expect(w).toBeGreaterThan(0.5);
    }
  });

  test("more columns than rows", () => {
    // Two orthogonal rows of length 1 and 2: w = sum_i y_i x_i / (|x_i|^2 + n l2).
    const rows = [
      [1, 0, 0, 0, 0, 0, 0],
      [0, 0, 2, 0, 0, 0, 0],
    ];
    for (const features of bothLayouts(rows)) {
      const problem = { ...features, labels: [3, 5], loss: "squared", l2: 0.25, intercept: false } as const;
      const result = minimizeSync(problem, options);
      expect(result.converged).toBe(true);
      const expected = [3 / 1.5, 0, (2 * 5) / 4.5, 0, 0, 0, 0];
      result.weights.forEach((w, j) => {
        expect(w).toBeCloseTo(expected[j]!, 8);
      });
    }
  });

  test("a tolerance that the start meets", () => {
    for (const features of bothLayouts([[1], [1]])) {
      const problem = { ...features, labels: [1, -1], loss: "squared", intercept: false } as const;
      const result = minimizeSync(problem, { ...options, tolerance: 10 });
      expect(result.converged).toBe(true);
      expect(result.passes).toBe(method === "svrg" ? 0 : 1);
    }
  });

  test("a penalty so strong that a step forgets the weights", () => {
    for (const features of bothLayouts([
      [1, 2],
      [3, -1],
      [0, 1],
    ])) {
      const problem = { ...features, labels: [1, 2, 3], loss: "squared", l2: 1e8, intercept: false } as const;
      const result = minimizeSync(problem, { ...options, tolerance: 1e-12 });
      expect(result.converged).toBe(true);
      // To first order in 1 / l2 the weights are sum_i y_i x_i / (n l2): (1 + 6, 2 - 2 + 3) / 3e8.
      expect(result.weights[0]! * 3e8).toBeCloseTo(7, 5);
      expect(result.weights[1]! * 3e8).toBeCloseTo(3, 5);
    }
  });
});
