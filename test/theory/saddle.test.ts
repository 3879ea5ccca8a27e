// min over x, max over y of U = x y from (1, 1): what a step does to the norm, and the norms after 100 steps. The numbers
// are worked out from the steps' matrices, not by running them.

import { describe, expect, test } from "vitest";
import { extragradient, type Optimizer, optimisticGradient, sgd, type Target } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

type Create = (target: Target, options: { learningRate: number; engine: (typeof engines)["strict"] }) => Optimizer;

/** The norms of the path, (1, 1) at its beginning. */
function norms(create: Create, learningRate: number, steps: number, engine: (typeof engines)["strict"]): number[] {
  const x = new Float64Array([1]);
  const y = new Float64Array([1]);
  using optimizer = create({ x, y }, { learningRate, engine });
  const path = [Math.hypot(x[0]!, y[0]!)];
  for (let t = 0; t < steps; t++) {
    optimizer.step(() => ({ x: y.slice(), y: x.map((value) => -value) }));
    path.push(Math.hypot(x[0]!, y[0]!));
  }
  return path;
}

/** The greatest root of the optimistic step, (1 - 2 i eta) z + i eta = z^2 with z complex. */
function optimisticRadius(eta: number): number {
  // z = ((1 - 2 i eta) +- sqrt((1 - 2 i eta)^2 + 4 i eta)) / 2, and what stands under the root is 1 - 4 eta^2.
  const under = 1 - 4 * eta * eta;
  const root = Math.sqrt(Math.abs(under));
  if (under >= 0) return Math.hypot((1 + root) / 2, eta);
  return (2 * eta + root) / 2 > 0 ? Math.hypot(1 / 2, eta + root / 2) : 0;
}

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("descent and ascent spiral outwards by sqrt(1 + eta^2) a step", () => {
    const path = norms(sgd, 0.1, 100, engine);
    expect(path[1]! / path[0]!).toBeCloseTo(Math.sqrt(1.01), 13);
    expect(path[100]).toBeCloseTo(2.325861, 6);
  });

  test.each([0.1, 0.5, 0.9, 1, 1.1])("extragradient: sqrt(1 - eta^2 + eta^4) every step, eta %d", (eta) => {
    const factor = Math.sqrt(1 - eta ** 2 + eta ** 4);
    const path = norms(extragradient, eta, 20, engine);
    for (let t = 0; t < 20; t++) expect(path[t + 1]! / path[t]!).toBeCloseTo(factor, 12);
    expect(Math.sign(1 - factor)).toBe(Math.sign(1 - eta));
  });

  test("extragradient: 0.859940 after 100 steps with 0.1; 0.9013878 a step with 0.5", () => {
    expect(norms(extragradient, 0.1, 100, engine)[100]).toBeCloseTo(0.85994, 6);
    const path = norms(extragradient, 0.5, 1, engine);
    expect(path[1]! / path[0]!).toBeCloseTo(0.9013878, 7);
  });

  test("optimistic: 0.859985 after 100 steps with 0.1", () => {
    expect(norms(optimisticGradient, 0.1, 100, engine)[100]).toBeCloseTo(0.859985, 6);
  });

  test.each([
    [0.1, 0.9949362],
    [0.5, Math.SQRT1_2],
  ])("optimistic: in the long run the spectral radius a step, eta %d", (eta, radius) => {
    expect(optimisticRadius(eta)).toBeCloseTo(radius, 7);
    // At 0.5 both roots are equal, and the norm falls a little later.
    const path = norms(optimisticGradient, eta, 2000, engine);
    expect((path[2000]! / path[1000]!) ** (1 / 1000)).toBeCloseTo(radius, eta === 0.5 ? 2 : 7);
  });

  test("optimistic: stable below 1 / sqrt(3), unstable above", () => {
    const limit = 1 / Math.sqrt(3);
    expect(optimisticRadius(limit)).toBeCloseTo(1, 12);
    expect(norms(optimisticGradient, limit - 0.01, 2000, engine).at(-1)!).toBeLessThan(1e-6);
    expect(norms(optimisticGradient, limit + 0.01, 2000, engine).at(-1)!).toBeGreaterThan(1e6);
  });
});

test("with one player extragradient is a step of (1 - eta lambda + eta^2 lambda^2) on a quadratic", () => {
  const w = new Float64Array([1]);
  using optimizer = extragradient({ w }, { learningRate: 0.25, engine: engines.strict });
  optimizer.step(() => ({ w: w.map((value) => 2 * value) }));
  expect(w[0]).toBe(1 - 0.5 + 0.25);
});

test("extragradient asks for both gradients of one sample, the second at the point ahead", () => {
  const w = new Float64Array([4]);
  const seen: number[][] = [];
  using optimizer = extragradient({ w }, { learningRate: 0.5, engine: engines.strict });
  for (let t = 0; t < 2; t++) {
    optimizer.step((sample) => {
      seen.push([sample, w[0]!]);
      return { w: w.slice() };
    });
  }
  expect(seen).toEqual([
    [0, 4],
    [0, 2],
    [1, 3],
    [1, 1.5],
  ]);
});
