// Gradient descent on paths without noise, against what is proved of it: Cutkosky's lecture notes, sections 2 to 21.

import { describe, expect, test } from "vitest";
import { type Optimizer, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";

expectMemoryReturned();

const squared = (v: Float64Array) => v.reduce((sum, x) => sum + x * x, 0);

/** sum_i h_i (w_i - c_i)^2 / 2, from 0. */
function quadratic(seed: number, least: number, most: number) {
  const uniform = uniformNumbers(seed);
  const h = Array.from({ length: 20 }, (_, i) =>
    i === 0 ? least : i === 1 ? most : least + (most - least) * uniform(),
  );
  const c = Float64Array.from(h, () => 4 * uniform() - 2);
  return {
    squaredDistance: squared(c),
    value: (w: Float64Array) => h.reduce((sum, hi, i) => sum + (hi * (w[i]! - c[i]!) ** 2) / 2, 0),
    gradient: (w: Float64Array) => w.map((x, i) => h[i]! * (x - c[i]!)),
  };
}

/** Steps down a function from 0; `watch` sees every point at which a gradient is taken. */
function descend(
  create: (w: Float64Array[]) => Optimizer,
  { gradient }: { gradient: (w: Float64Array) => Float64Array },
  steps: number,
  watch: (w: Float64Array, t: number) => void,
): void {
  const w = new Float64Array(20);
  using optimizer = create([w]);
  for (let t = 1; t <= steps; t++) {
    watch(w, t);
    optimizer.step([gradient(w)]);
  }
}

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  // Theorem 13.3: with eta = 1 / (2 H), sum (f(w_t) - f*) <= 2 H |w_1 - w*|^2.
  test.each([1, 2, 3])("smooth and convex: the gaps add up to a constant, seed %d", (seed) => {
    const H = 3;
    const f = quadratic(seed, 1e-4, H);
    let sum = 0;
    descend(
      (w) => sgd(w, { learningRate: 1 / (2 * H), engine }),
      f,
      500,
      (w) => {
        sum += f.value(w);
        expect(sum).toBeLessThanOrEqual(2 * H * f.squaredDistance);
      },
    );
  });

  test("so that the gap of the mean iterate falls like 1 / T", () => {
    const H = 3;
    const f = quadratic(4, 1e-4, H);
    const w = new Float64Array(20);
    using optimizer = sgd([w], { learningRate: 1 / (2 * H), average: { kind: "uniform" }, engine });
    for (let T = 1; T <= 300; T++) {
      optimizer.step([f.gradient(w)]);
      const gap = optimizer.withAverages(() => f.value(w));
      expect(gap).toBeLessThanOrEqual((2 * H * f.squaredDistance) / T);
    }
  });

  // Theorem 21.6: with eta = 1 / H, f(w_(t+1)) - f* <= (1 - mu / H)^t (f(w_1) - f*).
  test.each([2, 10, 100])("strongly convex: the gap is geometric, condition %d", (condition) => {
    const f = quadratic(5, 1, condition);
    let first = 0;
    descend(
      (w) => sgd(w, { learningRate: 1 / condition, engine }),
      f,
      200,
      (w, t) => {
        if (t === 1) first = f.value(w);
        expect(f.value(w)).toBeLessThanOrEqual((1 - 1 / condition) ** (t - 1) * first * (1 + 1e-13) + 1e-28);
      },
    );
  });

  // Theorem 2.4: for a G-Lipschitz f and eta = D / (G sqrt(T)), sum (f(w_t) - f*) <= G D sqrt(T).
  test.each([10, 100, 1000])("convex and Lipschitz: the gaps of %d steps add up to its root", (steps) => {
    const uniform = uniformNumbers(steps);
    const c = Float64Array.from({ length: 20 }, () => 4 * uniform() - 2);
    const f = {
      value: (w: Float64Array) => w.reduce((sum, x, i) => sum + Math.abs(x - c[i]!), 0),
      gradient: (w: Float64Array) => w.map((x, i) => Math.sign(x - c[i]!)),
    };
    const [G, D] = [Math.sqrt(20), Math.sqrt(squared(c))];
    let sum = 0;
    descend(
      (w) => sgd(w, { learningRate: D / (G * Math.sqrt(steps)), engine }),
      f,
      steps,
      (w) => {
        sum += f.value(w);
      },
    );
    expect(sum).toBeLessThanOrEqual(G * D * Math.sqrt(steps));
  });

  // Theorem 5.8: with eta <= 1 / H, sum |grad f(w_t)|^2 <= 2 (f(w_1) - f*) / eta, convex or not.
  test.each([0.3, 1])("smooth only: the squared gradients add up to a constant, at %d / H", (share) => {
    const uniform = uniformNumbers(6);
    const h = Array.from({ length: 20 }, () => 0.2 + 2 * uniform());
    const shift = h.map(() => 6 * uniform() - 3);
    const f = {
      value: (w: Float64Array) => h.reduce((sum, hi, i) => sum + hi * (1 - Math.cos(w[i]! - shift[i]!)), 0),
      gradient: (w: Float64Array) => w.map((x, i) => h[i]! * Math.sin(x - shift[i]!)),
    };
    const rate = share / Math.max(...h);
    const bound = (2 * f.value(new Float64Array(20))) / rate;
    let sum = 0;
    descend(
      (w) => sgd(w, { learningRate: rate, engine }),
      f,
      300,
      (w) => {
        sum += squared(f.gradient(w));
        expect(sum).toBeLessThanOrEqual(bound);
      },
    );
  });
});
