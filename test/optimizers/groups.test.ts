// Groups of parameters with options of their own, added and removed while training. Numbers worked out by hand.

import { describe, expect, test } from "vitest";
import { adam, type ParameterGroup, parameters, type StateDict, schedules, sgd, type Target } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  test("every group takes its own options, and the optimizer's for what it does not say", () => {
    const [a, b] = [numbers(4), numbers(4)];
    using optimizer = sgd({ a }, { learningRate: 0.5, momentum: 0.5, engine });
    const group = optimizer.addGroup({ b }, { learningRate: 0.25, weightDecay: 0.5 });
    expect(group.names).toEqual(["b"]);
    expect(optimizer.groups.map(({ names }) => names)).toEqual([["a"], ["b"]]);
    optimizer.step({ a: numbers(2), b: numbers(2) });
    // 4 - 0.5 * 2;  velocity 2 + 0.5 * 4 = 4, 4 - 0.25 * 4
    expect([a[0], b[0]]).toEqual([3, 3]);
    optimizer.step({ b: numbers(0), a: numbers(0) });
    // velocity 1;  velocity 0.5 * 4 + 0.5 * 3 = 3.5
    expect([a[0], b[0]]).toEqual([2.5, 3 - 0.875]);
  });

  test("parameter sets and arrays may be groups of one optimizer", () => {
    using set = parameters({ a: 2 }, { dtype: "float64", engine });
    const b = new Float32Array([1]);
    using optimizer = sgd(set, { learningRate: 1, engine });
    optimizer.addGroup({ b });
    optimizer.step({ ...set.gradients, b: new Float32Array([3]) });
    expect([...set.values.a, ...b]).toEqual([0, 0, -2]);
    optimizer.step({ a: numbers(1, 2), b: new Float32Array([3]) });
    expect([...set.values.a, ...b]).toEqual([-1, -2, -5]);
  });
});

test("a group's steps count from its addition: schedules, bias correction, momentum", () => {
  const [a, b] = [numbers(0), numbers(0)];
  using optimizer = adam({ a }, { learningRate: (step) => (step === 0 ? 1 : 0.5), epsilon: 0, engine });
  optimizer.step({ a: numbers(3) });
  expect(a[0]).toBe(-1);
  const group = optimizer.addGroup({ b });
  expect([group.stepCount, group.learningRate]).toEqual([0, 1]);
  optimizer.step({ a: numbers(3), b: numbers(7) });
  // Adam's first step has the length of its rate, whatever the gradient.
  expect(b[0]).toBeCloseTo(-1, 14);
  expect(a[0]).toBeCloseTo(-1.5, 14);
  expect([optimizer.stepCount, ...optimizer.groups.map(({ stepCount }) => stepCount)]).toEqual([2, 2, 1]);
});

test("the rate of one group, or of all, can be set while training", () => {
  using optimizer = sgd({ a: numbers(0) }, { learningRate: 1, engine });
  const group = optimizer.addGroup({ b: numbers(0) });
  group.learningRate = 2;
  expect([optimizer.learningRate, group.learningRate]).toEqual([1, 2]);
  optimizer.learningRate = schedules.constant(3);
  expect([optimizer.learningRate, group.learningRate]).toEqual([3, 3]);
  expect(() => {
    group.learningRate = -1;
  }).toThrow(new RangeError("sgd: learningRate must be in [0, Infinity), got -1"));
});

test("a group that is removed stays as it is, and the others go on as if it had not been there", () => {
  const [a, b, alone] = [numbers(1), numbers(1), numbers(1)];
  using optimizer = sgd({ a }, { learningRate: 0.5, momentum: 0.5, engine });
  using reference = sgd({ alone }, { learningRate: 0.5, momentum: 0.5, engine });
  const held = engine.bytesInUse;
  const group = optimizer.addGroup({ b });
  expect(engine.bytesInUse).toBeGreaterThan(held);
  optimizer.step({ a: numbers(1), b: numbers(1) });
  reference.step({ alone: numbers(1) });
  optimizer.removeGroup(group);
  expect(engine.bytesInUse).toBe(held);
  optimizer.step({ a: numbers(1) });
  reference.step({ alone: numbers(1) });
  expect(a).toEqual(alone);
  expect(b[0]).toBe(0.5);
  const gradients = { a: numbers(1), b: numbers(1) };
  expect(() => optimizer.step(gradients)).toThrow(RangeError);
});

