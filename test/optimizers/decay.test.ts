// Weight decay, in the gradient and beside the step. Expected numbers are worked out by hand.

import { describe, expect, test } from "vitest";
import { adagrad, adam, adamw, schedules, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("l2 adds weightDecay * p to the gradient", () => {
    const w = numbers(4);
    using optimizer = sgd([w], { learningRate: 0.5, weightDecay: 0.25, engine });
    optimizer.step([numbers(3)]);
    // 4 - 0.5 (3 + 0.25 * 4)
    expect(w).toEqual(numbers(2));
  });

  test("decoupled decay shrinks p by 1 - learningRate * weightDecay beside the step", () => {
    const w = numbers(4);
    using optimizer = sgd([w], {
      learningRate: 0.5,
      weightDecay: 0.25,
      decoupledWeightDecay: true,
      momentum: 0.5,
      engine,
    });
    optimizer.step([numbers(3)]);
    // 0.875 * 4 - 0.5 * 3
    expect(w).toEqual(numbers(2));
    optimizer.step([numbers(1)]);
    // 0.875 * 2 - 0.5 (0.5 * 3 + 1): the decay is not in the velocity
    expect(w).toEqual(numbers(0.5));
  });

  test("l2 enters the velocity", () => {
    const w = numbers(4);
    using optimizer = sgd([w], { learningRate: 0.5, weightDecay: 0.25, momentum: 0.5, engine });
    optimizer.step([numbers(3)]);
    optimizer.step([numbers(1)]);
    // velocity 4, p = 2; velocity 0.5 * 4 + 1 + 0.25 * 2 = 3.5, p = 2 - 1.75
    expect(w).toEqual(numbers(0.25));
  });

  test("a schedule's rate is the one that decoupled decay takes", () => {
    const w = numbers(1);
    const learningRate = (step: number) => (step === 0 ? 0.5 : 0.25);
    using optimizer = sgd([w], { learningRate, weightDecay: 1, decoupledWeightDecay: true, engine });
    optimizer.step([numbers(0)]);
    expect(w).toEqual(numbers(0.5));
    optimizer.step([numbers(0)]);
    expect(w).toEqual(numbers(0.375));
  });

  test("adam scales l2 away, adamw does not", () => {
    const options = { learningRate: 0.125, weightDecay: 0.5, epsilon: 0, engine };
    const [l2, decoupled] = [numbers(4, 64), numbers(4, 64)];
    using first = adam([l2], options);
    using second = adamw([decoupled], options);
    first.step([numbers(0, 0)]);
    // Without a gradient the first step of Adam goes along the sign of p alone ...
    expect(l2[0]).toBeCloseTo(3.875, 14);
    expect(l2[1]).toBeCloseTo(63.875, 13);
    second.step([numbers(1, -1)]);
    // ... where AdamW takes 0.125 * 0.5 of it, and its step along the sign of g.
    expect(decoupled[0]).toBeCloseTo(4 * 0.9375 - 0.125, 14);
    expect(decoupled[1]).toBeCloseTo(64 * 0.9375 + 0.125, 13);
  });

  test("adagrad's l2 enters the sum of squares", () => {
    const w = numbers(2);
    using optimizer = adagrad([w], { learningRate: 1, weightDecay: 0.5, initialAccumulator: 5, epsilon: 0, engine });
    optimizer.step([numbers(1)]);
    // g = 1 + 0.5 * 2 = 2, sum = 5 + 4, p = 2 - 2 / 3
    expect(w[0]).toBeCloseTo(2 - 2 / 3, 15);
  });

  test("when climbing, l2 still pulls towards 0", () => {
    const w = numbers(4);
    using optimizer = sgd([w], { learningRate: 0.5, weightDecay: 0.25, maximize: true, engine });
    optimizer.step([numbers(3)]);
    // 4 - 0.5 (-3 + 0.25 * 4)
    expect(w).toEqual(numbers(5));
  });

  test("clipping scales the gradient, not the penalty", () => {
    const w = numbers(4);
    using optimizer = sgd([w], { learningRate: 0.5, weightDecay: 0.25, clipNorm: 1, engine });
    optimizer.step([numbers(3)]);
    // 4 - 0.5 (1 + 0.25 * 4)
    expect(w).toEqual(numbers(3));
  });

  test("adamw decays by 0.01 unless told otherwise, adam by nothing", () => {
    const [w, v] = [numbers(1), numbers(1)];
    using decaying = adamw([w], { learningRate: 0.5, engine });
    using plain = adam([v], { learningRate: 0.5, engine });
    decaying.step([numbers(0)]);
    plain.step([numbers(0)]);
    expect(w[0]).toBe(1 - 0.5 * 0.01);
    expect(v[0]).toBe(1);
  });
});

test("a rate of 0 leaves the parameters as they are, decay and all", () => {
  const w = numbers(3);
  using optimizer = adamw([w], { learningRate: schedules.constant(0), weightDecay: 0.5, engine: engines.strict });
  optimizer.step([numbers(2)]);
  expect(w[0]).toBe(3);
});

describe.each(variants)("schedules and independence, %s", (variant) => {
  const engine = engines[variant];
  const weightDecay = (step: number) => [0.5, 0.25, 0][step]!;

  test("a schedule of the decay, in the gradient", () => {
    const w = numbers(4);
    using optimizer = sgd([w], { learningRate: 0.5, weightDecay, engine });
    const path = [0, 0, 0].map(() => {
      optimizer.step([numbers(0)]);
      return w[0];
    });
    // 4 (1 - 0.25), then by 1 - 0.125, then not at all
    expect(path).toEqual([3, 2.625, 2.625]);
  });

  test("a schedule of the decay beside the step counts every group's own steps", () => {
    const [w, late] = [numbers(4), numbers(4)];
    const options = { learningRate: 0.5, weightDecay, decoupledWeightDecay: true, engine };
    using optimizer = sgd({ w }, options);
    optimizer.step({ w: numbers(0) });
    optimizer.addGroup({ late });
    optimizer.step({ w: numbers(0), late: numbers(0) });
    expect([w[0], late[0]]).toEqual([2.625, 3]);
  });

  test("independent decay does not heed the learning rate", () => {
    const w = numbers(4);
    const learningRate = (step: number) => [0.5, 0][step]!;
    using optimizer = sgd([w], {
      learningRate,
      weightDecay: 0.25,
      decoupledWeightDecay: true,
      independentWeightDecay: true,
      engine,
    });
    optimizer.step([numbers(2)]);
    expect(w[0]).toBe(2);
    optimizer.step([numbers(2)]);
    expect(w[0]).toBe(1.5);
  });
});

test("a schedule of the decay that leaves the range stops the step before anything happens", () => {
  const w = numbers(1);
  using optimizer = sgd([w], { weightDecay: () => -1, engine: engines.strict });
  expect(() => optimizer.step([numbers(1)])).toThrow(
    new RangeError("sgd: weightDecay, by its schedule at step 0, must be in [0, Infinity), got -1"),
  );
  expect([w[0], optimizer.stepCount]).toEqual([1, 0]);
});
