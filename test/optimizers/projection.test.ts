// Parameters kept in a box or a ball. Expected numbers are worked out by hand.

import { describe, expect, test } from "vitest";
import { adam, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("a box holds every parameter, after step and decay", () => {
    const w = numbers(1, 1, 1, -1);
    using optimizer = sgd([w], {
      learningRate: 0.5,
      weightDecay: 0.5,
      decoupledWeightDecay: true,
      projection: { kind: "box", radius: 2 },
      engine,
    });
    // 0.75 * 1 - 0.5 * -2 and so on
    optimizer.step([numbers(-2, -4, 1, 8)]);
    expect(w).toEqual(numbers(1.75, 2, 0.25, -2));
  });

  test("a box leaves what is frozen where it is", () => {
    const w = { free: numbers(5), frozen: numbers(5) };
    using optimizer = sgd(w, {
      learningRate: 1,
      learningRateMultiplier: { frozen: false },
      projection: { kind: "box", radius: 2 },
      engine,
    });
    optimizer.step({ free: numbers(1), frozen: numbers(1) });
    expect(w).toEqual({ free: numbers(2), frozen: numbers(5) });
  });

  test("a ball holds the norm over all tensors, and lets alone what lies inside", () => {
    using set = parameters({ a: 1, b: [2, 1] }, { dtype: "float64", engine });
    using optimizer = sgd(set, { learningRate: 1, projection: { kind: "ball", radius: 6.5 } });
    set.gradients.a.set([-3]);
    set.gradients.b.set([-4, -12]);
    // |(3, 4, 12)| = 13
    optimizer.step();
    expect([...set.values.a, ...set.values.b]).toEqual([1.5, 2, 6]);
    set.gradients.a.set([1.5]);
    set.gradients.b.set([0, 1]);
    optimizer.step();
    expect([...set.values.a, ...set.values.b]).toEqual([0, 2, 5]);
  });

  test.each([
    ["box", [2, 1]],
    ["ball", [1.2, 1.6]],
  ] as const)("an average is one of projected points, %s", (kind, second) => {
    const w = numbers(0, 0);
    using optimizer = sgd([w], {
      learningRate: 1,
      average: { kind: "uniform" },
      projection: { kind, radius: 2 },
      engine,
    });
    optimizer.step([numbers(-1, -1)]);
    // To (3, 1), cut to (2, 1); or to (3, 4), whose norm is 5.
    optimizer.step([kind === "box" ? numbers(-2, 0) : numbers(-2, -3)]);
    expect(w[0]).toBeCloseTo(second[0], 15);
    expect(w[1]).toBeCloseTo(second[1], 15);
    optimizer.withAverages(() => {
      expect(w[0]).toBeCloseTo((1 + second[0]) / 2, 15);
      expect(w[1]).toBeCloseTo((1 + second[1]) / 2, 15);
    });
  });

  test("the norm of a ball's point may overflow when squared", () => {
    const w = numbers(0, 0);
    using optimizer = sgd([w], { learningRate: 1, projection: { kind: "ball", radius: 5 }, engine });
    optimizer.step([numbers(-3e200, -4e200)]);
    expect(w[0]).toBeCloseTo(3, 12);
    expect(w[1]).toBeCloseTo(4, 12);
  });

  test("whoever would leave a box along a moment stays on its side", () => {
    const w = numbers(0);
    using optimizer = adam([w], { learningRate: 0.5, projection: { kind: "box", radius: 0.75 }, engine });
    for (let step = 0; step < 5; step++) optimizer.step([numbers(-1)]);
    expect(w).toEqual(numbers(0.75));
  });
});

test("a ball and frozen parameters exclude each other", () => {
  const options = { learningRateMultiplier: { "0": 0 }, projection: { kind: "ball", radius: 1 } } as const;
  expect(() => sgd([numbers(1)], { ...options, engine: engines.strict })).toThrow(
    new RangeError("sgd: a projection onto a ball moves all parameters, and can't go with frozen ones"),
  );
});

test("a projection has no other options", () => {
  const projection = { kind: "box", radius: 1, center: 0 } as const;
  expect(() => sgd([numbers(1)], { projection, engine: engines.strict })).toThrow(
    new RangeError('sgd: projection: there is no option "center"; there are kind, radius'),
  );
});
