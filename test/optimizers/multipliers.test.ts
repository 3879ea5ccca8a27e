// Masks and multipliers: factors on the rate and on the decay of single parameters.

import { describe, expect, test } from "vitest";
import { adamw, type CommonOptions, type Multiplier, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { copyInto, gradientOfStep, shapes, startValues, stepWith } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

describe.each(variants)("by hand, %s", (variant) => {
  const engine = engines[variant];
  const target = () => ({ w: numbers(4), b: numbers(4), n: numbers(4) });
  const gradients = { w: numbers(2), b: numbers(2), n: numbers(2) };
  /** What a step of rate 0.5 makes of 4, 4, 4 with gradients 2, 2, 2. */
  const after = (options: CommonOptions) => {
    const values = target();
    using optimizer = sgd(values, { learningRate: 0.5, ...options, engine });
    optimizer.step(gradients);
    return [values.w[0], values.b[0], values.n[0]];
  };

  const forms: [string, Multiplier][] = [
    ["a record", { b: 0.25, n: false }],
    ["a function", (name) => (name === "w" ? true : name === "b" ? 0.25 : 0)],
  ];

  test.each(forms)("learningRateMultiplier as %s", (_, learningRateMultiplier) => {
    expect(after({ learningRateMultiplier })).toEqual([3, 3.75, 4]);
  });

  test.each(forms)("weightDecayMultiplier as %s, in the gradient", (_, weightDecayMultiplier) => {
    // Gradients 2 + 0.5 * 4, 2 + 0.125 * 4, 2
    expect(after({ weightDecay: 0.5, weightDecayMultiplier })).toEqual([2, 2.75, 3]);
  });

  test.each(forms)("weightDecayMultiplier as %s, beside the step", (_, weightDecayMultiplier) => {
    // 4 - 0.25 * 4 - 1, 4 - 0.0625 * 4 - 1, 4 - 1
    const decay = { weightDecay: 0.5, decoupledWeightDecay: true };
    expect(after({ ...decay, weightDecayMultiplier })).toEqual([2, 2.75, 3]);
  });

  test.each(forms)(
    "learningRateMultiplier as %s counts in the decay beside the step, unless that is independent",
    (_, learningRateMultiplier) => {
      const decay = { weightDecay: 0.5, decoupledWeightDecay: true, learningRateMultiplier };
      // 4 - (0.25 * 4 + 1), 4 - (0.0625 * 4 + 0.25), 4
      expect(after(decay)).toEqual([2, 3.5, 4]);
      // 4 - (0.5 * 4 + 1), 4 - (0.5 * 4 + 0.25), 4: what is frozen does not decay either
      expect(after({ ...decay, independentWeightDecay: true })).toEqual([1, 1.75, 4]);
    },
  );
});

describe.each(optimizerInfos)("$name", ({ create, sumsTensors }) => {
  test.each(["float32", "float64"] as const)(
    "what is frozen keeps its bits, state and all, and the rest does not notice, %s",
    (dtype) => {
      const frozen = ["b", "d"] as const;
      using set = parameters(shapes, { dtype, engine });
      using other = parameters(shapes, { dtype, engine });
      copyInto(set.values, startValues(dtype));
      copyInto(other.values, startValues(dtype));
      using optimizer = create(set, {
        weightDecay: 0.1,
        learningRateMultiplier: Object.fromEntries(frozen.map((name) => [name, false])),
      });
      using free = create(other, { weightDecay: 0.1 });
      for (const one of [optimizer, free]) stepWith(one, () => gradientOfStep(dtype, 0));
      const { slots } = optimizer.stateDict();
      for (let step = 1; step < 70; step++) {
        for (const one of [optimizer, free]) stepWith(one, () => gradientOfStep(dtype, step));
      }
      const start = startValues(dtype);
      for (const name of frozen) {
        expect(set.values[name]).toEqual(start[name]);
        for (const [slot, tensors] of Object.entries(optimizer.stateDict().slots)) {
          expect(tensors[name]).toEqual(slots[slot]![name]);
        }
      }
      for (const name of ["a", "c"] as const) {
        if (!sumsTensors) expect(set.values[name]).toEqual(other.values[name]);
        expect(set.values[name]).not.toEqual(start[name]);
      }
    },
  );
});

test("gradients of what is frozen are cleared all the same", () => {
  using set = parameters({ a: 3, b: 3 }, { engine });
  using optimizer = adamw(set, { clearGradients: true, learningRateMultiplier: { a: 0 } });
  set.gradients.a.fill(1);
  set.gradients.b.fill(1);
  optimizer.step();
  expect([...set.gradients.a, ...set.gradients.b]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("a parameter may have the name of what every object has", () => {
  const target = { constructor: numbers(1), toString: numbers(1) };
  using optimizer = sgd(target, { learningRate: 1, learningRateMultiplier: { toString: 2 }, engine });
  optimizer.step({ constructor: numbers(1), toString: numbers(1) });
  expect([target.constructor[0], target.toString[0]]).toEqual([0, -1]);
});

test.each([
  [
    { learningRateMultiplier: { v: 1 } },
    RangeError,
    'sgd: learningRateMultiplier has "v", which is no parameter; there are w',
  ],
  [
    { weightDecayMultiplier: { w: -1 } },
    RangeError,
    'sgd: weightDecayMultiplier of "w" must be in [0, Infinity), got -1',
  ],
  [
    { learningRateMultiplier: () => Number.NaN },
    RangeError,
    'sgd: learningRateMultiplier of "w" must be in [0, Infinity), got NaN',
  ],
  [{ learningRateMultiplier: { w: "1" } }, TypeError, 'sgd: learningRateMultiplier of "w" must be a number, got "1"'],
  [
    { weightDecayMultiplier: 2 },
    TypeError,
    "sgd: weightDecayMultiplier must be a record of factors or a function, got 2",
  ],
  [
    { weightDecayMultiplier: null },
    TypeError,
    "sgd: weightDecayMultiplier must be a record of factors or a function, got null",
  ],
])("refuses %o", (options, error, message) => {
  const create = () => sgd({ w: numbers(1) }, { ...(options as object), engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});
