// Momentum on w^2 / 2, in exact numbers; and what a step along any average is worth.

import { describe, expect, test } from "vitest";
import { emaMomentum, nesterovLookahead, normalizedSgd, type Optimizer, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";
import { stepWith } from "../optimizers/train.js";

expectMemoryReturned();

/** f(w) = sum_i h_i (1 - cos w_i), whose second derivatives lie between -H and H: smooth and not convex. */
function waves(dimension: number, seed: number) {
  const uniform = uniformNumbers(seed);
  const h = Array.from({ length: dimension }, () => 0.2 + 2 * uniform());
  return {
    H: Math.max(...h),
    start: Float64Array.from(h, () => 6 * uniform() - 3),
    value: (w: Float64Array) => h.reduce((sum, hi, i) => sum + hi * (1 - Math.cos(w[i]!)), 0),
    gradient: (w: Float64Array) => w.map((x, i) => h[i]! * Math.sin(x)),
  };
}

const squared = (v: Float64Array) => v.reduce((sum, x) => sum + x * x, 0);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  /** w^2 / 2 from 1: where the steps lead. */
  function walk(create: (w: Float64Array[]) => Optimizer, steps: readonly number[]): number[] {
    const w = new Float64Array([1]);
    using optimizer = create([w]);
    const seen: number[] = [];
    for (let t = 1; t <= steps.at(-1)!; t++) {
      stepWith(optimizer, () => [w.slice()]);
      if (steps.includes(t)) seen.push(w[0]!);
    }
    return seen;
  }

  const momentum = 0.9;
  const heavyBall = [0.9, 0.72, 0.486, -0.5887893888, -0.0666802389];

  // Worked out from the two-term recurrences; Hashemi's slides, (215) to (224), with (218) made explicit.
  test.each<[string, (w: Float64Array[]) => Optimizer, number[]]>([
    ["heavy ball", (w) => sgd(w, { learningRate: 0.1, momentum, engine }), heavyBall],
    [
      "heavy ball, rate inside",
      (w) => sgd(w, { learningRate: 0.1, momentum, learningRatePlacement: "inside", engine }),
      heavyBall,
    ],
    ["average, ten times the rate", (w) => emaMomentum(w, { learningRate: 1, momentum, engine }), heavyBall],
    [
      "Nesterov",
      (w) => nesterovLookahead(w, { learningRate: 0.1, momentum, engine }),
      [0.9, 0.729, 0.51759, -0.3503753991, -0.0052190991],
    ],
    [
      "average, debiased",
      (w) => emaMomentum(w, { learningRate: 0.1, momentum, debias: true, engine }),
      [0.9, 0.8052631579, 0.7157700524, 0.2314616833, -0.0022807605],
    ],
  ])("%s after 1, 2, 3, 10 and 50 steps", (_, create, expected) => {
    const seen = walk(create, [1, 2, 3, 10, 50]);
    seen.forEach((w, k) => {
      expect(Math.abs(w - expected[k]!)).toBeLessThan(1e-10);
    });
  });

  // w_(t+1) = w_t - v_t with v_t = beta v_(t-1) - eta g_t, as it is often printed, climbs: it is heavy ball that maximises.
  test("momentum with the printed sign runs away", () => {
    let [w, v] = [1, 0];
    for (let t = 0; t < 50; t++) {
      v = momentum * v - 0.1 * w;
      w -= v;
    }
    const [climbed] = walk((target) => sgd(target, { learningRate: 0.1, momentum, maximize: true, engine }), [50]);
    expect(climbed! / w).toBeCloseTo(1, 12);
    expect(climbed).toBeGreaterThan(6e5);
    expect(climbed).toBeLessThan(6.2e5);
  });

  // Cutkosky, lemma 20.1: with e = m - grad f(w) and eta <= 1 / (4 H), for any m whatever,
  //   f(w - eta m) - f(w) <= -(eta / 4) |grad f(w)|^2 + (3 eta / 4) |e|^2.
  test.each([0.1, 1, 10])("a step along a biased average loses no more than its error, noise %d", (noise) => {
    const f = waves(20, 7);
    const w = f.start.slice();
    const rate = 1 / (4 * f.H);
    const normal = normalNumbers(11);
    using optimizer = emaMomentum([w], { learningRate: rate, momentum, start: "gradient", engine });
    for (let t = 0; t < 500; t++) {
      const before = f.value(w);
      const gradient = f.gradient(w);
      optimizer.step([gradient.map((g) => g + noise * normal())]);
      const m = optimizer.stateDict().slots.firstMoment!["0"]!;
      const error = squared(gradient.map((g, i) => m[i]! - g));
      const promised = (rate / 4) * (3 * error - squared(gradient));
      expect(f.value(w) - before).toBeLessThanOrEqual(promised + 1e-13);
    }
  });

  // Cutkosky, lemma 24.2: for any m,
  //   f(w - eta m / |m|) <= f(w) - (eta / 3) |grad f(w)| + (13 eta / 6) |m - grad f(w)| + H eta^2 / 2.
  test.each([0.1, 1, 10])("a normalised step loses no more than its error, noise %d", (noise) => {
    const f = waves(20, 8);
    const w = f.start.slice();
    const rate = 0.05;
    const normal = normalNumbers(12);
    using optimizer = normalizedSgd([w], { learningRate: rate, momentum, engine });
    for (let t = 0; t < 500; t++) {
      const before = f.value(w);
      const gradient = f.gradient(w);
      optimizer.step([gradient.map((g) => g + noise * normal())]);
      const m = optimizer.stateDict().slots.firstMoment!["0"]!;
      const error = Math.sqrt(squared(gradient.map((g, i) => m[i]! - g)));
      const promised = (-rate / 3) * Math.sqrt(squared(gradient)) + ((13 * rate) / 6) * error + (f.H * rate ** 2) / 2;
      expect(f.value(w) - before).toBeLessThanOrEqual(promised + 1e-13);
    }
  });

  // Cutkosky, section 20: e_(t+1) = (1 - a) e_t + (1 - a) (grad f(w_t) - grad f(w_(t+1))) + a r_(t+1) with the noise r.
  test("the error of an average obeys its recursion", () => {
    const f = waves(10, 9);
    const w = f.start.slice();
    const normal = normalNumbers(13);
    using optimizer = emaMomentum([w], { learningRate: 0.05, momentum, engine });
    let before: { error: Float64Array; gradient: Float64Array } | undefined;
    for (let t = 0; t < 100; t++) {
      const gradient = f.gradient(w);
      const noise = Float64Array.from(gradient, normal);
      optimizer.step([gradient.map((g, i) => g + noise[i]!)]);
      const m = optimizer.stateDict().slots.firstMoment!["0"]!;
      const error = gradient.map((g, i) => m[i]! - g);
      if (before) {
        const { error: e, gradient: g } = before;
        error.forEach((x, i) => {
          const expected = momentum * (e[i]! + g[i]! - gradient[i]!) + (1 - momentum) * noise[i]!;
          expect(Math.abs(x - expected)).toBeLessThan(1e-14 * 10);
        });
      }
      before = { error, gradient };
    }
  });
});
