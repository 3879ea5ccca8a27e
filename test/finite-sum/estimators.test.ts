// Gradient estimators for gradients of one's own, on a finite sum of which everything is known.

import { describe, expect, test } from "vitest";
import { ControlVariate, GradientTable, RecursiveGradient, ScalarGradientTable } from "../../src/finite-sum/index.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";

const N = 12;
const D = 5;
const normal = normalNumbers(3);
const x = Array.from({ length: N }, () => Array.from({ length: D }, normal));
const y = Array.from({ length: N }, normal);

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, j) => sum + v * b[j]!, 0);
/** Of (x_i.w - y_i)^2 / 2 + 0.05 |w|^2. */
const gradientOf = (i: number, w: ArrayLike<number>) =>
  x[i]!.map((value, j) => value * (dot(x[i]!, w) - y[i]!) + 0.1 * w[j]!);
const meanOf = (vectors: readonly ArrayLike<number>[]) =>
  Array.from({ length: D }, (_, j) => vectors.reduce((sum, v) => sum + v[j]!, 0) / vectors.length);
const fullGradient = (w: ArrayLike<number>) => meanOf(x.map((_, i) => gradientOf(i, w)));
const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (v, j) => Math.abs(v - b[j]!)));
const point = (scale: number) => Array.from({ length: D }, () => scale * normal());

function filled(storage: "float64" | "float32" | "float16" | "int8", w: ArrayLike<number>, method?: "sag" | "saga") {
  const table = new GradientTable(N, D, { storage, ...(method ? { method } : {}) });
  for (let i = 0; i < N; i++) table.direction(i, gradientOf(i, w));
  return table;
}

describe.each(["float64", "float32", "float16", "int8"] as const)("GradientTable, %s", (storage) => {
  const error = { float64: 1e-14, float32: 1e-6, float16: 5e-3, int8: 3e-2 }[storage];

  // By enumeration: the mean of the directions over all samples is the full gradient, however the table is rounded.
  test("SAGA's direction is unbiased", () => {
    const [w, later] = [point(1), point(0.1)];
    const directions = x.map((_, i) => filled(storage, w).direction(i, gradientOf(i, later)));
    expect(difference(meanOf(directions), fullGradient(later))).toBeLessThan(1e-13);
  });

  test("the mean is that of the last gradients, to the table's rounding", () => {
    const w = point(1);
    const table = filled(storage, w);
    expect(difference(table.mean(), fullGradient(w))).toBeLessThan(error);
    const later = point(0.5);
    const direction = filled(storage, w, "sag").direction(3, gradientOf(3, later));
    const kept = x.map((_, i) => gradientOf(i, i === 3 ? later : w));
    expect(difference(direction, meanOf(kept))).toBeLessThan(error);
    expect(table.seen).toBe(N);
  });

  test.each(["sag", "saga"] as const)("%s finds the minimum", (method) => {
    const table = new GradientTable(N, D, { method, storage });
    const uniform = uniformNumbers(5);
    const w = new Float64Array(D);
    for (let step = 0; step < 6000; step++) {
      const i = Math.floor(uniform() * N);
      const direction = table.direction(i, gradientOf(i, w));
      for (let j = 0; j < D; j++) w[j]! -= 0.02 * direction[j]!;
    }
    // SAG's mean is off by what the table's rounding is; SAGA's is not.
    expect(Math.hypot(...fullGradient(w))).toBeLessThan(method === "saga" ? error / 4 + 1e-12 : error);
  });

  test("its size is what it says", () => {
    const { bytes } = new GradientTable(10, 512, { storage });
    expect(bytes).toBe({ float64: 40_960, float32: 20_480, float16: 10_240, int8: 5120 + 80 }[storage]);
  });
});

/** The greatest error of a number from rounding, by the definition of the formats. */
const roundings = {
  float32: (gradient: readonly number[], j: number) => Math.abs(gradient[j]!) * 2 ** -24,
  float16: (gradient: readonly number[], j: number) => Math.max(Math.abs(gradient[j]!) * 2 ** -11, 2 ** -25),
  // Half a step of the block's scale, which is itself rounded to float32.
  int8: (gradient: readonly number[]) => (Math.max(...gradient.map(Math.abs)) / 127) * (0.5 + 127 * 2 ** -23),
};

test.each(["float32", "float16", "int8"] as const)("a table in %s is off by no more than its rounding", (storage) => {
  for (const scale of [1e-3, 1, 100]) {
    const gradient = Array.from({ length: 200 }, () => scale * normal());
    const table = new GradientTable(1, gradient.length, { storage });
    table.direction(0, gradient);
    const mean = table.mean();
    for (const [j, value] of gradient.entries()) {
      expect(Math.abs(mean[j]! - value)).toBeLessThanOrEqual(roundings[storage](gradient, j));
    }
  }
});

