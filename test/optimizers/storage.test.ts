// State in fewer bits, as an option of Adam, AdamW, Lion and momentum.

import { describe, expect, test } from "vitest";
import {
  adam,
  adamw,
  bfloat16,
  int8,
  lion,
  type Optimizer,
  parameters,
  type StateStorage,
  sgd,
  type Target,
} from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { copyInto, flatten, shapes, startValues, trainSet } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;

type Create = (target: Target, options: { stateStorage?: StateStorage; learningRate?: number }) => Optimizer;

const makers: [name: string, create: Create][] = [
  ["adam", (target, options) => adam(target, options)],
  ["adamw", (target, options) => adamw(target, { ...options, weightDecayMultiplier: { b: false } })],
  ["lion", (target, options) => lion(target, options)],
  ["momentum", (target, options) => sgd(target, { ...options, momentum: 0.9, clipTensorNorm: 1 })],
];

describe.each([bfloat16, int8])("$name", (stateStorage) => {
  describe.each(makers)("%s", (_, create) => {
    test("training resumes bit for bit", () => {
      const options = { stateStorage, learningRate: 0.01 };
      using set = parameters(shapes, { engine });
      copyInto(set.values, startValues("float32"));
      using optimizer = create(set, options);
      trainSet(set, optimizer, 0, 11);
      const saved = optimizer.stateDict();
      const values = structuredClone({ ...set.values });
      trainSet(set, optimizer, 11, 90);

      using resumedSet = parameters(shapes, { engine });
      copyInto(resumedSet.values, values);
      using resumed = create(resumedSet, options);
      resumed.loadStateDict(saved);
      expect(resumed.stateDict()).toEqual(saved);
      trainSet(resumedSet, resumed, 11, 90);
      expect(flatten(resumedSet.values)).toEqual(flatten(set.values));
      expect(resumed.stateDict()).toEqual(optimizer.stateDict());
    });

    test("reference equals strict to the bit", () => {
      const trained = (["strict", "reference"] as const).map((variant) => {
        using set = parameters(shapes, { engine: engines[variant] });
        copyInto(set.values, startValues("float32"));
        using optimizer = create(set, { stateStorage, learningRate: 0.01 });
        trainSet(set, optimizer, 0, 70);
        return [flatten(set.values), optimizer.stateDict().slots];
      });
      expect(trained[1]).toEqual(trained[0]);
    });

    test("full state loads, and training goes on near where it would have gone", () => {
      using full = parameters(shapes, { engine });
      using set = parameters(shapes, { engine });
      copyInto(full.values, startValues("float32"));
      using fullOptimizer = create(full, { learningRate: 0.001 });
      trainSet(full, fullOptimizer, 0, 20);
      copyInto(set.values, structuredClone({ ...full.values }));
      using optimizer = create(set, { stateStorage, learningRate: 0.001 });
      optimizer.loadStateDict(fullOptimizer.stateDict());
      trainSet(full, fullOptimizer, 20, 30);
      trainSet(set, optimizer, 20, 30);
      // Ten steps of at most 0.001 or so in each coordinate, a part of which the rounding may turn.
      flatten(set.values).forEach((value, i) => {
        expect(Math.abs(value - flatten(full.values)[i]!)).toBeLessThan(0.02);
      });
    });
  });

  test("a quadratic is minimised as with full state", () => {
    const target = Array.from({ length: 600 }, (_, i) => Math.sin(i));
    const losses = [undefined, stateStorage].map((storage) => {
      using set = parameters({ w: 600 }, { engine });
      using optimizer = adam(set, { learningRate: 0.02, ...(storage && { stateStorage: storage }) });
      for (let step = 0; step < 600; step++) {
        optimizer.learningRate = 0.02 * (1 - step / 600);
        set.gradients.w.set(target.map((t, i) => (1 + (i % 5)) * (set.values.w[i]! - t)));
        optimizer.step();
      }
      return target.reduce((sum, t, i) => sum + (set.values.w[i]! - t) ** 2, 0) / 600;
    });
    expect(losses[0]).toBeLessThan(1e-6);
    expect(losses[1]).toBeLessThan(1e-5);
  });

  test("the state takes fewer bytes", () => {
    using set = parameters({ w: 4096 }, { engine });
    const before = engine.bytesInUse;
    using optimizer = adamw(set, { stateStorage });
    const bytes = stateStorage === bfloat16 ? 2 * 2 * 4096 : 2 * (4096 + 4 * 16);
    expect(engine.bytesInUse - before).toBe(bytes + 64);
    expect(optimizer.stateDict().slots.firstMoment!.w).toHaveLength(4096);
  });

  test("gradients vanish, and the state with them, without a stay among the subnormal numbers", () => {
    using set = parameters({ w: 300 }, { engine });
    using optimizer = adam(set, { stateStorage, beta1: 0.5, beta2: 0.5 });
    set.gradients.w.fill(1);
    optimizer.step();
    set.gradients.w.fill(0);
    for (let step = 0; step < 400; step++) {
      optimizer.step();
      for (const slot of Object.values(optimizer.stateDict().slots)) {
        expect(slot.w!.filter((x) => x !== 0 && Math.abs(x) < 2 ** -126)).toHaveLength(0);
      }
    }
    for (const slot of Object.values(optimizer.stateDict().slots)) expect(Math.max(...slot.w!.map(Math.abs))).toBe(0);
  });

  test("what it is not for is refused", () => {
    const { name } = stateStorage;
    const w = new Float32Array(2);
    const refused = (create: () => Optimizer, message: string) => expect(create).toThrow(new RangeError(message));
    refused(
      () => sgd([w], { stateStorage, engine }),
      `sgd: stateStorage ${name} is not for this rule, as it is set up`,
    );
    refused(
      () => adam([w], { amsgrad: true, stateStorage, engine }),
      `adam: stateStorage ${name} is not for this rule, as it is set up`,
    );
    refused(
      () => adam([new Float64Array(2)], { stateStorage, engine }),
      "adam: stateStorage is for float32 parameters, got float64",
    );
    refused(() => lion([w], { beta2: 0, stateStorage, engine }), "lion: beta2 must be in (0, 1), got 0");
  });
});

test("anything else is refused", () => {
  expect(() => adam([new Float32Array(1)], { stateStorage: "int8" as never, engine })).toThrow(
    new TypeError('adam: stateStorage must be bfloat16 or int8 as imported from schuss, got "int8"'),
  );
});
