// A step that takes a closure, and what is left where that throws: everything as it was.

import { describe, expect, test } from "vitest";
import { parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { type Options, optimizerInfos } from "./infos.js";
import { copyInto, flatten, gradientOfStep, lengths, shapes, startValues } from "./train.js";

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

const gradients = (sample: number) => gradientOfStep("float64", sample);

/** A closure that counts its calls, and one of them that does something else. */
function counted(at = Number.POSITIVE_INFINITY, instead: (sample: number) => ReturnType<typeof gradients> = gradients) {
  const closure = Object.assign((sample: number) => (closure.calls++ === at ? instead(sample) : gradients(sample)), {
    calls: 0,
  });
  return closure;
}

describe.each(optimizerInfos)("$name", ({ create, shaped, keepsAverage }) => {
  using plain = create([new Float64Array(1)], { engine });
  const fitting = options
    .filter(({ sharpness }) => sharpness === undefined || !plain.needsClosure)
    .map(({ average, lookahead, ...others }) => (keepsAverage ? others : { ...others, average, lookahead }));

  test.each(fitting)("a closure that throws leaves everything as it was, %o", (chosen) => {
    const probe = counted();
    using counting = create(startValues("float64"), { ...chosen, engine });
    counting.step(probe);
    for (let fails = 0; fails < probe.calls; fails++) {
      const expected = startValues("float64");
      using straight = create(expected, { ...chosen, engine });
      for (let step = 0; step < 2; step++) straight.step(gradients);

      const arrays = startValues("float64");
      // Arrays are vectors, whatever they are filled with.
      using set = parameters(shaped ? lengths : shapes, { dtype: "float64", engine });
      copyInto(set.values, arrays);
      using onArrays = create(arrays, { ...chosen, engine });
      using onSet = create(set, chosen);
      for (const optimizer of [onArrays, onSet]) {
        optimizer.step(gradients);
        const before = { arrays: flatten(arrays), set: flatten(set.values), state: optimizer.stateDict() };
        const closure = counted(fails, () => {
          throw new Error("out of data");
        });
        expect(() => optimizer.step(closure)).toThrow(new Error("out of data"));
        expect(closure.calls).toBe(fails + 1);
        expect({ arrays: flatten(arrays), set: flatten(set.values), state: optimizer.stateDict() }).toEqual(before);
        // And the next step is the one that failed.
        optimizer.step(gradients);
        expect(optimizer.stateDict()).toEqual(straight.stateDict());
      }
      expect([flatten(arrays), flatten(set.values)]).toEqual([flatten(expected), flatten(expected)]);
    }
  });

  test("a later gradient that is not finite takes the step back", () => {
    const all = { ...(plain.needsClosure ? {} : { sharpness: {} }), nonFinite: "skip", engine };
    const probe = counted();
    using counting = create(startValues("float64"), all);
    counting.step(probe);
    const arrays = startValues("float64");
    using optimizer = create(arrays, all);
    optimizer.step(gradients);
    const [values, { slots, header }] = [flatten(arrays), optimizer.stateDict()];
    const closure = counted(probe.calls - 1, (sample) => {
      const bad = gradients(sample);
      bad.a[0] = Number.POSITIVE_INFINITY;
      return bad;
    });
    optimizer.step(closure);
    expect(closure.calls).toBe(probe.calls);
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

test.each([
  [
    "the loss, as PyTorch's do",
    () => 0.5,
    "sgd: the closure must return gradients, or nothing (not the loss), got 0.5",
  ],
  ["null", () => null, "sgd: the closure must return gradients, or nothing (not the loss), got null"],
  ["a promise", async () => {}, "sgd: the closure must be done when it returns, got a promise"],
])("a closure may not return %s", (_, closure, message) => {
  using set = parameters({ w: 2 }, { engine });
  using optimizer = sgd(set, { learningRate: 1 });
  set.gradients.w.fill(1);
  expect(() => optimizer.step(closure as never)).toThrow(new TypeError(message));
  expect([...set.values.w, optimizer.stepCount]).toEqual([0, 0, 0]);
});