describe.each(["float64", "float32", "float16"] as const)("ScalarGradientTable, %s", (storage) => {
  const error = { float64: 1e-14, float32: 1e-6, float16: 5e-3 }[storage];
  const residualOf = (i: number, w: ArrayLike<number>) => dot(x[i]!, w) - y[i]!;
  const residualGradient = (w: ArrayLike<number>) => meanOf(x.map((row, i) => row.map((v) => residualOf(i, w) * v)));
  const filledScalars = (w: ArrayLike<number>) => {
    const table = new ScalarGradientTable(N, D, { storage });
    for (const [i, row] of x.entries()) table.direction(i, residualOf(i, w), row);
    return table;
  };

  test("SAGA's direction is unbiased, by enumeration", () => {
    const [w, later] = [point(1), point(0.1)];
    const directions = x.map((row, i) => filledScalars(w).direction(i, residualOf(i, later), row));
    expect(difference(meanOf(directions), residualGradient(later))).toBeLessThan(1e-13);
    expect(difference(filledScalars(w).mean(), residualGradient(w))).toBeLessThan(error);
  });

  test("it is the table of whole gradients, in fewer bytes", () => {
    for (const method of ["saga", "sag"] as const) {
      const scalars = new ScalarGradientTable(N, D, { storage: "float64", method });
      const whole = new GradientTable(N, D, { storage: "float64", method });
      for (let step = 0; step < 50; step++) {
        const i = (5 * step) % N;
        const r = normal();
        const direction = scalars.direction(i, r, x[i]!);
        expect(
          difference(
            direction,
            whole.direction(
              i,
              x[i]!.map((v) => r * v),
            ),
          ),
        ).toBeLessThan(1e-14);
      }
      expect(scalars.seen).toBe(whole.seen);
    }
    expect(new ScalarGradientTable(10, 512, { storage }).bytes).toBe(
      { float64: 80, float32: 40, float16: 20 }[storage],
    );
  });

  test("refuses what is not of its size", () => {
    const table = new ScalarGradientTable(2, 3, { storage });
    expect(() => table.direction(2, 1, [1, 2, 3])).toThrow("sample must be an integer in [0, 1], got 2");
    expect(() => table.direction(0, Number.NaN, [1, 2, 3])).toThrow("scalar must be in");
    expect(() => table.direction(0, 1, [1])).toThrow("vectors must have 3 elements, got 1");
  });
});

describe("ControlVariate", () => {
  test("is unbiased whatever the snapshot and the coefficient", () => {
    const [w, kept] = [point(1), point(1)];
    const variate = new ControlVariate(D);
    variate.snapshot(fullGradient(kept));
    for (const coefficient of [0, 0.5, 1, 1.7]) {
      const directions = x.map((_, i) => variate.direction(gradientOf(i, w), gradientOf(i, kept), coefficient));
      expect(difference(meanOf(directions), fullGradient(w))).toBeLessThan(1e-13);
    }
  });

  test("says what it is worth: much near the snapshot, harm far from it", () => {
    const kept = point(1);
    const ratioAt = (w: readonly number[]) => {
      const variate = new ControlVariate(D);
      variate.snapshot(fullGradient(kept));
      const directions = x.map((_, i) => variate.direction(gradientOf(i, w), gradientOf(i, kept)));
      const variance = (vectors: readonly ArrayLike<number>[]) => {
        const mean = meanOf(vectors);
        return vectors.reduce((sum, v) => sum + Array.from(v).reduce((s, g, j) => s + (g - mean[j]!) ** 2, 0), 0);
      };
      const { varianceRatio, bestCoefficient, steps } = variate.diagnostics();
      expect(steps).toBe(N);
      const gradients = x.map((_, i) => gradientOf(i, w));
      expect(Math.abs(varianceRatio - variance(directions) / variance(gradients))).toBeLessThan(1e-10);
      return { varianceRatio, bestCoefficient };
    };
    const near = ratioAt(kept.map((v) => v + 0.01));
    expect(near.varianceRatio).toBeLessThan(0.01);
    expect(Math.abs(near.bestCoefficient - 1)).toBeLessThan(0.05);
    expect(ratioAt(kept.map((v) => -v)).varianceRatio).toBeGreaterThan(1);
  });

  test("needs a snapshot, and gradients of its size", () => {
    const variate = new ControlVariate(2);
    expect(() => variate.direction([1, 2], [1, 2])).toThrow("ControlVariate.direction: take a snapshot first");
    expect(() => variate.snapshot([1])).toThrow("ControlVariate: gradients must have 2 elements, got 1");
  });
});

describe("RecursiveGradient", () => {
  // Telescoping: with every batch the whole sum, the direction is the gradient, for every weight.
  test.each([0, 0.3, 1])("without noise it is the gradient, weight %d", (weight) => {
    const recursive = new RecursiveGradient(D);
    let w = point(1);
    recursive.restart(fullGradient(w));
    for (let step = 0; step < 20; step++) {
      const next = w.map((v) => v - 0.1 + 0.01 * step);
      const direction = recursive.direction(fullGradient(next), fullGradient(w), weight);
      expect(difference(direction, fullGradient(next))).toBeLessThan(1e-13);
      w = next;
    }
  });

  test("the rule, by hand", () => {
    const recursive = new RecursiveGradient(2);
    expect(() => recursive.direction([1, 1], [1, 1])).toThrow("restart from a gradient first");
    recursive.restart([1, 0]);
    // 0.75 + (1 - 0.5) (1 - 0.25), 0.125 + 0.5 (0 - 0.5)
    expect([...recursive.direction([0.75, 0.125], [0.25, 0.5], 0.5)]).toEqual([1.125, -0.125]);
    const gradient = Float32Array.of(1, 2);
    expect(recursive.direction(gradient, [1, 2], 0, gradient)).toBe(gradient);
    expect([...gradient]).toEqual([1.125, -0.125]);
  });
});