test("the first group may go; a name that has gone may come back, with a state of its own", () => {
  const [a, b] = [numbers(0), numbers(0)];
  using optimizer = sgd({ a }, { learningRate: 1, momentum: 0.5, engine });
  optimizer.addGroup({ b });
  optimizer.step({ a: numbers(1), b: numbers(1) });
  optimizer.removeGroup(optimizer.groups[0]!);
  optimizer.addGroup({ a });
  optimizer.step({ a: numbers(1), b: numbers(1) });
  // a: a first step each time;  b: 1 and 1.5
  expect([a[0], b[0]]).toEqual([-2, -2.5]);
});

test("multipliers by name are those of the first group alone, functions of the name those of all", () => {
  const byName = { learningRate: 1, learningRateMultiplier: { a: 0.5 }, engine };
  const [a, b] = [numbers(0), numbers(0)];
  using optimizer = sgd({ a }, byName);
  optimizer.addGroup({ b });
  optimizer.step({ a: numbers(1), b: numbers(1) });
  expect([a[0], b[0]]).toEqual([-0.5, -1]);
  const [c, d] = [numbers(0), numbers(0)];
  using other = sgd({ c }, { learningRate: 1, learningRateMultiplier: (name) => (name === "d" ? 2 : 1), engine });
  other.addGroup({ d });
  other.step({ c: numbers(1), d: numbers(1) });
  expect([c[0], d[0]]).toEqual([-1, -2]);
});

describe("state", () => {
  const train = (optimizer: ReturnType<typeof adam>, from: number, to: number) => {
    for (let step = from; step < to; step++) {
      optimizer.step({ a: numbers(Math.sin(step)), b: numbers(Math.cos(step)), c: numbers(step - 5, 1) });
    }
  };

  test("is saved and loaded by name, however the groups are cut", () => {
    const first = { a: numbers(1), b: numbers(2), c: numbers(3, 4) };
    using optimizer = adam({ a: first.a }, { learningRate: 0.1, engine });
    optimizer.addGroup({ b: first.b, c: first.c }, { weightDecay: 0.1 });
    train(optimizer, 0, 5);
    const state: StateDict = structuredClone(optimizer.stateDict());
    const second = structuredClone(first);
    train(optimizer, 5, 9);
    using resumed = adam({ a: second.a }, { learningRate: 0.1, engine });
    resumed.addGroup({ c: second.c }, { weightDecay: 0.1 });
    resumed.addGroup({ b: second.b }, { weightDecay: 0.1 });
    resumed.loadStateDict(state);
    train(resumed, 5, 9);
    expect(second).toEqual(first);
    expect(resumed.stateDict().slots).toEqual(optimizer.stateDict().slots);
  });

  test("carries every group's count", () => {
    const target = () => ({ a: numbers(1) });
    using optimizer = adam(target(), { engine });
    optimizer.step(target());
    optimizer.addGroup({ b: numbers(1) });
    optimizer.step({ a: numbers(1), b: numbers(1) });
    using resumed = adam({ b: numbers(1) }, { engine });
    resumed.addGroup(target());
    resumed.loadStateDict(optimizer.stateDict());
    expect([resumed.stepCount, ...resumed.groups.map(({ stepCount }) => stepCount)]).toEqual([2, 1, 2]);
  });

  test("of fewer parameters is refused, and changes nothing", () => {
    using optimizer = adam({ a: numbers(1) }, { engine });
    optimizer.step({ a: numbers(1) });
    const state = optimizer.stateDict();
    using larger = adam({ a: numbers(1) }, { engine });
    larger.addGroup({ b: numbers(1) });
    const before = larger.stateDict();
    expect(() => larger.loadStateDict(state)).toThrow(
      new RangeError('adam: no group of the state has the parameter "b"'),
    );
    expect(larger.stateDict()).toEqual(before);
  });
});

