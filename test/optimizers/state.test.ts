import { describe, expect, test } from "vitest";
import {
  adam,
  type Dtype,
  load,
  type Optimizer,
  type ParameterSet,
  parameters,
  type StateDict,
  schedules,
  sgd,
} from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { copyInto, flatten, shapes, startValues, trainSet } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const other = await load({ variant: "strict" });

/** What a program would write to a file and read again. */
function throughFile({ header, slots }: StateDict): StateDict {
  return { header: JSON.parse(JSON.stringify(header)), slots: structuredClone(slots) };
}

const cases = optimizerInfos.flatMap((info) =>
  info.samples.flatMap((options) =>
    (["float32", "float64"] as const).map((dtype) => ({ info, name: info.name, options, dtype })),
  ),
);

describe.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
  test("training resumes bit for bit in another engine", () => {
    // The rate depends on the step, and the flush of step 64 comes after the resumption.
    const all = { learningRate: schedules.cosine(0.02, 100), ...options };
    using set = parameters(shapes, { dtype, engine });
    copyInto(set.values, startValues(dtype));
    using optimizer = info.create(set, all);
    trainSet(set, optimizer, 0, 11);
    const saved = throughFile(optimizer.stateDict());
    const values = structuredClone({ ...set.values });
    trainSet(set, optimizer, 11, 75);

    using resumedSet = parameters(shapes, { dtype, engine: other });
    copyInto(resumedSet.values, values);
    using resumed = info.create(resumedSet, all);
    resumed.loadStateDict(saved);
    expect(resumed.stepCount).toBe(11);
    trainSet(resumedSet, resumed, 11, 75);

    expect(flatten(resumedSet.values)).toEqual(flatten(set.values));
    expect(resumed.stateDict()).toEqual(optimizer.stateDict());
  });
});

test("the header says whose state it is", () => {
  using optimizer = adam({ w: new Float64Array(2) }, { engine });
  optimizer.step({ w: new Float64Array([1, 2]) });
  expect(optimizer.stateDict().header).toEqual({
    format: "schuss-optimizer",
    version: 2,
    rule: "adam",
    stepCount: 1,
    sampleCount: 1,
    lossScale: { value: 1, goodSteps: 0 },
    groups: [{ parameters: ["w"], dtype: "float64", stepCount: 1, memory: {} }],
  });
});

test("a state of version 1, which knew no groups, loads", () => {
  using optimizer = adam({ w: new Float64Array(1) }, { engine });
  const header = { format: "schuss-optimizer", version: 1, rule: "adam", dtype: "float64", stepCount: 7 };
  const slots = { firstMoment: { w: new Float64Array([3]) }, secondMoment: { w: new Float64Array([4]) } };
  optimizer.loadStateDict({ header, slots } as unknown as StateDict);
  expect(optimizer.stepCount).toBe(7);
  expect(optimizer.groups[0]!.stepCount).toBe(7);
  expect(optimizer.stateDict().slots).toEqual(slots);
});

test("slots hold the moments by name, as copies", () => {
  using optimizer = adam({ w: new Float64Array(1) }, { engine });
  optimizer.step({ w: new Float64Array([2]) });
  const { slots } = optimizer.stateDict();
  // (1 - 0.9) 2 and (1 - 0.999) 2^2
  expect(slots).toEqual({
    firstMoment: { w: new Float64Array([(1 - 0.9) * 2]) },
    secondMoment: { w: new Float64Array([(1 - 0.999) * 2 * 2]) },
  });
  slots.firstMoment!.w!.fill(9);
  expect(optimizer.stateDict().slots.firstMoment!.w![0]).toBe((1 - 0.9) * 2);
});

test("plain sgd has no slots, and its count comes back", () => {
  using optimizer = sgd([new Float32Array(2)], { engine });
  optimizer.step([new Float32Array(2)]);
  const state = throughFile(optimizer.stateDict());
  expect(state.slots).toEqual({});
  using fresh = sgd([new Float32Array(2)], { engine });
  fresh.loadStateDict(state);
  expect(fresh.stepCount).toBe(1);
});

test("arrays are matched by name, not by order", () => {
  const arrays = (a: number[], b: number[]) => ({ a: new Float64Array(a), b: new Float64Array(b) });
  using optimizer = sgd(arrays([1, 2], [3, 4]), { momentum: 0.5, engine });
  optimizer.step(arrays([1, 2], [3, 4]));
  const { b, a } = arrays([1, 2], [3, 4]);
  using swapped = sgd({ b, a }, { momentum: 0.5, engine });
  swapped.loadStateDict(optimizer.stateDict());
  expect(swapped.stateDict().slots).toEqual(optimizer.stateDict().slots);
  expect(swapped.stateDict().slots.velocity!.a).toEqual(new Float64Array([1, 2]));
});

