// Every rule with tensors of no and of one element, and with gradients that are no numbers.

import { describe, expect, test } from "vitest";
import { type Dtype, parameters } from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { flatten, gradientOfStep, startValues, stepWith } from "./train.js";

expectMemoryReturned();

const cases = optimizerInfos.flatMap((info) =>
  info.samples.flatMap((options) =>
    (["float32", "float64"] as const).map((dtype) => ({ info, name: info.name, options, dtype })),
  ),
);

const float = (dtype: Dtype, ...numbers: number[]) => new dtypes[dtype].array(numbers);

describe.each(variants)("%s", (variant) => {
  const engine = engines[variant];

  describe.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
    const { create } = info;

    test("no elements at all", () => {
      using set = parameters({ none: 0, nothing: [3, 0] }, { dtype, engine });
      using optimizer = create(set, options);
      for (let t = 0; t < 3; t++) stepWith(optimizer, () => undefined);
      expect([optimizer.stepCount, optimizer.nonFiniteCount]).toEqual([3, 0]);
    });

    test("an empty tensor among others makes no difference, wherever it stands", () => {
      const gradients = (t: number) => ({ w: float(dtype, 0.5 * Math.sin(t), 0.25, -0.125), v: float(dtype, 0.5) });
      const some = () => ({ w: float(dtype, 1, -2, 3), v: float(dtype, 1) });
      const [alone, filled] = [some(), some()];
      const [first, middle, last] = [float(dtype), float(dtype), float(dtype)];
      using plain = create(alone, { ...options, engine });
      using padded = create({ first, w: filled.w, middle, v: filled.v, last }, { ...options, engine });
      for (let t = 0; t < 5; t++) {
        stepWith(plain, () => gradients(t));
        stepWith(padded, () => ({ first, middle, last, ...gradients(t) }));
      }
      expect(filled).toEqual(alone);
    });

    test("one element is treated as any other is", () => {
      // All elements alike, so that norms are the only things to tell them apart.
      const seven = float(dtype, ...new Array<number>(7).fill(1));
      const one = float(dtype, 1);
      using many = create({ w: seven }, { ...options, engine });
      using single = create({ w: one }, { ...options, engine });
      for (let t = 0; t < 5; t++) {
        const g = 0.5 * Math.cos(t);
        stepWith(many, () => ({ w: seven.map(() => g) }));
        stepWith(single, () => ({ w: float(dtype, g) }));
      }
      expect(new Set(seven).size).toBe(1);
      if (!info.sumsTensors && !info.whole && options.clipNorm === undefined) expect(seven[0]).toBe(one[0]);
      expect(one[0]).not.toBe(1);
    });

    test("propagate: NaN stays with its element where the rule looks at none but it, and is counted", () => {
      const [sick, healthy] = [startValues(dtype), startValues(dtype)];
      using one = create(sick, { ...options, engine });
      using other = create(healthy, { ...options, engine });
      const gradients = (t: number, bad: boolean) => {
        const tensors = gradientOfStep(dtype, t);
        if (bad) tensors.d[3] = Number.NaN;
        return tensors;
      };
      const calls = one.needsClosure ? closureCalls(one, () => gradients(0, true)) : 1;
      if (!one.needsClosure) one.step(gradients(0, true));
      stepWith(other, () => gradients(0, false));
      expect([1, calls]).toContain(one.nonFiniteCount);
      for (let t = 1; t < 4; t++) {
        stepWith(one, () => gradients(t, false));
        stepWith(other, () => gradients(t, false));
      }
      expect(one.nonFiniteCount).toBe(0);
      expect(one.stepCount).toBe(4);
      if (info.sumsTensors || info.whole || options.clipNorm !== undefined) return;
      const at = flatten({ a: sick.a, b: sick.b, c: sick.c }).length + 3;
      const [infected, sound] = [flatten(sick), flatten(healthy)];
      for (const [i, value] of sound.entries()) if (i !== at) expect(infected[i]).toBe(value);
    });

    test("skip: as if there had been no such step", () => {
      const [interrupted, straight] = [startValues(dtype), startValues(dtype)];
      using one = create(interrupted, { ...options, nonFinite: "skip", engine });
      using other = create(straight, { ...options, engine });
      for (let t = 0; t < 4; t++) {
        stepWith(one, () => gradientOfStep(dtype, t));
        stepWith(other, () => gradientOfStep(dtype, t));
        stepWith(one, () => {
          const tensors = gradientOfStep(dtype, t);
          tensors.a[t] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN][t]!;
          return tensors;
        });
      }
      expect(flatten(interrupted)).toEqual(flatten(straight));
      expect(one.stateDict().slots).toEqual(other.stateDict().slots);
      expect(one.stateDict().header.groups).toEqual(other.stateDict().header.groups);
      expect([one.stepCount, one.skippedSteps]).toEqual([4, 4]);
    });

    test("throw: nothing changes, and the text says where", () => {
      const arrays = startValues(dtype);
      using optimizer = create(arrays, { ...options, nonFinite: "throw", engine });
      stepWith(optimizer, () => gradientOfStep(dtype, 0));
      const before = [flatten(arrays), optimizer.stateDict()];
      const bad = () => {
        const tensors = gradientOfStep(dtype, 1);
        tensors.b[2] = Number.NEGATIVE_INFINITY;
        return tensors;
      };
      expect(() => stepWith(optimizer, bad)).toThrow(
        new RangeError(`${info.name}: the gradient of "b" is -Infinity at 2`),
      );
      expect([flatten(arrays), optimizer.stateDict()]).toEqual(before);
    });
  });
});

/** Makes a step, and says how often it asked for the gradients. */
function closureCalls(
  optimizer: { step: (closure: () => ReturnType<typeof gradientOfStep>) => void },
  gradients: () => ReturnType<typeof gradientOfStep>,
): number {
  let calls = 0;
  optimizer.step(() => {
    calls++;
    return gradients();
  });
  return calls;
}
