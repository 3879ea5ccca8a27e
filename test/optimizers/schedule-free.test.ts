// Schedule-free SGD and AdamW, and Prodigy, against plain loops written from the papers' formulas.

import { describe, expect, test } from "vitest";
import {
  type ProdigyOptions,
  parameters,
  prodigy,
  type ScheduleFreeAdamwOptions,
  type ScheduleFreeSgdOptions,
  scheduleFreeAdamw,
  scheduleFreeSgd,
  schedules,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { center, stiffness } from "./quadratic.js";

expectMemoryReturned();

const N = 11;
const STEPS = 60;
const start = () => Float64Array.from({ length: N }, (_, i) => Math.cos(3 * i));
const gradientAt = (w: ArrayLike<number>, t: number) =>
  Float64Array.from({ length: N }, (_, i) => stiffness(i) * (w[i]! - center(i)) + 0.3 * Math.sin(t + i));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(2e-13);
}

/** The rate of step t = 1, 2, ..., without the second moment's correction. */
const rateAt = (learningRate: number, warmupSteps: number, t: number) =>
  learningRate * Math.min(1, warmupSteps === 0 ? 1 : t / warmupSteps);

describe.each(variants)("scheduleFreeSgd, %s", (variant) => {
  test.each<[ScheduleFreeSgdOptions]>([
    [{}],
    [{ momentum: 0.5, warmupSteps: 10 }],
    [{ momentum: 0 }],
    [{ weightPower: 0, warmupSteps: 7 }],
    [{ weightDecay: 0.1, warmupSteps: 7 }],
    [{ weightDecay: 0.1, warmupSteps: 7, decoupledWeightDecay: true }],
    [{ weightDecay: 0.1, warmupSteps: 7, decoupledWeightDecay: true, independentWeightDecay: true }],
  ])("%o", (options) => {
    const learningRate = 0.4;
    const { momentum = 0.9, warmupSteps = 0, weightPower = 2, weightDecay = 0 } = options;
    const w = start();
    using optimizer = scheduleFreeSgd([w], { learningRate, ...options, engine: engines[variant] });
    let [x, z] = [[...start()], [...start()]];
    const rates: number[] = [];
    for (let t = 1; t <= STEPS; t++) {
      const y = x.map((value, i) => (1 - momentum) * z[i]! + momentum * value);
      expectNear(w, y);
      const g = gradientAt(y, t);
      const gamma = rateAt(learningRate, warmupSteps, t);
      const decay = options.independentWeightDecay ? 1 : gamma;
      z = z.map((value, i) => value - gamma * g[i]! - decay * (weightDecay as number) * y[i]!);
      rates.push(gamma ** weightPower);
      const c = rates.at(-1)! / sum(rates);
      x = x.map((value, i) => (1 - c) * value + c * z[i]!);
      optimizer.step([gradientAt(w, t)]);
      expectNear(
        optimizer.withAverages(() => w.slice()),
        x,
      );
    }
  });
});

describe.each(variants)("scheduleFreeAdamw, %s", (variant) => {
  test.each<[ScheduleFreeAdamwOptions]>([
    [{}],
    [{ beta1: 0.5, beta2: 0.9, warmupSteps: 10, weightDecay: 0.1 }],
    [{ epsilon: 1e-2, weightPower: 1 }],
    [{ weightDecay: 0.1, independentWeightDecay: true }],
  ])("%o", (options) => {
    const learningRate = 0.05;
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, warmupSteps = 0, weightPower = 2, weightDecay = 0 } = options;
    const w = start();
    using optimizer = scheduleFreeAdamw([w], { learningRate, ...options, engine: engines[variant] });
    let [x, z] = [[...start()], [...start()]];
    const v = x.map(() => 0);
    const rates: number[] = [];
    for (let t = 1; t <= STEPS; t++) {
      const y = x.map((value, i) => (1 - beta1) * z[i]! + beta1 * value);
      expectNear(w, y);
      const g = gradientAt(y, t);
      const gamma = rateAt(learningRate, warmupSteps, t) * Math.sqrt(1 - beta2 ** t);
      const decay = options.independentWeightDecay ? 1 : gamma;
      z = z.map((value, i) => {
        v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
        return value - (gamma * g[i]!) / (Math.sqrt(v[i]!) + epsilon) - decay * (weightDecay as number) * y[i]!;
      });
      rates.push(gamma ** weightPower);
      const c = rates.at(-1)! / sum(rates);
      x = x.map((value, i) => (1 - c) * value + c * z[i]!);
      optimizer.step([gradientAt(w, t)]);
      expectNear(
        optimizer.withAverages(() => w.slice()),
        x,
      );
    }
  });
});

