// What happens to gradients on their way into a step. Expected numbers are worked out by hand.

import { describe, expect, test } from "vitest";
import { adam, type Dtype, parameters, sgd } from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { copyInto, flatten, gradientOfStep, shapes, startValues, stepWith, trainSet } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const both = ["float32", "float64"] as const;
const float = (dtype: Dtype, ...numbers: number[]) => new dtypes[dtype].array(numbers);

describe.each(variants)("clipNorm, %s", (variant) => {
  test.each(both)("scales the gradient of all tensors down to the norm, %s", (dtype) => {
    using set = parameters({ a: 1, b: [2, 1] }, { dtype, engine: engines[variant] });
    using optimizer = sgd(set, { learningRate: 0.5, clipNorm: 6.5 });
    // |(3, 4, 12)| = 13, so the gradient is halved and the step a quarter of it.
    set.gradients.a.set([3]);
    set.gradients.b.set([4, 12]);
    optimizer.step();
    expect([...set.values.a, ...set.values.b]).toEqual([-0.75, -1, -3]);
    expect([...set.gradients.a, ...set.gradients.b]).toEqual([3, 4, 12]);
  });

  test.each(both)("the first step has length learningRate * clipNorm, %s", (dtype) => {
    using set = parameters(shapes, { dtype, engine: engines[variant] });
    using optimizer = sgd(set, { learningRate: 0.25, clipNorm: 0.1 });
    copyInto(set.gradients, gradientOfStep(dtype, 0));
    optimizer.step();
    const length = Math.hypot(...flatten(set.values));
    expect(Math.abs(length / 0.025 - 1)).toBeLessThan(dtype === "float32" ? 1e-6 : 1e-14);
  });

  test.each(both)("a gradient within the norm passes untouched, %s", (dtype) => {
    const w = float(dtype, 0, 0);
    using optimizer = sgd([w], { learningRate: 1, clipNorm: 5, engine: engines[variant] });
    optimizer.step([float(dtype, 3, -4)]);
    expect(w).toEqual(float(dtype, -3, 4));
  });

  test("norms whose square overflows are clipped as any other", () => {
    const w = float("float32", 0, 0);
    using optimizer = sgd([w], { learningRate: 1, clipNorm: 5, engine: engines[variant] });
    optimizer.step([float("float32", 3e30, -4e30)]);
    expect(w[0]).toBeCloseTo(-3, 5);
    expect(w[1]).toBeCloseTo(4, 5);
    const v = float("float64", 0, 0);
    using wide = sgd([v], { learningRate: 1, clipNorm: 5, engine: engines[variant] });
    wide.step([float("float64", 3e200, -4e200)]);
    expect(v[0]).toBeCloseTo(-3, 12);
    expect(v[1]).toBeCloseTo(4, 12);
  });
});

describe("maximize", () => {
  test("climbs, and clipping still holds", () => {
    const w = float("float64", 1, 1);
    using optimizer = sgd([w], { learningRate: 1, maximize: true, clipNorm: 5, engine });
    optimizer.step([float("float64", 6, -8)]);
    expect(w).toEqual(float("float64", 4, -3));
  });

  test("is a step against the negated gradient, whatever the rule", () => {
    for (const { create } of optimizerInfos) {
      const up = startValues("float32");
      const down = startValues("float32");
      using climbing = create(up, { learningRate: 0.1, maximize: true, engine });
      using descending = create(down, { learningRate: 0.1, engine });
      const gradients = gradientOfStep("float32", 0);
      stepWith(climbing, () => gradients);
      for (const gradient of Object.values(gradients)) gradient.set(gradient.map((g) => -g));
      stepWith(descending, () => gradients);
      expect(flatten(up)).toEqual(flatten(down));
    }
  });
});

