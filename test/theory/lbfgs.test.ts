// L-BFGS: PyTorch's walk, BFGS's formula with whole matrices, and conjugate gradients, which it is on a quadratic.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type LbfgsOptions, lbfgs, parameters } from "../../src/index.js";
import { seeded } from "../kernels/numbers.js";
import { type Matrix, matrix, product, withSpectrum } from "../matrix/dense.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const golden = JSON.parse(readFileSync(new URL("../golden/torch-lbfgs.json", import.meta.url), "utf8"));

type Numbers = ArrayLike<number>;

const dot = (x: Numbers, y: Numbers): number => Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
const times = (a: Matrix, x: Numbers): number[] => a.map((row) => dot(row, x));
const plus = (x: Numbers, factor: number, y: Numbers): number[] => Array.from(x, (value, i) => value + factor * y[i]!);

/** The greatest difference, in parts of the greatest number. */
function distance(actual: Numbers, expected: Numbers): number {
  const differences = Array.from(expected, (x, i) => Math.abs(x - actual[i]!));
  return Math.max(...differences) / Math.max(...Array.from(expected, Math.abs));
}

const DIMENSION = 8;

/** (w - b).A (w - b) / 2, with a matrix and a minimum of its own for every sample. */
function samples(count: number, least = 0.5) {
  const normal = normalNumbers(7);
  const drawn = Array.from({ length: count }, (_, k) => {
    const spectrum = Array.from({ length: DIMENSION }, (_, i) => least + i);
    return { a: withSpectrum(seeded(k + 1), spectrum), b: Array.from({ length: DIMENSION }, normal) };
  });
  return (sample: number, w: Numbers): number[] => {
    const { a, b } = drawn[sample % count]!;
    return times(a, plus(w, -1, b));
  };
}

const start = () => Float64Array.from({ length: DIMENSION }, (_, i) => 3 * Math.cos(i + 1));

