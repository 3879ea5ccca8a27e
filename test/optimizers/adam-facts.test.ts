// What is known of Adam's path exactly.

import { describe, expect, test } from "vitest";
import {
  adagrad,
  adam,
  type CommonOptions,
  type Optimizer,
  parameters,
  sgd,
  type Target,
  type WithEngine,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("the first step is the learning rate against the sign, up to epsilon", () => {
    const gradients = [1e-3, -1e-3, 1, -1, 1e6, -1e6, 3e12, 0];
    const w = new Float64Array(gradients.length);
    using optimizer = adam([w], { learningRate: 0.25, engine });
    optimizer.step([new Float64Array(gradients)]);
    // |g| / (|g| + epsilon) lies between 1 - epsilon / |g| and 1.
    w.forEach((step, i) => {
      const g = gradients[i]!;
      expect(Math.abs(step + 0.25 * Math.sign(g))).toBeLessThanOrEqual(
        g === 0 ? 0 : (0.25 * 1e-8) / Math.abs(g) + 1e-15,
      );
    });
  });

  test.each([0.9, 0])("under a constant gradient every step is the first one again, beta1 %d", (beta1) => {
    const w = new Float64Array(2);
    using optimizer = adam([w], { learningRate: 0.5, beta1, beta2: 0.99, epsilon: 0, engine });
    for (let step = 1; step <= 200; step++) {
      optimizer.step([new Float64Array([7, -0.02])]);
      expect(Math.abs(w[0]! + 0.5 * step)).toBeLessThan(1e-11);
      expect(Math.abs(w[1]! - 0.5 * step)).toBeLessThan(1e-11);
    }
  });

  test("without memory of the past it is the sign of the gradient", () => {
    const w = new Float64Array(3);
    using optimizer = adam([w], { learningRate: 1, beta1: 0, beta2: 0, epsilon: 0, engine });
    optimizer.step([new Float64Array([5, -0.1, 1e-7])]);
    optimizer.step([new Float64Array([-3, -7, 1e7])]);
    expect(w).toEqual(new Float64Array([0, 2, -2]));
  });

  test("the gradients 1, -2, 0.5, 3, 0 lead where Algorithm 1 of the paper leads", () => {
    const w = new Float64Array([1]);
    using optimizer = adam([w], { learningRate: 1e-3, engine });
    // Worked out in Python's double precision from the paper's Algorithm 1.
    const expected = [0.99900000001, 0.9993661035347208, 0.9995027941967383, 0.9991086943043488, 0.9987755900298123];
    [1, -2, 0.5, 3, 0].forEach((gradient, t) => {
      optimizer.step([new Float64Array([gradient])]);
      expect(Math.abs(w[0]! - expected[t]!)).toBeLessThan(4 * 2 ** -53);
    });
  });
});

// Reddi, Kale, Kumar (ICLR 2018), section 3: the gradient is C = 3 in every third step and -1 in the others, on average
// +1/3, so that on [-1, 1] the least loss is at -1. With beta1 = 0, beta2 = 1 / (1 + C^2) and a rate like 1 / sqrt(t), Adam
// goes the wrong way; AMSGrad, AdaGrad and plain descent don't.
describe("the counterexample to Adam", () => {
  const STEPS = 20_000;
  const learningRate = (step: number) => 0.1 / Math.sqrt(step + 1);

  /** Where the steps end, projected back to [-1, 1] after each. */
  function end(create: (target: Target, options: CommonOptions & WithEngine) => Optimizer, options: object): number {
    using set = parameters({ w: 1 }, { dtype: "float64", engine: engines.strict });
    using optimizer: Optimizer = create(set, { learningRate, ...options });
    const { values, gradients } = set;
    for (let t = 1; t <= STEPS; t++) {
      gradients.w[0] = t % 3 === 1 ? 3 : -1;
      optimizer.step();
      values.w[0] = Math.max(-1, Math.min(1, values.w[0]!));
    }
    return values.w[0]!;
  }

  test("Adam drifts to the worst point", () => {
    expect(end(adam, { beta1: 0, beta2: 0.1 })).toBeGreaterThan(0.99);
  });

  test("the drift of a cycle is the one of the stationary moments", () => {
    // v after the gradients 3, -1, -1 once it repeats, by hand: 8.207..., 1.7207..., 1.0720...
    const v = [0.9 * 9.11, 0.9 * 1.91, 0.9 * 1.19].map((numerator) => numerator / 0.999);
    const drift = -3 / Math.sqrt(v[0]!) + 1 / Math.sqrt(v[1]!) + 1 / Math.sqrt(v[2]!);
    using set = parameters({ w: 1 }, { dtype: "float64", engine: engines.strict });
    using optimizer = adam(set, { learningRate: 1, beta1: 0, beta2: 0.1, epsilon: 0 });
    const cycle = () => {
      const before = set.values.w[0]!;
      for (const gradient of [3, -1, -1]) {
        set.gradients.w[0] = gradient;
        optimizer.step();
      }
      return set.values.w[0]! - before;
    };
    for (let k = 0; k < 20; k++) cycle();
    expect(cycle()).toBeCloseTo(drift, 12);
    expect(drift).toBeGreaterThan(0.68);
  });

  test("AMSGrad, AdaGrad and plain descent reach the best", () => {
    expect(end(adam, { beta1: 0, beta2: 0.1, amsgrad: true })).toBeLessThan(-0.99);
    expect(end(adagrad, { learningRate: 0.1 })).toBeLessThan(-0.99);
    expect(end(sgd, {})).toBeLessThan(-0.99);
  });
});
