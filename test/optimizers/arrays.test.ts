// What may be handed in as parameters and gradients, and what is refused.

import { describe, expect, test } from "vitest";
import { type Arrays, adam, type FloatArray, parameters, sgd, type Target } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const f32 = (...numbers: number[]) => new Float32Array(numbers);
const f64 = (...numbers: number[]) => new Float64Array(numbers);
const bad = (value: unknown) => value as FloatArray;

/** The same array, its memory taken away. */
function detached(length: number): Float32Array {
  const array = new Float32Array(length);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

describe("targets that are refused", () => {
  const cases: [target: unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [undefined, TypeError, "adam: target must be a record or a list of typed arrays, got undefined"],
    [null, TypeError, "adam: target must be a record or a list of typed arrays, got null"],
    [f32(1, 2), TypeError, "adam: target must be a record or a list of typed arrays, got a Float32Array"],
    [7, TypeError, "adam: target must be a record or a list of typed arrays, got 7"],
    [{}, RangeError, "adam: target has no parameters"],
    [[], RangeError, "adam: target has no parameters"],
    [{ w: [1, 2] }, TypeError, 'adam: parameter "w" must be a Float32Array or a Float64Array, got an Array'],
    [
      { w: new Int32Array(2) },
      TypeError,
      'adam: parameter "w" must be a Float32Array or a Float64Array, got an Int32Array',
    ],
    [[f32(1), undefined], TypeError, 'adam: parameter "1" must be a Float32Array or a Float64Array, got undefined'],
    [{ a: f32(1), b: f64(1) }, TypeError, 'adam: parameter "b" is float64, others are float32'],
    [{ a: f32(1), b: detached(2) }, RangeError, 'adam: parameter "b" is a detached array'],
  ];

  test.each(cases)("%o", (target, error, message) => {
    expect(() => adam(target as Target, { engine })).toThrow(new error(message));
  });
});

describe("gradients that are refused", () => {
  const cases: [gradients: () => unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [() => 3, TypeError, "sgd: gradients must be a record or a list of typed arrays, got 3"],
    [() => f32(1, 2, 3), TypeError, "sgd: gradients must be a record or a list of typed arrays, got a Float32Array"],
    [() => ({ a: f32(9, 9) }), RangeError, 'sgd: gradient missing for "b"'],
    [() => ({}), RangeError, 'sgd: gradient missing for "a", "b"'],
    [
      () => ({ a: f32(9, 9), b: f32(9), c: f32(9) }),
      RangeError,
      'sgd: gradient "c" belongs to no parameter; there are "a", "b"',
    ],
    [() => [f32(9, 9), f32(9)], RangeError, 'sgd: gradient "0" belongs to no parameter; there are "a", "b"'],
    [() => ({ a: f32(9, 9, 9), b: f32(9) }), RangeError, 'sgd: gradient "a" must have 2 elements, got 3'],
    [() => ({ a: f64(9, 9), b: f32(9) }), TypeError, 'sgd: gradient "a" must be a Float32Array, got a Float64Array'],
    [() => ({ a: [9, 9], b: f32(9) }), TypeError, 'sgd: gradient "a" must be a Float32Array, got an Array'],
    [() => ({ a: f32(9, 9), b: undefined }), TypeError, 'sgd: gradient "b" must be a Float32Array, got undefined'],
    [
      () => ({ a: f32(9, 9), b: detached(1) }),
      RangeError,
      'sgd: gradient "b" must have 1 elements, got a detached array',
    ],
  ];

  test.each(cases)("%o, for arrays", (gradients, error, message) => {
    const target = { a: f32(1, 2), b: f32(3) };
    using optimizer = sgd(target, { momentum: 0.9, engine });
    const state = optimizer.stateDict();
    expect(() => optimizer.step(gradients() as Arrays)).toThrow(new error(message));
    expect(target).toEqual({ a: f32(1, 2), b: f32(3) });
    expect(optimizer.stateDict()).toEqual(state);
  });

  test.each(cases)("%o, for a parameter set", (gradients, error, message) => {
    using set = parameters({ a: 2, b: 1 }, { engine });
    set.gradients.a.set([4, 5]);
    using optimizer = sgd(set, { momentum: 0.9 });
    expect(() => optimizer.step(gradients() as Arrays)).toThrow(new error(message));
    expect([...set.gradients.a, ...set.gradients.b]).toEqual([4, 5, 0]);
    expect([...set.values.a, ...set.values.b]).toEqual([0, 0, 0]);
    expect(optimizer.stepCount).toBe(0);
  });

  test("none at all, for arrays", () => {
    using optimizer = sgd([f32(1)], { engine });
    expect(() => optimizer.step()).toThrow(
      new TypeError("sgd: step() needs the gradients, since the target is not a parameter set"),
    );
  });
});

describe("the caller's arrays", () => {
  test("what the caller writes between steps counts", () => {
    const w = f64(1);
    using optimizer = sgd([w], { learningRate: 1, engine });
    optimizer.step([f64(1)]);
    w[0] = 10;
    optimizer.step([f64(1)]);
    expect(w).toEqual(f64(9));
  });

  test("an array that takes another's place in the record is trained from then on", () => {
    const first = f64(1);
    const record = { w: first };
    using optimizer = sgd(record, { learningRate: 1, engine });
    optimizer.step({ w: f64(1) });
    record.w = f64(10);
    optimizer.step({ w: f64(1) });
    expect(record.w).toEqual(f64(9));
    expect(first).toEqual(f64(0));
  });

  test.each([
    ["of another length", () => f32(1, 2), RangeError, 'adam: parameter "w" must have 1 elements, got 2'],
    [
      "of another dtype",
      () => bad(f64(1)),
      TypeError,
      'adam: parameter "w" must be a Float32Array, got a Float64Array',
    ],
    ["detached", () => detached(1), RangeError, 'adam: parameter "w" must have 1 elements, got a detached array'],
  ] as const)("one that is %s is refused", (_, make, error, message) => {
    const record: { w: FloatArray } = { w: f32(5) };
    using optimizer = adam(record, { engine });
    record.w = make();
    expect(() => optimizer.step({ w: f32(1) })).toThrow(new error(message));
    expect(optimizer.stepCount).toBe(0);
  });

  test("a detached parameter does not lose the step, once it is replaced", () => {
    const record = { w: f32(5) };
    using optimizer = sgd(record, { learningRate: 1, engine });
    const kept = record.w;
    structuredClone(kept.buffer, { transfer: [kept.buffer] });
    expect(() => optimizer.step({ w: f32(1) })).toThrow("detached");
    record.w = f32(5);
    optimizer.step({ w: f32(1) });
    expect(record.w).toEqual(f32(4));
    expect(optimizer.stepCount).toBe(1);
  });

  test("shared memory serves as parameters and as gradients", () => {
    const w = new Float64Array(new SharedArrayBuffer(16));
    const gradient = new Float64Array(new SharedArrayBuffer(16));
    w.set([1, 2]);
    gradient.set([1, -1]);
    using optimizer = sgd([w], { learningRate: 0.5, clearGradients: true, engine });
    optimizer.step([gradient]);
    expect([...w, ...gradient]).toEqual([0.5, 2.5, 0, 0]);
    using set = parameters({ w: 2 }, { dtype: "float64", engine });
    gradient.set([4, 6]);
    using onSet = sgd(set, { learningRate: 0.5 });
    onSet.step({ w: gradient });
    expect([...set.values.w]).toEqual([-2, -3]);
  });

  test("views into a larger buffer are read and written in their place", () => {
    const buffer = new Float32Array(8).fill(1);
    using optimizer = sgd({ w: buffer.subarray(2, 5) }, { learningRate: 1, engine });
    optimizer.step({ w: buffer.subarray(5, 8) });
    expect(buffer).toEqual(f32(1, 1, 0, 0, 0, 1, 1, 1));
  });

  test("arrays of another realm are taken", async () => {
    const { runInNewContext } = await import("node:vm");
    const w: Float32Array = runInNewContext("new Float32Array([1, 2])");
    expect(w instanceof Float32Array).toBe(false);
    using optimizer = sgd({ w }, { learningRate: 1, engine });
    optimizer.step({ w: f32(1, 1) });
    expect([...w]).toEqual([0, 1]);
  });

  test("empty arrays are allowed beside others", () => {
    const target = { none: f32(), some: f32(1) };
    using optimizer = sgd(target, { learningRate: 1, momentum: 0.5, engine });
    optimizer.step({ none: f32(), some: f32(1) });
    expect(target.some).toEqual(f32(0));
    expect(optimizer.stateDict().slots.velocity).toEqual({ none: f32(), some: f32(1) });
  });

  test("a parameter set's own gradients may be handed back to it", () => {
    using set = parameters({ w: 2 }, { engine });
    set.gradients.w.set([1, 2]);
    using optimizer = sgd(set, { learningRate: 1 });
    optimizer.step(set.gradients);
    expect([...set.values.w]).toEqual([-1, -2]);
  });
});

test("two optimizers may share a parameter set", () => {
  using set = parameters({ w: 1 }, { dtype: "float64", engine });
  using one = sgd(set, { learningRate: 1 });
  using two = sgd(set, { learningRate: 0.5 });
  set.gradients.w.fill(1);
  one.step();
  two.step();
  expect(set.values.w[0]).toBe(-1.5);
  one.dispose();
  two.step();
  expect(set.values.w[0]).toBe(-2);
});
