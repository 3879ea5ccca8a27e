// What the rules along averages and ahead of the parameters promise beside their traces (../theory/traces.test.ts).

import { describe, expect, test } from "vitest";
import {
  adagradNorm,
  emaMomentum,
  frequencyAwareSgd,
  lion,
  nesterovLookahead,
  normalizedSgd,
  parameters,
  sgd,
  signum,
  windowedMomentum,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";
import { writeGradient } from "./quadratic.js";

expectMemoryReturned();

const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("nesterovLookahead takes its gradients where sgd with nesterov stands", () => {
    const options = { learningRate: 0.1, momentum: 0.9, engine };
    const [w, x] = [new Float64Array(20), new Float64Array(20)];
    using looking = nesterovLookahead([w], options);
    using standing = sgd([x], { ...options, nesterov: true });
    for (let step = 0; step < 200; step++) {
      const gradient = new Float64Array(20);
      looking.step(() => {
        w.forEach((at, i) => {
          expect(Math.abs(at - x[i]!)).toBeLessThan(1e-14);
        });
        writeGradient(w, gradient);
        return [gradient];
      });
      standing.step([gradient]);
    }
  });

  test("emaMomentum is heavy ball with 1 - beta times the rate, and from the gradient with a velocity to begin with", () => {
    const [ema, ball] = [new Float64Array(9), new Float64Array(9)];
    using averaging = emaMomentum([ema], { learningRate: 1, momentum: 0.8, engine });
    using rolling = sgd([ball], { learningRate: 1 - 0.8, momentum: 0.8, engine });
    const normal = normalNumbers(3);
    for (let step = 0; step < 100; step++) {
      const gradient = Float64Array.from({ length: 9 }, normal);
      averaging.step([gradient]);
      rolling.step([gradient]);
    }
    expect(Math.max(...ema.map((x, i) => Math.abs(x - ball[i]!)))).toBeLessThan(1e-13);
  });

  // 17-b of the lecture notes: of independent gradients of variance 1 the debiased average has this variance.
  test.each([1, 2, 5, 30])("the debiased average of %d gradients weighs them as it should", (steps) => {
    const beta = 0.9;
    const w = new Float64Array(steps);
    const learningRate = (step: number) => Number(step === steps - 1);
    using optimizer = emaMomentum([w], { learningRate, momentum: beta, debias: true, engine });
    for (let step = 0; step < steps; step++) {
      optimizer.step([new Float64Array(steps).map((_, i) => Number(i === step))]);
    }
    expect(w.reduce((sum, x) => sum - x, 0)).toBeCloseTo(1, 13);
    const variance = ((1 - beta) * (1 + beta ** steps)) / ((1 + beta) * (1 - beta ** steps));
    expect(w.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(variance, 13);
  });

  test("a window of one is plain descent", () => {
    const [w, v] = [numbers(1, 2), numbers(1, 2)];
    using windowed = windowedMomentum([w], { learningRate: 0.25, window: 1, engine });
    using plain = sgd([v], { learningRate: 0.25, engine });
    for (let step = 1; step < 6; step++) {
      windowed.step([numbers(step, -1 / step)]);
      plain.step([numbers(step, -1 / step)]);
      expect(w).toEqual(v);
    }
  });

  test("a NaN leaves the sums of a window after two turns, and rounding errors don't add up", () => {
    const w = new Float32Array(3);
    const rate = (step: number) => (step < 1000 ? 0 : 1);
    using optimizer = windowedMomentum([w], { learningRate: rate, window: 8, engine });
    optimizer.step([new Float32Array([0, 0, Number.NaN])]);
    optimizer.step([new Float32Array([0, 1e6, 1])]);
    for (let step = 2; step < 1000; step++) optimizer.step([new Float32Array([Math.sin(step), 1e-3, 1])]);
    const last = Array.from({ length: 7 }, (_, k) => Math.fround(Math.sin(993 + k)));
    optimizer.step([new Float32Array([0, 1e-3, 1])]);
    // A running sum would have kept what 1e6 rounds away: 0.06.
    expect(w[0]).toBeCloseTo(-last.reduce((sum, x) => sum + x, 0) / 8, 6);
    expect(w[1]).toBeCloseTo(-1e-3, 9);
    const { slots } = optimizer.stateDict();
    expect(slots.newSum!["0"]![2]! + slots.oldSum!["0"]![2]!).toBe(8);
    expect(Object.keys(slots)).toEqual(["newSum", "oldSum", ...Array.from({ length: 8 }, (_, k) => `gradient${k}`)]);
  });

  test("every step of normalizedSgd has the length of its rate, and there is none without a gradient", () => {
    using set = parameters({ a: 5, b: [3, 4] }, { dtype: "float64", engine });
    using optimizer = normalizedSgd(set, { learningRate: 0.25 });
    const normal = normalNumbers(5);
    optimizer.step();
    expect([...set.values.a, ...set.values.b].every((x) => x === 0)).toBe(true);
    for (let step = 0; step < 50; step++) {
      const before = [...set.values.a, ...set.values.b];
      for (const gradient of [set.gradients.a, set.gradients.b]) gradient.set(Array.from(gradient, normal));
      optimizer.step();
      const moved = [...set.values.a, ...set.values.b].map((x, i) => x - before[i]!);
      expect(Math.hypot(...moved)).toBeCloseTo(0.25, 14);
    }
  });

  test("normalizedSgd without momentum: clipping one tensor, freezing one, decay beside the step, counts and all", () => {
    const w = { a: numbers(2, 0), b: numbers(0), c: numbers(7) };
    using optimizer = normalizedSgd(w, {
      learningRate: 0.5,
      momentum: 0,
      weightDecay: 0.5,
      decoupledWeightDecay: true,
      clipTensorNorm: 4,
      learningRateMultiplier: { c: 0 },
      clearGradients: true,
      engine,
    });
    const gradients = { a: numbers(0, 40), b: numbers(3), c: numbers(99) };
    optimizer.step(gradients);
    // The gradient is ((0, 4), 3), of norm 5; a shrinks by a quarter.
    expect(w.a[0]).toBe(1.5);
    expect(w.a[1]).toBeCloseTo(-0.4, 15);
    expect(w.b[0]).toBeCloseTo(-0.3, 15);
    expect(w.c[0]).toBe(7);
    expect(gradients).toEqual({ a: numbers(0, 0), b: numbers(0), c: numbers(0) });
    expect(optimizer.nonFiniteCount).toBe(0);
    optimizer.step({ a: numbers(0, Number.NaN), b: numbers(1), c: numbers(1) });
    expect(optimizer.nonFiniteCount).toBe(1);
  });

  test("signum is lion with two equal decays, bit for bit", () => {
    const [w, v] = [new Float32Array(9), new Float32Array(9)];
    using first = signum([w], { learningRate: 0.01, momentum: 0.7, engine });
    using second = lion([v], { learningRate: 0.01, beta1: 0.7, beta2: 0.7, engine });
    const normal = normalNumbers(4);
    for (let step = 0; step < 30; step++) {
      const gradient = Float32Array.from({ length: 9 }, normal);
      first.step([gradient]);
      second.step([gradient]);
      expect(w).toEqual(v);
    }
  });

  test("frequencyAwareSgd leaves alone what never has a gradient, and steps far for what is rare", () => {
    const w = numbers(1, 1, 1);
    using optimizer = frequencyAwareSgd([w], { learningRate: 0.5, engine });
    for (let step = 0; step < 3; step++) optimizer.step([numbers(0, 0, 1)]);
    const before = w[2]!;
    optimizer.step([numbers(0, 1, 1)]);
    expect(w[0]).toBe(1);
    expect(w[1]).toBe(0.5);
    expect(w[2]).toBe(before - 0.25);
    expect(optimizer.stateDict().slots.count!["0"]).toEqual(numbers(0, 1, 4));
  });

  test("adagradNorm's norm is that of the gradient as the rule sees it", () => {
    const w = { a: numbers(4, 0), b: numbers(2), c: numbers(7) };
    using optimizer = adagradNorm(w, {
      learningRate: 1,
      epsilon: 0,
      weightDecay: 0.5,
      weightDecayMultiplier: { b: 0 },
      learningRateMultiplier: { c: false },
      lossScale: 2,
      engine,
    });
    optimizer.step({ a: numbers(2, 8), b: numbers(24), c: numbers(99) });
    // (1 + 0.5 * 4, 4), 12 and nothing: of norm 13.
    expect(w.a[0]).toBeCloseTo(4 - 3 / 13, 15);
    expect(w.a[1]).toBeCloseTo(-4 / 13, 15);
    expect(w.b[0]).toBeCloseTo(2 - 12 / 13, 15);
    expect(w.c[0]).toBe(7);
  });

  test("adagradNorm takes no step without a gradient, epsilon or not", () => {
    const w = numbers(1, 2);
    using optimizer = adagradNorm([w], { learningRate: 1, epsilon: 0, engine });
    optimizer.step([numbers(0, 0)]);
    expect(w).toEqual(numbers(1, 2));
  });

  test("every group has a rate of its own", () => {
    const [v, w] = [numbers(0), numbers(0)];
    using optimizer = adagradNorm({ v }, { learningRate: 1, epsilon: 0, engine });
    optimizer.addGroup({ w });
    optimizer.step({ v: numbers(100), w: numbers(-1) });
    expect([v[0], w[0]]).toEqual([-1, 1]);
  });
});
