// Clipping by value, by tensor, adaptively, and by the norm of all groups. Numbers worked out by hand; the norm of all
// tensors of one group is in gradients.test.ts.

import { describe, expect, test } from "vitest";
import { parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("clipValue holds what comes of scale and sign, before weight decay", () => {
    const w = numbers(4, 4, 4);
    using optimizer = sgd([w], {
      learningRate: 1,
      clipValue: 3,
      maximize: true,
      lossScale: 2,
      weightDecay: 0.25,
      engine,
    });
    optimizer.step([numbers(2, 8, -8)]);
    // -1 + 1, -3 + 1, 3 + 1
    expect(w).toEqual(numbers(4, 6, 0));
  });

  test("clipTensorNorm scales every tensor for itself", () => {
    const target = { a: numbers(0, 0), b: numbers(0, 0), c: numbers() };
    using optimizer = sgd(target, { learningRate: 1, clipTensorNorm: 2.5, engine });
    optimizer.step({ a: numbers(3, -4), b: numbers(0, 2), c: numbers() });
    expect([...target.a, ...target.b]).toEqual([-1.5, 2, 0, -2]);
    optimizer.step({ a: numbers(0, 0), b: numbers(-6, 8), c: numbers() });
    // What one step clips the next one does not.
    expect([...target.a, ...target.b]).toEqual([-1.5, 2, 1.5, -4]);
  });

  test("clipTensorNorm is measured on the gradient that loss scale and clipNorm have made", () => {
    const target = { a: numbers(0, 0), b: numbers(0) };
    using optimizer = sgd(target, { learningRate: 1, lossScale: 2, clipNorm: 6.5, clipTensorNorm: 5, engine });
    // (6, 8, 24) / 2 has norm 13 and is halved: norms 2.5 and 6
    optimizer.step({ a: numbers(6, 8), b: numbers(24) });
    expect([...target.a, ...target.b]).toEqual([-1.5, -2, -5]);
  });

  test("adaptiveClip holds a tensor's gradient to its share of the tensor's norm", () => {
    const target = { a: numbers(6, 8), b: numbers(30, 40), zero: numbers(0) };
    using optimizer = sgd(target, { learningRate: 1, adaptiveClip: 0.25, engine });
    optimizer.step({ a: numbers(3, 4), b: numbers(3, 4), zero: numbers(5) });
    // 5 to 0.25 * 10; 5 is below 0.25 * 50; 5 to 0.25 * 1e-3
    expect([...target.a, ...target.b]).toEqual([6 - 1.5, 8 - 2, 27, 36]);
    expect(target.zero[0]).toBeCloseTo(-0.00025, 18);
  });

  test("clipTensorNorm and adaptiveClip: the less of the two", () => {
    const target = { a: numbers(6, 8), b: numbers(30, 40) };
    using optimizer = sgd(target, { learningRate: 1, adaptiveClip: 0.25, clipTensorNorm: 3.75, engine });
    optimizer.step({ a: numbers(6, 8), b: numbers(6, 8) });
    expect([...target.a, ...target.b]).toEqual([6 - 1.5, 8 - 2, 30 - 2.25, 40 - 3]);
  });

  test("clipNorm is taken over all groups, of whatever kind", () => {
    using set = parameters({ a: 1 }, { engine });
    const [b, c] = [numbers(0), numbers(0)];
    using optimizer = sgd(set, { learningRate: 1, clipNorm: 6.5 });
    optimizer.addGroup({ b });
    optimizer.addGroup({ c }, { learningRate: 0.5 });
    optimizer.step({ a: new Float32Array([3]), b: numbers(4), c: numbers(12) });
    expect([set.values.a[0], b[0], c[0]]).toEqual([-1.5, -2, -3]);
  });

  test("clipping that has nothing to clip changes no bit", () => {
    const [clipped, plain] = [numbers(0.1, 0.7), numbers(0.1, 0.7)];
    const limits = { clipValue: 10, clipTensorNorm: 10, clipNorm: 10, adaptiveClip: 10 };
    using one = sgd([clipped], { learningRate: 0.3, ...limits, engine });
    using other = sgd([plain], { learningRate: 0.3, engine });
    one.step([numbers(0.3, -1.7)]);
    other.step([numbers(0.3, -1.7)]);
    expect(clipped).toEqual(plain);
  });

  test("gradients of 0 and NaN are left alone", () => {
    const target = { a: numbers(1, 1), b: numbers(1, 1) };
    using optimizer = sgd(target, { learningRate: 1, clipTensorNorm: 1, adaptiveClip: 1, engine });
    optimizer.step({ a: numbers(0, 0), b: numbers(Number.NaN, 1) });
    expect([...target.a, ...target.b]).toEqual([1, 1, Number.NaN, 0]);
    expect(optimizer.nonFiniteCount).toBe(1);
  });
});