/** H <- (I - rho s y^T) H (I - rho y s^T) + rho s s^T, from the oldest pair to the newest. */
function inverseHessian(pairs: readonly (readonly [number[], number[]])[], scale: number): Matrix {
  const n = DIMENSION;
  let h: Matrix = matrix(n, n, (i, j) => (i === j ? scale : 0));
  for (const [s, y] of pairs) {
    const rho = 1 / dot(s, y);
    const left = matrix(n, n, (i, j) => Number(i === j) - rho * s[i]! * y[j]!);
    const right = matrix(n, n, (i, j) => Number(i === j) - rho * y[i]! * s[j]!);
    h = product(product(left, h), right).map((row, i) => row.map((x, j) => x + rho * s[i]! * s[j]!));
  }
  return h;
}

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test.each(golden.cases as { historySize: number; learningRate: number; walk: number[][] }[])(
    "PyTorch's walk, $historySize pairs, rate $learningRate",
    ({ historySize, learningRate, walk }) => {
      const c: number[] = golden.curvatures;
      const w = Float64Array.from(golden.start);
      using optimizer = lbfgs([w], { historySize, learningRate, engine });
      const coupled = (i: number) => ((w[i - 1] ?? 0) + (w[i + 1] ?? 0)) / 3;
      for (const expected of walk) {
        optimizer.step(() => [w.map((x, i) => c[i]! * x + x ** 3 + coupled(i))]);
        w.forEach((x, i) => {
          expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-8);
        });
      }
    },
  );

  test.each<[LbfgsOptions]>([
    [{}],
    [{ historySize: 1 }],
    [{ historySize: 3, damping: 0.3 }],
    [{ nonConvex: "damp" }],
    [{ weightDecay: 0.1 }],
    [{ weightDecay: 0.1, decoupledWeightDecay: true }],
    [{ maximize: true }],
    [{ lineSearch: "secant" }],
  ])("the formula with whole matrices on noisy samples, %o", (options) => {
    const { historySize = 10, damping = 0, decoupledWeightDecay, lineSearch } = options;
    const weightDecay = (options.weightDecay as number | undefined) ?? 0;
    const learningRate = 0.2;
    const gradient = samples(5);
    const sign = options.maximize ? -1 : 1;
    const l2 = decoupledWeightDecay ? 0 : weightDecay;
    const w = start();
    using optimizer = lbfgs([w], { learningRate, ...options, engine });
    let p = [...start()];
    const pairs: [number[], number[]][] = [];
    let scale = 1;
    for (let t = 0; t < 30; t++) {
      optimizer.step((sample) => [Float64Array.from(gradient(sample, w), (x) => sign * x)]);
      const at = (q: number[]) => plus(gradient(t, q), l2, q);
      const g = at(p);
      if (pairs.length === 0) scale = Math.min(1, 1 / g.reduce((sum, x) => sum + Math.abs(x), 0));
      const d = times(inverseHessian(pairs, scale), g);
      const s = d.map((x) => -learningRate * x);
      let y = plus(at(plus(p, 1, s)), -1, g);
      const rate = lineSearch === "secant" ? Math.min(10, -dot(g, s) / dot(s, y)) : 1;
      y = plus(y, damping, s);
      if (options.nonConvex === "damp" && pairs.length > 0) {
        const expected = dot(s, s) / scale;
        const part = Math.min(1, (0.75 * expected) / (expected - dot(s, y)));
        if (dot(s, y) < 0.25 * expected)
          y = plus(
            y.map((x) => part * x),
            (1 - part) / scale,
            s,
          );
      }
      pairs.push([s, y]);
      if (pairs.length > historySize) pairs.shift();
      scale = dot(s, y) / dot(y, y);
      p = plus(
        p.map((x) => (1 - (decoupledWeightDecay ? learningRate * weightDecay : 0)) * x),
        rate,
        s,
      );
      expect(distance(w, p)).toBeLessThan(1e-9);
    }
  });

  test.each([1, 3, 20])(
    "with the secant on a quadratic it makes the steps of conjugate gradients, %d pairs",
    (historySize) => {
      const a = withSpectrum(seeded(3), [1, 2, 3, 5, 8, 13, 21, 34]);
      const w = start();
      using optimizer = lbfgs([w], { historySize, lineSearch: "secant", engine });
      let [x, residual] = [[...start()], times(a, start()).map((value) => -value)];
      let along = residual;
      for (let t = 0; t < DIMENSION; t++) {
        optimizer.step(() => [Float64Array.from(times(a, w))]);
        const image = times(a, along);
        const length = dot(residual, residual) / dot(along, image);
        x = plus(x, length, along);
        const next = plus(residual, -length, image);
        along = plus(next, dot(next, next) / dot(residual, residual), along);
        residual = next;
        expect(Math.max(...plus(w, -1, x).map(Math.abs))).toBeLessThan(1e-9);
      }
      expect(Math.max(...w.map(Math.abs))).toBeLessThan(1e-9);
    },
  );

  test("damped it goes on where the curvature is negative, and leaves such a pair out otherwise", () => {
    for (const nonConvex of ["skip", "damp"] as const) {
      // w^4 / 4 - w^2 / 2, whose curvature is negative up to 0.577.
      const w = new Float64Array([0.05]);
      using optimizer = lbfgs([w], { nonConvex, learningRate: 0.3, engine });
      optimizer.step(() => [w.map((x) => x ** 3 - x)]);
      const kept = optimizer.stateDict().slots.step0!["0"]![0]!;
      if (nonConvex === "skip") expect(kept).toBe(0);
      else expect(kept).toBeGreaterThan(0);
      for (let t = 0; t < 60; t++) optimizer.step(() => [w.map((x) => x ** 3 - x)]);
      expect(w[0]).toBeCloseTo(1, 5);
    }
  });

  test("the closure is asked at p and at p + s with one number, and parameters that it finds are the trial's", () => {
    const set = parameters({ w: 1 }, { dtype: "float64", engine });
    set.values.w[0] = 4;
    const seen: number[][] = [];
    using optimizer = lbfgs(set, { learningRate: 0.5 });
    for (let t = 0; t < 2; t++) {
      optimizer.step((sample) => {
        seen.push([sample, set.values.w[0]!]);
        set.gradients.w[0] = set.values.w[0]!;
        return undefined;
      });
    }
    // H_0 = 1 / 4 at first, then the inverse curvature 1.
    expect(seen).toEqual([
      [0, 4],
      [0, 3.5],
      [1, 3.5],
      [1, 1.75],
    ]);
    set.dispose();
  });
});
