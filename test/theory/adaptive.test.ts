// Adaptive rates: what holds for all gradients whatever, on every path. From Cutkosky's lecture notes, sections 10, 12, 16
// and 22, with the constants that can be derived rather than those misprinted.

import { describe, expect, test } from "vitest";
import {
  adagrad,
  adagradNorm,
  adagradNormEma,
  adagradNormSafeguarded,
  type Optimizer,
  schedules,
  sgd,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const squared = (v: ArrayLike<number>) => Array.from(v).reduce((sum, x) => sum + x * x, 0);
const dot = (v: ArrayLike<number>, w: ArrayLike<number>) => Array.from(v).reduce((sum, x, i) => sum + x * w[i]!, 0);
const numberOf = (optimizer: Optimizer, name: string) => optimizer.stateDict().header.groups[0]!.memory[name]!;

/** Gradients that follow no function: noise of changing size, gusts along one coordinate, and pushes at the walls. */
const streams: Record<string, (seed: number) => (t: number, w: Float64Array) => Float64Array> = {
  noise: (seed) => {
    const normal = normalNumbers(seed);
    return (t, w) => w.map(() => normal() * 10 ** (t % 4));
  },
  gusts: (seed) => {
    const normal = normalNumbers(seed);
    return (t, w) => w.map((_, i) => (i === t % w.length ? 100 * normal() : 0));
  },
  outwards: (seed) => {
    const normal = normalNumbers(seed);
    return (t, w) => w.map((x) => (x > 0 ? 1 : -1) * (t % 7 === 0 ? -5 : 1) * Math.abs(normal()));
  },
  shrinking: (seed) => {
    const normal = normalNumbers(seed);
    return (t, w) => w.map(() => 1 / (1 + t) + normal() / (1 + t) ** 2);
  },
};

const cases = Object.keys(streams).flatMap((stream) => [1, 2].map((seed) => [stream, seed] as const));
const DIMENSION = 12;
const STEPS = 250;

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  describe.each(cases)("%s, seed %d", (stream, seed) => {
    // Theorem 16.3: sum <g_t, w_t - u> <= 2 sqrt(2) D sum_i sqrt(sum_t g_t[i]^2) for every u in the box, so for the worst.
    test("AdaGrad in a box regrets no more than its bound", () => {
      const radius = 1.5;
      const w = new Float64Array(DIMENSION);
      const draw = streams[stream]!(seed);
      using optimizer = adagrad([w], {
        learningRate: Math.SQRT2 * radius,
        projection: { kind: "box", radius },
        engine,
      });
      const [sums, squares] = [new Float64Array(DIMENSION), new Float64Array(DIMENSION)];
      let played = 0;
      for (let t = 0; t < STEPS; t++) {
        const g = draw(t, w);
        played += dot(g, w);
        g.forEach((x, i) => {
          sums[i]! += x;
          squares[i]! += x * x;
        });
        optimizer.step([g]);
        expect(Math.max(...w.map(Math.abs))).toBeLessThanOrEqual(radius);
        const regret = played + radius * sums.reduce((sum, x) => sum + Math.abs(x), 0);
        const bound = 2 * Math.SQRT2 * radius * squares.reduce((sum, x) => sum + Math.sqrt(x), 0);
        expect(regret).toBeLessThanOrEqual(bound * (1 + 1e-9));
      }
    });

    // Theorem 16.2: the same in a ball, with one rate: 2 sqrt(2) D sqrt(sum_t |g_t|^2).
    test("AdaGrad-Norm in a ball regrets no more than its bound", () => {
      const radius = 1.5;
      const w = new Float64Array(DIMENSION);
      const draw = streams[stream]!(seed);
      using optimizer = adagradNorm([w], {
        learningRate: Math.SQRT2 * radius,
        epsilon: 0,
        projection: { kind: "ball", radius },
        engine,
      });
      const sums = new Float64Array(DIMENSION);
      let [played, squares] = [0, 0];
      for (let t = 0; t < STEPS; t++) {
        const g = draw(t, w);
        played += dot(g, w);
        squares += squared(g);
        g.forEach((x, i) => {
          sums[i]! += x;
        });
        optimizer.step([g]);
        expect(Math.sqrt(squared(w))).toBeLessThanOrEqual(radius * (1 + 1e-15));
        const regret = played + radius * Math.sqrt(squared(sums));
        expect(regret).toBeLessThanOrEqual(2 * Math.SQRT2 * radius * Math.sqrt(squares) * (1 + 1e-12));
      }
    });

    // Lemma 10.2: sum |g_t|^2 / (eps^2 + s_t) <= log(1 + s_T / eps^2), with the 1.
    test("AdaGrad-Norm's squared steps add up to a logarithm, and none is longer than its rate", () => {
      const [rate, epsilon] = [0.7, 0.1];
      const w = new Float64Array(DIMENSION);
      const draw = streams[stream]!(seed);
      using optimizer = adagradNorm([w], { learningRate: rate, epsilon, engine });
      let [moved, squares] = [0, 0];
      for (let t = 0; t < STEPS; t++) {
        const g = draw(t, w);
        const before = w.slice();
        optimizer.step([g]);
        const step = squared(w.map((x, i) => x - before[i]!));
        moved += step;
        squares += squared(g);
        expect(Math.sqrt(step)).toBeLessThanOrEqual(rate * (1 + 1e-14));
        expect(moved).toBeLessThanOrEqual(rate ** 2 * Math.log(1 + squares / epsilon ** 2) * (1 + 1e-12));
      }
    });

    // Algorithm 9: sum |w_(t+1) - w_t|^2 <= c^2 (1 + log T), and rates that never grow.
    test.each([
      ["sum", 0.5],
      ["sum", 0.99],
      ["average", 0.9],
    ] as const)("the safeguarded rate never grows, %s, decay %d", (accumulation, decay) => {
      const rate = 0.7;
      const w = new Float64Array(DIMENSION);
      const draw = streams[stream]!(seed);
      using optimizer = adagradNormSafeguarded([w], { learningRate: rate, decay, accumulation, engine });
      let [moved, underRoot] = [0, 0];
      for (let t = 1; t <= STEPS; t++) {
        const before = w.slice();
        optimizer.step([draw(t, w)]);
        moved += squared(w.map((x, i) => x - before[i]!));
        if (accumulation === "sum") expect(moved).toBeLessThanOrEqual(rate ** 2 * (1 + Math.log(t)) * (1 + 1e-12));
        const now = numberOf(optimizer, "underRoot");
        expect(now).toBeGreaterThanOrEqual(underRoot * (1 - 1e-15));
        underRoot = now;
      }
    });

    test("with decay 1 the forgetful sum forgets nothing", () => {
      const [w, v] = [new Float64Array(DIMENSION), new Float64Array(DIMENSION)];
      const draw = streams[stream]!(seed);
      using forgetful = adagradNormEma([w], { learningRate: 0.7, decay: 1, engine });
      using standard = adagradNorm([v], { learningRate: 0.7, engine });
      for (let t = 0; t < 100; t++) {
        const g = draw(t, w);
        forgetful.step([g]);
        standard.step([g]);
      }
      expect(w).toEqual(v);
    });
  });

  // Theorem 22.1 on a path without noise: (1 / T) sum (f(w_t) - f*) <= G^2 (1 + log T) / (2 mu T), with the 1 / T.
  test("projected descent of a strongly convex function with steps 1 / (mu t)", () => {
    const h = [0.2, 0.5, 1, 3];
    const center = [0.3, -0.5, 0.7, 0.2];
    const [mu, radius] = [0.2, 1];
    const f = (w: Float64Array) => h.reduce((sum, hi, i) => sum + (hi * (w[i]! - center[i]!) ** 2) / 2, 0);
    // |grad f| on the ball is at most max h (|w| + |c|).
    const G = 3 * (radius + Math.sqrt(squared(center)));
    const w = new Float64Array([-1, 0, 0, 0]);
    using optimizer = sgd([w], {
      learningRate: (step) => 1 / (mu * (step + 1)),
      projection: { kind: "ball", radius },
      engine,
    });
    let sum = 0;
    for (let t = 1; t <= 1000; t++) {
      sum += f(w);
      expect(sum / t).toBeLessThanOrEqual((G ** 2 * (1 + Math.log(t))) / (2 * mu * t));
      optimizer.step([w.map((x, i) => h[i]! * (x - center[i]!))]);
    }
    expect(f(w)).toBeLessThan(1e-4);
  });

  // Hashemi's slides: AdaGrad-Norm on w^2 / 2 from 1, without kappa.
  test("AdaGrad-Norm in exact numbers", () => {
    const w = new Float64Array([1]);
    using half = adagradNorm([w], { learningRate: 0.5, epsilon: 0, engine });
    for (const expected of [0.5, 0.27639320225, 0.156398736024, 0.08911670791]) {
      half.step([w.slice()]);
      expect(Math.abs(w[0]! - expected)).toBeLessThan(1e-11);
    }
    const v = new Float64Array([1]);
    using whole = adagradNorm([v], { learningRate: schedules.constant(1), epsilon: 0, engine });
    whole.step([v.slice()]);
    expect(v[0]).toBe(0);
  });
});