describe("what is refused changes nothing", () => {
  test.each([
    ["a name that is taken", { a: numbers(1) }, {}, RangeError, 'sgd: there is a parameter "a" already'],
    ["no parameters", {}, {}, RangeError, "sgd: target has no parameters"],
    [
      "an option of all",
      { b: numbers(1) },
      { clipNorm: 1 },
      RangeError,
      "sgd: clipNorm is an option of the whole optimizer",
    ],
    [
      "a rate below 0",
      { b: numbers(1) },
      { learningRate: -1 },
      RangeError,
      "sgd: learningRate must be in [0, Infinity), got -1",
    ],
    ["options that are none", { b: numbers(1) }, null, TypeError, "sgd: options must be an object, got null"],
    [
      "a multiplier for another's parameter",
      { b: numbers(1) },
      { learningRateMultiplier: { a: 1 } },
      RangeError,
      'sgd: learningRateMultiplier has "a", which is no parameter; there are b',
    ],
  ] as const)("%s", (_, target, options, error, message) => {
    using optimizer = sgd({ a: numbers(1) }, { engine });
    const held = engine.bytesInUse;
    const add = () => optimizer.addGroup(target as Target, options as object);
    expect(add).toThrow(error);
    expect(add).toThrow(new error(message));
    expect(optimizer.groups).toHaveLength(1);
    expect(engine.bytesInUse).toBe(held);
  });

  test("the removal of a stranger, or of the last group", () => {
    using optimizer = sgd({ a: numbers(1) }, { engine });
    using other = sgd({ a: numbers(1) }, { engine });
    expect(() => optimizer.removeGroup(other.groups[0]!)).toThrow(
      new RangeError("sgd: the group is none of this optimizer's"),
    );
    expect(() => optimizer.removeGroup({} as ParameterGroup)).toThrow(RangeError);
    expect(() => optimizer.removeGroup(optimizer.groups[0]!)).toThrow(
      new RangeError("sgd: the last group can't be removed"),
    );
  });

  test.each([
    ["missing", { a: numbers(9) }, RangeError, 'sgd: gradient missing for "b"'],
    [
      "of the wrong length",
      { a: numbers(9), b: numbers(9, 9) },
      RangeError,
      'sgd: gradient "b" must have 1 elements, got 2',
    ],
    [
      "of nobody",
      { a: numbers(9), b: numbers(9), c: numbers(9) },
      RangeError,
      'sgd: gradient "c" belongs to no parameter',
    ],
    ["a number", 3, TypeError, "sgd: gradients must be a record or a list of typed arrays, got 3"],
    ["null", null, TypeError, "sgd: gradients must be a record or a list of typed arrays, got null"],
  ] as const)("gradients, one of which is %s, be it under accumulation", (_, gradients, error, message) => {
    const [a, b] = [numbers(0), numbers(0)];
    using optimizer = sgd({ a }, { learningRate: 1, accumulate: 2, engine });
    optimizer.addGroup({ b });
    optimizer.step({ a: numbers(1), b: numbers(1) });
    expect(() => optimizer.step(gradients as never)).toThrow(new error(message));
    optimizer.step({ a: numbers(3), b: numbers(5) });
    expect([a[0], b[0]]).toEqual([-2, -3]);
  });
});

test("after dispose() nothing can be added or removed", () => {
  const optimizer = sgd({ a: numbers(1) }, { engine });
  const group = optimizer.groups[0]!;
  optimizer.dispose();
  const error = new Error("sgd: used after dispose()");
  expect(() => optimizer.addGroup({ b: numbers(1) })).toThrow(error);
  expect(() => optimizer.removeGroup(group)).toThrow(error);
  expect(() => optimizer.withAverages(() => 0)).toThrow(error);
});
