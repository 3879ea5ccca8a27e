// Sharpness-aware minimisation on f(w) = |w|^2 / 2, whose gradient at p + rho g / |g| is (1 + rho / |p|) p.

import { describe, expect, test } from "vitest";
import { adam, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { flatten } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("by hand, %s", (variant) => {
  const engine = engines[variant];

  test("a parameter set", () => {
    using set = parameters({ a: 1, b: 1 }, { dtype: "float64", engine });
    set.values.a[0] = 3;
    set.values.b[0] = 4;
    using optimizer = sgd(set, { learningRate: 0.5, sharpness: { radius: 5 } });
    const seen: number[][] = [];
    optimizer.step(() => {
      seen.push(flatten(set.values));
      set.gradients.a.set(set.values.a);
      set.gradients.b.set(set.values.b);
      return undefined;
    });
    // From (3, 4) to (3, 4) + 5 (0.6, 0.8) = (6, 8), and then (3, 4) - 0.5 (6, 8).
    expect(seen).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(flatten(set.values)).toEqual([0, 0]);
  });

  test("arrays, over two groups: the norm is taken of all", () => {
    const target = { a: numbers(3), b: numbers(4) };
    using optimizer = sgd({ a: target.a }, { learningRate: 0.5, sharpness: { radius: 5 }, engine });
    optimizer.addGroup({ b: target.b }, { learningRate: 0.25 });
    const seen: number[][] = [];
    optimizer.step(() => {
      seen.push(flatten(target));
      return structuredClone(target);
    });
    expect(seen).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(flatten(target)).toEqual([0, 2]);
  });

  test("maximising climbs down first", () => {
    // Ascent on -|w|^2 / 2: the neighbour where it is least is farther out as well.
    const w = numbers(3, 4);
    using optimizer = sgd([w], { learningRate: 0.5, maximize: true, sharpness: { radius: 5 }, engine });
    const seen: number[][] = [];
    optimizer.step(() => {
      seen.push([...w]);
      return [w.map((value) => -value)];
    });
    expect(seen[1]).toEqual([6, 8]);
    expect([...w]).toEqual([0, 0]);
  });

  test("a gradient of 0 is no direction: nothing moves on the way", () => {
    const w = numbers(1, 2);
    using optimizer = sgd([w], { sharpness: {}, engine });
    const seen: number[][] = [];
    optimizer.step(() => {
      seen.push([...w]);
      return [numbers(0, 0)];
    });
    expect(seen).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

test("is SAM around any rule: Adam on the gradients at the neighbours", () => {
  const rho = 0.1;
  const gradientAt = ([x, y]: Iterable<number>) => numbers(2 * x! + y!, x! + 8 * y!);
  const [w, plain] = [numbers(1, -0.5), numbers(1, -0.5)];
  const options = { learningRate: 0.05, weightDecay: 0.1, average: { kind: "uniform" } as const, engine };
  using optimizer = adam([w], { ...options, sharpness: { radius: rho } });
  using inner = adam([plain], options);
  for (let t = 0; t < 20; t++) {
    optimizer.step(() => [gradientAt(w)]);
    const g = gradientAt(plain);
    const norm = Math.hypot(g[0]!, g[1]!);
    inner.step([gradientAt(plain.map((p, i) => p + (rho / norm) * g[i]!))]);
    w.forEach((value, i) => {
      expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-13);
    });
  }
  expect(optimizer.stepCount).toBe(20);
});

test("the way up does not depend on loss scale and clipping", () => {
  const [w, v] = [numbers(3, 4), numbers(3, 4)];
  using optimizer = sgd([w], { learningRate: 0.5, sharpness: { radius: 5 }, lossScale: 4, clipNorm: 2.5, engine });
  const seen: number[][] = [];
  optimizer.step(() => {
    seen.push([...w]);
    return [w.map((value) => 4 * value)];
  });
  expect(seen[1]).toEqual([6, 8]);
  // Clipped from 10 to 2.5.
  using plain = sgd([v], { learningRate: 0.5, engine });
  plain.step([numbers(1.5, 2)]);
  expect(w).toEqual(v);
});

test("both gradients are of the same sample, and every step's is new", () => {
  const asked: number[] = [];
  const w = numbers(1);
  using optimizer = sgd([w], { sharpness: {}, nonFinite: "skip", engine });
  const closure = (sample: number) => {
    asked.push(sample);
    return [numbers(sample === 1 ? Number.NaN : 1)];
  };
  for (let t = 0; t < 3; t++) optimizer.step(closure);
  expect(asked).toEqual([0, 0, 1, 2, 2]);
  expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([2, 1]);
});

test("gradients that are added up in the caller's arrays are cleared in between", () => {
  const w = numbers(1);
  const gradient = numbers(0);
  using optimizer = sgd([w], { learningRate: 0.5, sharpness: { radius: 1 }, clearGradients: true, engine });
  optimizer.step(() => {
    gradient[0]! += w[0]!;
    return [gradient];
  });
  // The gradient at 1 + 1
  expect(w[0]).toBe(0);
  expect(gradient[0]).toBe(0);
});

test.each([
  [{ radius: 0 }, RangeError, "sgd: sharpness.radius must be in (0, Infinity), got 0"],
  [{ rho: 1 }, RangeError, 'sgd: sharpness: there is no option "rho"; there are radius'],
  [true, TypeError, "sgd: sharpness: options must be an object, got true"],
])("refuses %o", (sharpness, error, message) => {
  const create = () => sgd([numbers(0)], { sharpness: sharpness as never, engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});

test("a step without a closure is refused", () => {
  using optimizer = sgd([numbers(0)], { sharpness: {}, engine });
  expect(() => optimizer.step([numbers(1)])).toThrow(
    new TypeError("sgd: step() needs a closure that computes the gradients"),
  );
});