describe("clearGradients", () => {
  test("empties the gradients of a parameter set behind the step", () => {
    using set = parameters(shapes, { engine });
    using optimizer = adam(set, { clearGradients: true });
    trainSet(set, optimizer, 0, 1);
    expect(flatten(set.gradients).every((g) => g === 0)).toBe(true);
    expect(flatten(set.values).some((p) => p !== 0)).toBe(true);
  });

  test("empties the caller's arrays too", () => {
    const gradient = float("float64", 1, 2);
    using optimizer = sgd({ w: float("float64", 0, 0) }, { clearGradients: true, engine });
    optimizer.step({ w: gradient });
    expect(gradient).toEqual(float("float64", 0, 0));
  });

  test("without it gradients stay, and can be zeroed by hand", () => {
    using set = parameters(shapes, { engine });
    using optimizer = sgd(set);
    trainSet(set, optimizer, 0, 1);
    expect(flatten(set.gradients)).toEqual(flatten(gradientOfStep("float32", 0)));
    optimizer.zeroGradients();
    expect(flatten(set.gradients).every((g) => g === 0)).toBe(true);
  });

  test("what was read stays the same step for step", () => {
    const clear = startValues("float64");
    const keep = startValues("float64");
    using clearing = adam(clear, { clearGradients: true, engine });
    using keeping = adam(keep, { engine });
    for (let step = 0; step < 3; step++) {
      clearing.step(gradientOfStep("float64", step));
      keeping.step(gradientOfStep("float64", step));
    }
    expect(flatten(clear)).toEqual(flatten(keep));
  });
});

describe.each(variants)("nonFinite, %s", (variant) => {
  const engine = engines[variant];
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  test.each(both)("propagate updates all the same, and counts, %s", (dtype) => {
    const w = float(dtype, 1, 2, 3, 4, 5);
    using optimizer = sgd([w], { learningRate: 1, engine });
    optimizer.step([float(dtype, 1, ...bad, 1)]);
    expect([...w]).toEqual([0, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 4]);
    expect(optimizer.nonFiniteCount).toBe(3);
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([1, 0]);
    optimizer.step([float(dtype, 1, 1, 1, 1, 1)]);
    expect(optimizer.nonFiniteCount).toBe(0);
  });

  test.each(bad)("skip leaves parameters and state as they are after %d, and clears", (value) => {
    using set = parameters({ w: 3 }, { engine });
    using optimizer = adam(set, { nonFinite: "skip", clearGradients: true });
    set.gradients.w.set([1, 2, 3]);
    optimizer.step();
    const [before, state] = [[...set.values.w], optimizer.stateDict()];
    set.gradients.w.set([1, value, 3]);
    optimizer.step();
    expect([...set.values.w]).toEqual(before);
    expect([...set.gradients.w]).toEqual([0, 0, 0]);
    // The samples count as taken: their gradients would be the same the next time.
    expect(optimizer.stateDict()).toEqual({ ...state, header: { ...state.header, sampleCount: 2 } });
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([1, 1]);
    // Gradients that are added up must not be spoilt for good.
    set.gradients.w[0]! += 1;
    optimizer.step();
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([2, 1]);
  });

  test.each(bad)("throw leaves everything as it is after %d", (value) => {
    const w = float("float64", 1, 2, 3);
    using optimizer = adam([w], { nonFinite: "throw", clearGradients: true, engine });
    const gradient = float("float64", 1, value, 3);
    const state = optimizer.stateDict();
    expect(() => optimizer.step([gradient])).toThrow(RangeError);
    expect(() => optimizer.step([gradient])).toThrow(`adam: the gradient of "0" is ${value} at 1`);
    expect([...w]).toEqual([1, 2, 3]);
    expect([...gradient]).toEqual([1, value, 3]);
    expect(optimizer.stateDict()).toEqual(state);
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([0, 0]);
  });

  test.each(["skip", "throw"] as const)("%s takes finite gradients, however great", (nonFinite) => {
    const w = float("float32", 0, 0);
    using optimizer = sgd([w], { learningRate: 1, nonFinite, engine });
    optimizer.step([float("float32", 2e30, 1)]);
    expect([...w]).toEqual([-Math.fround(2e30), -1]);
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([1, 0]);
  });
});
