// Several microbatches an update: the same as one step on the mean of their gradients.

import { describe, expect, test, vi } from "vitest";
import { load, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { type OptimizerInfo, optimizerInfos } from "./infos.js";
import { copyInto, flatten, gradientOfStep, lengths, shapes, startValues } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

/** A power of two, so that the mean is the sum to the bit, up to the scale. */
const K = 4;

const tensors = (update: number) => Array.from({ length: K }, (_, k) => gradientOfStep("float64", K * update + k));

function addTo(sum: Float32Array | Float64Array, gradient: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!;
}

/** The sum of the microbatches' gradients in their order, over K. */
function meanOf(update: number) {
  const [first, ...others] = tensors(update);
  for (const [name, sum] of Object.entries(first!)) {
    for (const other of others) addTo(sum, other[name as "a"]);
    sum.set(sum.map((g) => g / K));
  }
  return first!;
}

function needsClosure({ create }: OptimizerInfo): boolean {
  using optimizer = create([numbers(0)], { engine });
  return optimizer.needsClosure;
}

describe.each(optimizerInfos.filter(needsClosure))("$name", ({ name, create }) => {
  test("takes more than one gradient, or one elsewhere, and can't", () => {
    expect(() => create([numbers(0)], { accumulate: 2, engine })).toThrow(
      new RangeError(`${name}: accumulate must be 1 where a step takes more than one gradient, got 2`),
    );
  });
});

describe.each(optimizerInfos.filter((info) => !needsClosure(info)))("$name", ({ create, samples, shaped }) => {
  test.each(samples)("%o", (options) => {
    const all = { learningRate: 0.01, ...options, engine };
    const expected = startValues("float64");
    using whole = create(expected, all);
    const arrays = startValues("float64");
    using onArrays = create(arrays, { ...all, accumulate: K });
    // Arrays are vectors, whatever they are filled with.
    using set = parameters(shaped ? lengths : shapes, { dtype: "float64", engine });
    copyInto(set.values, startValues("float64"));
    using onSet = create(set, { ...all, accumulate: K, clearGradients: true });
    for (let update = 0; update < 3; update++) {
      whole.step(meanOf(update));
      for (const gradients of tensors(update)) {
        for (const [name, gradient] of Object.entries(gradients)) {
          addTo(set.gradients[name as "a"], gradient);
        }
        onSet.step();
        onArrays.step(gradients);
      }
      expect([whole.stepCount, onSet.stepCount, onArrays.stepCount]).toEqual([1, 1, 1].map((one) => one + update));
    }
    expect(flatten(arrays)).toEqual(flatten(expected));
    expect(flatten(set.values)).toEqual(flatten(expected));
  });
});

test("parameters stay until the last of them, and so does the state", () => {
  const w = numbers(1);
  using optimizer = sgd([w], { learningRate: 1, momentum: 0.5, accumulate: 3, engine });
  const { slots } = optimizer.stateDict();
  for (const gradient of [1, 2]) {
    optimizer.step([numbers(gradient)]);
    expect([w[0], optimizer.stepCount]).toEqual([1, 0]);
    expect(optimizer.stateDict().slots).toEqual(slots);
  }
  optimizer.step([numbers(6)]);
  expect([w[0], optimizer.stepCount]).toEqual([-2, 1]);
  for (const gradient of [3, 3, 3]) optimizer.step([numbers(gradient)]);
  // 0.5 * 3 + 3
  expect([w[0], optimizer.stepCount]).toEqual([-6.5, 2]);
});

test("gradients in arrays are cleared after every call, those of a set after the update", () => {
  const gradient = numbers(1);
  using onArrays = sgd([numbers(0)], { accumulate: 2, clearGradients: true, engine });
  onArrays.step([gradient]);
  expect(gradient[0]).toBe(0);
  using set = parameters({ w: 1 }, { engine });
  using onSet = sgd(set, { accumulate: 2, clearGradients: true });
  set.gradients.w[0] = 1;
  onSet.step();
  expect(set.gradients.w[0]).toBe(1);
  onSet.step();
  expect(set.gradients.w[0]).toBe(0);
});

test("a gradient that is not finite spoils the update it belongs to, and no other", () => {
  const w = numbers(0);
  using optimizer = sgd([w], { learningRate: 1, accumulate: 2, nonFinite: "skip", engine });
  for (const gradient of [Number.NaN, 1, 3, 5]) optimizer.step([numbers(gradient)]);
  expect([w[0], optimizer.stepCount, optimizer.skippedSteps]).toEqual([-4, 1, 1]);
});

test("a closure gets another number at every call, and those of a saved sum again", () => {
  const asked: number[] = [];
  const closure = (sample: number) => {
    asked.push(sample);
    return [numbers(1)];
  };
  using optimizer = sgd([numbers(0)], { accumulate: 2, engine });
  for (let call = 0; call < 3; call++) optimizer.step(closure);
  expect(asked).toEqual([0, 1, 2]);
  using resumed = sgd([numbers(0)], { accumulate: 2, engine });
  resumed.step([numbers(1)]);
  resumed.loadStateDict(optimizer.stateDict());
  for (let call = 0; call < 2; call++) resumed.step(closure);
  expect(asked).toEqual([0, 1, 2, 2, 3]);
  expect(resumed.stepCount).toBe(2);
});

test("costs no pass of its own: a set's microbatches call no kernel, and the update one", async () => {
  using own = await load({ variant: "reference" });
  using set = parameters({ a: 5, b: 7 }, { engine: own });
  using optimizer = sgd(set, { accumulate: 3 });
  const family = vi.spyOn(own, "family");
  const core = vi.spyOn(own, "kernels", "get");
  for (let part = 0; part < 2; part++) optimizer.step();
  expect([family.mock.calls.length, core.mock.calls.length]).toEqual([0, 0]);
  optimizer.step();
  // `sgd` is looked up, once; the raw table of `core` is asked for where it isn't found.
  expect([family.mock.calls.length, core.mock.calls.length]).toEqual([2, 1]);
  family.mockRestore();
  core.mockRestore();
});

test.each([
  [{ accumulate: 0 }, RangeError, "sgd: accumulate must be an integer in [1, 9007199254740991], got 0"],
  [{ accumulate: 1.5 }, RangeError, "sgd: accumulate must be an integer in [1, 9007199254740991], got 1.5"],
  [{ accumulate: "2" }, TypeError, 'sgd: accumulate must be an integer, got "2"'],
  [
    { accumulate: 2, sharpness: {} },
    RangeError,
    "sgd: accumulate must be 1 where a step takes more than one gradient, got 2",
  ],
])("refuses %o", (options, error, message) => {
  const create = () => sgd([numbers(0)], { ...(options as object), engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});
