// Accelerated gradient descent in both of its forms, against what is proved of it (Nesterov 1983; Allen-Zhu and Orecchia
// 2017; the numbers: Cutkosky's lecture notes, section 15, with its index misprints mended).

import { describe, expect, test } from "vitest";
import { acceleratedGradient, linearCoupling, type Optimizer } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";

expectMemoryReturned();

const forms = { acceleratedGradient, linearCoupling };

/** sum_i h_i (w_i - c_i)^2 / 2, with curvatures from `least` to 1 and least at c. */
function quadratic(dimension: number, least: number, seed: number) {
  const uniform = uniformNumbers(seed);
  const h = Array.from({ length: dimension }, (_, i) => (i === 0 ? 1 : i === 1 ? least : least ** uniform()));
  const c = h.map(() => 4 * uniform() - 2);
  return {
    value: (w: Float64Array) => h.reduce((sum, hi, i) => sum + (hi * (w[i]! - c[i]!) ** 2) / 2, 0),
    gradient: (w: Float64Array) => w.map((x, i) => h[i]! * (x - c[i]!)),
    squaredDistance: (w: Float64Array) => c.reduce((sum, ci, i) => sum + (w[i]! - ci) ** 2, 0),
  };
}

const alphaOf = (optimizer: Optimizer) => optimizer.stateDict().header.groups[0]!.memory.alpha!;

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("both forms take the same steps", () => {
    const f = quadratic(20, 1e-3, 1);
    const [w, v] = [new Float64Array(20), new Float64Array(20)];
    using momentum = acceleratedGradient([w], { learningRate: 1, engine });
    using coupling = linearCoupling([v], { learningRate: 1, engine });
    for (let t = 0; t < 500; t++) {
      momentum.step(() => [f.gradient(w)]);
      coupling.step(() => [f.gradient(v)]);
      w.forEach((x, i) => {
        expect(Math.abs(x - v[i]!)).toBeLessThan(1e-14);
      });
    }
  });

  describe.each(Object.entries(forms))("%s", (_, create) => {
    test("the weights are those of the theory", () => {
      const expected = [
        1, 1.61803398875, 2.193527085331, 2.74979134012, 3.294879677947, 3.83260140013, 4.365078717475, 4.89362176453,
      ];
      using optimizer = create([new Float64Array(1)], { engine });
      let sum = 0;
      for (let t = 1; t <= 2000; t++) {
        optimizer.step(() => [new Float64Array(1)]);
        const alpha = alphaOf(optimizer);
        sum += alpha;
        if (t <= 8) expect(alpha).toBeCloseTo(expected[t - 1]!, 11);
        expect(Math.abs(sum / alpha ** 2 - 1)).toBeLessThan(1e-12);
        expect(alpha).toBeGreaterThanOrEqual((t + 1) / 2);
        expect(alpha).toBeLessThanOrEqual(t);
      }
    });

    // L(w_(T+1)) - L* <= 2 |w_1 - w*|^2 / (eta (T + 1)^2) for eta <= 1 / H, here with H = 1 and the minimum 0.
    test.each([
      [1, 1],
      [2, 0.3],
      [3, 1],
    ])("after every step the gap is within the bound, seed %d, rate %d", (seed, learningRate) => {
      const f = quadratic(30, 1e-5, seed);
      const w = new Float64Array(30);
      const bound = (2 * f.squaredDistance(w)) / learningRate;
      using optimizer = create([w], { learningRate, engine });
      for (let t = 1; t <= 1500; t++) {
        optimizer.step(() => [f.gradient(w)]);
        expect(f.value(w)).toBeLessThanOrEqual(bound / (t + 1) ** 2);
      }
    });

    test("it is faster than descent can be shown to be, by far", () => {
      const f = quadratic(30, 1e-5, 4);
      const [w, v] = [new Float64Array(30), new Float64Array(30)];
      using accelerated = create([w], { learningRate: 1, engine });
      for (let t = 0; t < 1000; t++) {
        accelerated.step(() => [f.gradient(w)]);
        const g = f.gradient(v);
        v.forEach((_, i) => {
          v[i]! -= g[i]!;
        });
      }
      expect(f.value(w)).toBeLessThan(f.value(v) / 50);
    });

    // With restarts every 3 sqrt(e H / mu) steps the gap falls by e from one to the next.
    test.each([10, 100, 1000])("restarted, a condition of %d costs a factor e a run", (condition) => {
      const f = quadratic(20, 1 / condition, 5);
      const w = new Float64Array(20);
      const restartPeriod = Math.ceil(3 * Math.sqrt(Math.E * condition));
      using optimizer = create([w], { learningRate: 1, restartPeriod, engine });
      let gap = f.value(w);
      for (let run = 0; run < 5; run++) {
        for (let t = 0; t < restartPeriod; t++) optimizer.step(() => [f.gradient(w)]);
        expect(f.value(w)).toBeLessThanOrEqual(gap / Math.E);
        gap = f.value(w);
      }
    });
  });
});
