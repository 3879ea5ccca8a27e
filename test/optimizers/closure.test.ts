// A step that takes a closure, and what is left where that throws: everything as it was.

import { describe, expect, test } from "vitest";
import { parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { type Options, optimizerInfos } from "./infos.js";
import { copyInto, flatten, gradientOfStep, shapes, startValues } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;

test.each(variants)("every rule takes its gradients from a closure as well, %s", (variant) => {
  for (const { create } of optimizerInfos) {
    const [given, asked] = [startValues("float64"), startValues("float64")];
    using one = create(given, { engine: engines[variant] });
    using other = create(asked, { engine: engines[variant] });
    for (let step = 0; step < 3; step++) {
      one.step(() => gradientOfStep("float64", step));
      other.step((sample) => gradientOfStep("float64", sample));
    }
    expect(flatten(asked)).toEqual(flatten(given));
  }
});

/** Whatever remembers something beside the slots, or moves parameters. */
const options: readonly Options[] = [
  {},
  { average: { kind: "stepWeighted" } },
  { sharpness: { radius: 0.1 } },
  { sharpness: { radius: 0.1 }, average: { kind: "stepWeighted" }, lookahead: { steps: 1 }, clearGradients: true },
  { lossScale: {}, sharpness: {} },
];

describe.each(optimizerInfos)("$name", ({ create }) => {
  test.each(options)("%o", (chosen) => {
    const calls = chosen.sharpness ? 2 : 1;
    for (let fails = 0; fails < calls; fails++) {
      const arrays = startValues("float64");
      using set = parameters(shapes, { dtype: "float64", engine });
      copyInto(set.values, startValues("float64"));
      using onArrays = create(arrays, { ...chosen, engine });
      using onSet = create(set, chosen);
      onArrays.step((sample) => gradientOfStep("float64", sample));
      onSet.step((sample) => gradientOfStep("float64", sample));
      const before = [flatten(arrays), flatten(set.values), onArrays.stateDict(), onSet.stateDict()];
      for (const optimizer of [onArrays, onSet]) {
        let call = 0;
        const closure = (sample: number) => {
          if (call++ === fails) throw new Error("out of data");
          return gradientOfStep("float64", sample);
        };
        expect(() => optimizer.step(closure)).toThrow(new Error("out of data"));
        expect(call).toBe(fails + 1);
      }
      expect([flatten(arrays), flatten(set.values), onArrays.stateDict(), onSet.stateDict()]).toEqual(before);
      // And the next step is the one that failed.
      onArrays.step((sample) => gradientOfStep("float64", sample));
      using straight = create(set, chosen);
      copyInto(set.values, startValues("float64"));
      for (let step = 0; step < 2; step++) straight.step((sample) => gradientOfStep("float64", sample));
      expect(flatten(arrays)).toEqual(flatten(set.values));
    }
  });

  test("a second gradient that is not finite takes the step back", () => {
    const arrays = startValues("float64");
    using optimizer = create(arrays, { sharpness: {}, nonFinite: "skip", average: { kind: "stepWeighted" }, engine });
    optimizer.step((sample) => gradientOfStep("float64", sample));
    const [values, { slots, header }] = [flatten(arrays), optimizer.stateDict()];
    let call = 0;
    optimizer.step((sample) => {
      const gradients = gradientOfStep("float64", sample);
      if (call++ === 1) gradients.a[0] = Number.POSITIVE_INFINITY;
      return gradients;
    });
    expect(call).toBe(2);
    expect(flatten(arrays)).toEqual(values);
    expect(optimizer.stateDict()).toEqual({ slots, header: { ...header, sampleCount: 2 } });
    expect([optimizer.stepCount, optimizer.skippedSteps]).toEqual([1, 1]);
  });
});

test("gradients that don't fit are refused in the second call as in the first", () => {
  const w = new Float64Array([1]);
  using optimizer = sgd({ w }, { sharpness: {}, engine });
  let call = 0;
  expect(() => optimizer.step(() => ({ w: new Float64Array(++call) }))).toThrow(
    new RangeError('sgd: gradient "w" must have 1 elements, got 2'),
  );
  expect(w[0]).toBe(1);
  expect(optimizer.stepCount).toBe(0);
});