describe("loadStateDict refuses what does not fit, and changes nothing", () => {
  /** An AMSGrad with some history, and its state. */
  function trained(dtype: Dtype = "float32"): { set: ParameterSet; optimizer: Optimizer; state: StateDict } {
    const set = parameters(shapes, { dtype, engine });
    const optimizer = adam(set, { amsgrad: true });
    trainSet(set, optimizer, 0, 3);
    return { set, optimizer, state: throughFile(optimizer.stateDict()) };
  }

  type Slots = Record<string, Record<string, unknown>>;
  const withHeader = (change: object) => (state: StateDict) => ({ ...state, header: { ...state.header, ...change } });
  const withSlots = (change: (slots: Slots) => unknown) => (state: StateDict) => {
    const slots = structuredClone(state.slots) as unknown as Slots;
    change(slots);
    return { ...state, slots };
  };

  const changes: [
    message: string,
    error: typeof TypeError | typeof RangeError,
    change: (state: StateDict) => unknown,
  ][] = [
    ["adam: not a state of an optimizer, got undefined", TypeError, () => undefined],
    ["adam: not a state of an optimizer, got an Object", TypeError, () => ({})],
    ["adam: not a state of an optimizer, got an Object", TypeError, withHeader({ format: "keras" })],
    [
      "adam: not a state of an optimizer, got an Object: its header is text, not yet parsed",
      TypeError,
      ({ header, slots }) => ({ header: JSON.stringify(header), slots }),
    ],
    ["adam: the state's version must be an integer in [1, 2], got 3", RangeError, withHeader({ version: 3 })],
    ['adam: the state\'s version must be an integer, got "1"', TypeError, withHeader({ version: "1" })],
    [
      "adam: the state's stepCount must be an integer in [0, 9007199254740991], got -1",
      RangeError,
      withHeader({ stepCount: -1 }),
    ],
    [
      "adam: the state's stepCount must be an integer in [0, 9007199254740991], got 1.5",
      RangeError,
      withHeader({ stepCount: 1.5 }),
    ],
    ['adam: the state belongs to "adamw"', RangeError, withHeader({ rule: "adamw" })],
    [
      "adam: the state is float64, the parameters float32",
      RangeError,
      ({ header, slots }) => ({
        header: { ...header, groups: header.groups.map((group) => ({ ...group, dtype: "float64" })) },
        slots,
      }),
    ],
    [
      'adam: no group of the state has the parameter "a"',
      RangeError,
      withHeader({ groups: [{ parameters: ["b", "c", "d"], dtype: "float32", stepCount: 3, memory: {} }] }),
    ],
    [
      'adam: the state remembers "sum", which is not used here',
      RangeError,
      ({ header, slots }) => ({
        header: { ...header, groups: header.groups.map((group) => ({ ...group, memory: { sum: 1 } })) },
        slots,
      }),
    ],
    ['adam: the state has no slot "firstMoment"', RangeError, (state) => ({ header: state.header })],
    [
      'adam: the state has no slot "greatestSecondMoment"',
      RangeError,
      withSlots((slots) => delete slots.greatestSecondMoment),
    ],
    [
      'adam: slot "secondMoment" of the state has no parameter "c"',
      RangeError,
      withSlots((slots) => delete slots.secondMoment!.c),
    ],
    [
      'adam: slot "secondMoment" has an unknown parameter "e"',
      RangeError,
      withSlots((slots) => Object.assign(slots.secondMoment!, { e: new Float32Array(1) })),
    ],
    [
      'adam: slot "secondMoment" of "b" must be float32 of 7, got a Float32Array of 8',
      RangeError,
      withSlots((slots) => Object.assign(slots.secondMoment!, { b: new Float32Array(8) })),
    ],
    [
      'adam: slot "greatestSecondMoment" of "d" must be float32 of 66, got a Float64Array of 66',
      RangeError,
      withSlots((slots) => Object.assign(slots.greatestSecondMoment!, { d: new Float64Array(66) })),
    ],
    [
      'adam: slot "firstMoment" of "a" must be a typed array, which JSON does not keep, got an Array',
      TypeError,
      withSlots((slots) => Object.assign(slots.firstMoment!, { a: new Array(15).fill(0) })),
    ],
  ];

  test.each(changes)("%s", (message, error, change) => {
    const { set, optimizer, state } = trained();
    using _ = set;
    using __ = optimizer;
    // Numbers that would show if any of them had been taken over.
    const marked = throughFile(state);
    for (const slot of Object.values(marked.slots)) for (const array of Object.values(slot)) array.fill(99);
    const attempt = () =>
      optimizer.loadStateDict(change({ ...marked, header: { ...marked.header, stepCount: 7 } }) as StateDict);
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(new RegExp(`^${message.replace(/[[\].()]/g, "\\$&")}$`));
    expect(optimizer.stateDict()).toEqual(state);
  });

  test("the unchanged state is taken", () => {
    const { set, optimizer, state } = trained();
    using _ = set;
    using __ = optimizer;
    trainSet(set, optimizer, 3, 5);
    optimizer.loadStateDict(state);
    expect(optimizer.stateDict()).toEqual(state);
  });
});