test("a rate of 0 from the start moves nothing, and the average stays where it is", () => {
  const w = start();
  using optimizer = scheduleFreeSgd([w], { learningRate: 0, momentum: 0.5, engine: engines.strict });
  for (let t = 0; t < 3; t++) optimizer.step([gradientAt(w, t)]);
  expect(w).toEqual(start());
  expect(optimizer.withAverages(() => w.slice())).toEqual(start());
});

test("multipliers: a tensor's factor is one on its rate, be it that of the decay", () => {
  const target = { a: start(), b: start() };
  const [a, b] = [start(), start()];
  const options = { weightDecay: 0.1, decoupledWeightDecay: true, engine: engines.strict };
  using optimizer = scheduleFreeSgd(target, { ...options, learningRate: 0.4, learningRateMultiplier: { b: 0.5 } });
  using whole = scheduleFreeSgd([a], { ...options, learningRate: 0.4 });
  using half = scheduleFreeSgd([b], { ...options, learningRate: 0.2 });
  for (let t = 1; t < 10; t++) {
    optimizer.step({ a: gradientAt(target.a, t), b: gradientAt(target.b, t) });
    whole.step([gradientAt(a, t)]);
    half.step([gradientAt(b, t)]);
  }
  expectNear(target.a, a);
  expectNear(target.b, b);
});

describe.each(variants)("prodigy, %s", (variant) => {
  test.each<[ProdigyOptions]>([
    [{}],
    [{ beta1: 0, beta2: 0.9, epsilon: 1e-3 }],
    [{ initialDistance: 1e-3, distanceFactor: 0.5, weightDecay: 0.01 }],
    [{ learningRate: schedules.cosine(1, STEPS) }],
  ])("%o", (options) => {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, initialDistance = 1e-6, distanceFactor = 1 } = options;
    const { learningRate = 1, weightDecay = 0 } = options;
    const w = start();
    using optimizer = prodigy([w], { ...options, engine: engines[variant] });
    let p = [...start()];
    const [m, v, s] = [p.map(() => 0), p.map(() => 0), p.map(() => 0)];
    let [d, r] = [initialDistance, 0];
    const beta3 = Math.sqrt(beta2);
    const distances = [d];
    for (let t = 1; t <= STEPS; t++) {
      const g = gradientAt(p, t);
      const gamma = typeof learningRate === "number" ? learningRate : learningRate(t - 1);
      optimizer.step([gradientAt(w, t)]);
      r = beta3 * r + (1 - beta3) * gamma * d * d * sum([...g].map((gi, i) => gi * (start()[i]! - p[i]!)));
      p = p.map((value, i) => {
        m[i] = beta1 * m[i]! + (1 - beta1) * d * g[i]!;
        v[i] = beta2 * v[i]! + (1 - beta2) * (d * g[i]!) ** 2;
        s[i] = beta3 * s[i]! + (1 - beta3) * gamma * d * d * g[i]!;
        return (
          value - (gamma * d * m[i]!) / (Math.sqrt(v[i]!) + d * epsilon) - gamma * d * (weightDecay as number) * value
        );
      });
      d = Math.max(d, (distanceFactor * r) / sum(s.map(Math.abs)));
      distances.push(d);
      for (let i = 0; i < N; i++) expect(Math.abs(w[i]! - p[i]!)).toBeLessThan(1e-10);
      const { distance } = optimizer.stateDict().header.groups[0]!.memory;
      expect(Math.abs(distance! / d - 1)).toBeLessThan(1e-10);
    }
    expect(distances.at(-1)).toBeGreaterThan(100 * initialDistance);
  });
});

test.each(["float32", "float64"] as const)("prodigy: finds a minimum far away without a rate, %s", (dtype) => {
  using set = parameters({ w: 16 }, { dtype, engine: engines.strict });
  using optimizer = prodigy(set, { learningRate: schedules.cosine(1, 1500) });
  for (let t = 0; t < 1500; t++) {
    const { w } = set.values;
    set.gradients.w.set(w.map((value, i) => stiffness(i) * (value - 100 * center(i))));
    optimizer.step();
  }
  set.values.w.forEach((value, i) => {
    expect(Math.abs(value - 100 * center(i))).toBeLessThan(1e-3);
  });
});

test("prodigy: gradients of 0 leave the estimate alone", () => {
  const w = start();
  using optimizer = prodigy([w], { engine: engines.strict });
  optimizer.step([new Float64Array(N)]);
  expect(optimizer.stateDict().header.groups[0]!.memory).toEqual({ distance: 1e-6, numerator: 0 });
  expect(w).toEqual(start());
});
