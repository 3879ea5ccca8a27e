// Training resumes bit for bit, whichever common option is at work. That it does with every option of the rules is in
// state.test.ts.

import { describe, expect, test } from "vitest";
import { adamw, type CommonOptions, load, parameters, type StateDict, schedules } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { copyInto, flatten, gradientOfStep, shapes, startValues } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const other = await load({ variant: "strict" });

const cases: readonly CommonOptions[] = [
  { weightDecay: schedules.linear(0.1, 100), independentWeightDecay: true },
  { learningRateMultiplier: { a: 0.5, b: false }, weightDecayMultiplier: (name) => name === "d" },
  { clipValue: 0.1 },
  { clipTensorNorm: 0.3 },
  { clipNorm: 0.3, adaptiveClip: 0.01 },
  { lossScale: { initial: 2, interval: 3 } },
  { accumulate: 3 },
  { average: { kind: "exponential", decay: 0.9 } },
  { average: { kind: "uniform", from: 12 } },
  { average: { kind: "polynomial" } },
  { average: { kind: "stepWeighted" } },
  { average: { kind: "randomIterate", seed: 3 } },
  { average: { kind: "last", count: 3, every: 4 } },
  { lookahead: { steps: 4 } },
  { sharpness: {} },
  { sharpness: {}, lookahead: { steps: 4 }, average: { kind: "stepWeighted" }, clipTensorNorm: 0.3 },
];

const throughFile = ({ header, slots }: StateDict): StateDict => ({
  header: JSON.parse(JSON.stringify(header)),
  slots: structuredClone(slots),
});

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test.each(cases)("%o", (options) => {
    const all = { learningRate: schedules.cosine(0.02, 100), ...options };
    const calls = 11 * (options.accumulate ?? 1);
    /** Every seventh gradient overflows where that is provided for. */
    const gradients = (sample: number) => {
      const tensors = gradientOfStep(dtype, sample);
      if (options.lossScale !== undefined && sample % 7 === 6) tensors.a[0] = Number.POSITIVE_INFINITY;
      return tensors;
    };
    using set = parameters(shapes, { dtype, engine });
    copyInto(set.values, startValues(dtype));
    using optimizer = adamw(set, all);
    for (let call = 0; call < calls; call++) optimizer.step(gradients);
    const saved = throughFile(optimizer.stateDict());
    const values = structuredClone({ ...set.values });
    for (let call = 0; call < 2 * calls; call++) optimizer.step(gradients);

    using resumedSet = parameters(shapes, { dtype, engine: other });
    copyInto(resumedSet.values, values);
    using resumed = adamw(resumedSet, all);
    resumed.loadStateDict(saved);
    for (let call = 0; call < 2 * calls; call++) resumed.step(gradients);
    expect(flatten(resumedSet.values)).toEqual(flatten(set.values));
    expect(resumed.stateDict()).toEqual(optimizer.stateDict());
    if (options.average !== undefined) {
      expect(resumed.withAverages(() => flatten(resumedSet.values))).toEqual(
        optimizer.withAverages(() => flatten(set.values)),
      );
    }
  });
});

test("what a state does not know begins anew", () => {
  const target = { w: new Float64Array([1]) };
  using optimizer = adamw(target, { learningRate: 1, average: { kind: "stepWeighted" }, engine });
  const fresh = optimizer.stateDict();
  optimizer.step({ w: new Float64Array([1]) });
  expect(optimizer.stateDict().header.groups[0]!.memory).toEqual({ learningRateSum: 1 });
  const groups = fresh.header.groups.map((group) => ({ ...group, memory: {} }));
  optimizer.loadStateDict({ ...fresh, header: { ...fresh.header, groups } });
  expect(optimizer.stateDict()).toEqual(fresh);
});
