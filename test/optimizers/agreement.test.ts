// The same training, run in different ways, gives the same numbers: bit for bit where nothing is summed in another order.

import { describe, expect, test } from "vitest";
import { type Dtype, parameters, type Variant } from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { type OptimizerInfo, type Options, optimizerInfos } from "./infos.js";
import { copyInto, flatten, gradientOfStep, shapes, startValues, stepWith, trainSet } from "./train.js";

expectMemoryReturned();

/** More than the 64 steps after which decaying state is flushed. */
const STEPS = 70;

const cases = optimizerInfos.flatMap((info) =>
  info.samples.flatMap((options) =>
    (["float32", "float64"] as const).map((dtype) => ({ info, name: info.name, options, dtype })),
  ),
);

/** Parameters and state after training a parameter set. */
function onSet(info: OptimizerInfo, options: Options, dtype: Dtype, variant: Variant) {
  using set = parameters(shapes, { dtype, engine: engines[variant] });
  copyInto(set.values, startValues(dtype));
  using optimizer = info.create(set, { learningRate: 0.01, ...options });
  trainSet(set, optimizer, 0, STEPS);
  const { slots } = optimizer.stateDict();
  return { values: flatten(set.values), slots: Object.values(slots).map(flatten) };
}

/**
 * Equal up to the rounding of so many steps, in units of the last place, times what the rule magnifies it by, and to
 * what is allowed besides.
 */
function expectNear(
  values: readonly number[],
  expected: readonly number[],
  dtype: Dtype,
  { rounding = 1 }: OptimizerInfo,
  besides?: number[],
): void {
  const unit = dtype === "float32" ? 2 ** -23 : 2 ** -52;
  values.forEach((value, i) => {
    const units = 40 * rounding * Math.max(1, Math.abs(value)) + (besides?.[i] ?? 0);
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(units * unit);
  });
}

/**
 * How far apart the roundings of m <- g + kept (m - g) may lead two runs, in units of the last place: each is as large as m
 * and g however small 1 - kept is, and stays in m. Three roundings a step of at most half a unit of |m| + |g|, in either run.
 */
function roundingsOfEstimate(dtype: Dtype, kept: number): number[] {
  const gradients = Array.from({ length: STEPS }, (_, step) => flatten(gradientOfStep(dtype, step)).map(Math.abs));
  return gradients[0]!.map((first, i) => {
    let [moment, error, total] = [first, 0, 0];
    for (const gradient of gradients) {
      moment = kept * moment + (1 - kept) * gradient[i]!;
      error = kept * error + 3 * (moment + gradient[i]!);
      total += 0.01 * error;
    }
    return total;
  });
}

describe.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
  const strict = onSet(info, options, dtype, "strict");

  test("training moves the parameters", () => {
    expect(strict.values).not.toEqual(flatten(startValues(dtype)));
    expect(strict.values.every(Number.isFinite)).toBe(true);
  });

  test.skipIf(info.inexact)("reference equals strict to the bit, state and all", () => {
    expect(onSet(info, options, dtype, "reference")).toEqual(strict);
  });

  test.skipIf(info.inexact)("relaxed stays near strict", () => {
    const relaxed = onSet(info, options, dtype, "relaxed");
    const kept = info.keptOfEstimate?.(options);
    const besides = kept === undefined ? undefined : roundingsOfEstimate(dtype, kept);
    expectNear(relaxed.values, strict.values, dtype, info, besides);
  });

  // Matrices of bad condition, and a small part of the steps of 0.01.
  test.runIf(info.inexact && !info.undetermined?.(options)).each(["reference", "relaxed"] as const)(
    "%s goes where strict goes",
    (variant) => {
      const bound = dtype === "float32" ? 2e-3 : 1e-8;
      onSet(info, options, dtype, variant).values.forEach((value, i) => {
        expect(Math.abs(value - strict.values[i]!)).toBeLessThan(bound);
      });
    },
  );

  test.skipIf(info.shaped).each(variants)(
    "a record and a list of arrays train as a parameter set does, %s",
    (variant) => {
      const expected = variant === "strict" ? strict : onSet(info, options, dtype, variant);
      const record = startValues(dtype);
      const list = Object.values(startValues(dtype));
      const engine = engines[variant];
      using onRecord = info.create(record, { learningRate: 0.01, ...options, engine });
      using onList = info.create(list, { learningRate: 0.01, ...options, engine });
      for (let step = 0; step < STEPS; step++) {
        stepWith(onRecord, () => gradientOfStep(dtype, step));
        stepWith(onList, () => Object.values(gradientOfStep(dtype, step)));
      }
      expect(flatten(record)).toEqual(expected.values);
      expect(list.flatMap((array) => [...array])).toEqual(expected.values);
    },
  );

  test("gradients may be handed to the step of a parameter set", () => {
    using set = parameters(shapes, { dtype, engine: engines.strict });
    copyInto(set.values, startValues(dtype));
    using optimizer = info.create(set, { learningRate: 0.01, ...options });
    for (let step = 0; step < STEPS; step++) stepWith(optimizer, () => gradientOfStep(dtype, step));
    expect(flatten(set.values)).toEqual(strict.values);
  });

  test.skipIf(info.perTensor)("one tensor of all numbers trains as many tensors do", () => {
    const start = flatten(startValues(dtype));
    using set = parameters({ all: start.length }, { dtype, engine: engines.strict });
    set.values.all.set(start);
    using optimizer = info.create(set, { learningRate: 0.01, ...options });
    for (let step = 0; step < STEPS; step++) {
      stepWith(optimizer, () => ({ all: new dtypes[dtype].array(flatten(gradientOfStep(dtype, step))) }));
    }
    if (options.clipNorm === undefined && !info.sumsTensors) {
      expect([...set.values.all]).toEqual(strict.values);
    } else {
      // The norm is summed in another order.
      expectNear([...set.values.all], strict.values, dtype, info);
    }
  });
});
