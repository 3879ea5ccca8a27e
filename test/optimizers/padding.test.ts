// Between tensors lies padding, which the kernels run over too. In parameters and gradients it is 0 and has to stay 0: a
// norm is taken over it. In the state it is 0 but where a rule adds epsilon to what it keeps.

import { describe, expect, test, vi } from "vitest";
import { load, type Optimizer, type ParameterSet, parameters } from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import type { Allocation } from "../../src/memory/engine.js";
import { optimizerInfos } from "./infos.js";
import { stepWith } from "./train.js";

/** How many elements of the slabs are not 0: those of the tensors, and those between them. */
function nonZeroElements({ engine, dtype, layout }: ParameterSet, slabs: readonly Allocation[]) {
  const counts = { inside: 0, between: 0 };
  const places = [...layout.places.values()];
  for (const { pointer } of slabs) {
    engine.view(dtype, pointer, layout.length).forEach((element, i) => {
      if (element === 0) return;
      counts[places.some(({ offset, length }) => i >= offset && i < offset + length) ? "inside" : "between"]++;
    });
  }
  return counts;
}

function trainOnOnes(set: ParameterSet, optimizer: Optimizer): void {
  for (let step = 0; step < 66; step++) {
    stepWith(optimizer, () => {
      for (const gradient of Object.values(set.gradients)) gradient.fill(1);
      return undefined;
    });
  }
}

const cases = optimizerInfos.flatMap((info) =>
  info.samples.flatMap((options) =>
    (["float32", "float64"] as const).map((dtype) => ({ info, name: info.name, options, dtype })),
  ),
);

/** Engines of this file's own, whose memory holds nothing else. */
const own = await Promise.all((["strict", "relaxed", "reference"] as const).map((variant) => load({ variant })));

describe.each(own)("$variant", (engine) => {
  test.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
    expect(engine.bytesInUse).toBe(0);
    using allocate = vi.spyOn(engine, "allocate");
    using set = parameters({ a: [2, 20], b: 1, c: 9 }, { dtype, engine });
    // Some state stays as the parameters were at first.
    for (const values of Object.values(set.values)) values.fill(0.5);
    using optimizer = info.create(set, { learningRate: 0.01, ...options });
    const saved = Object.keys(optimizer.stateDict().slots).length;
    const slots = saved - (info.otherSlots?.(options) ?? 0) + (info.temporarySlots ?? 0);
    trainOnOnes(set, optimizer);
    const bytes = set.layout.length * dtypes[dtype].bytes;
    const slabs = allocate.mock.results.map(({ value }) => value as Allocation).filter((made) => made.bytes === bytes);
    // A rule that moves the parameters before the gradient is taken keeps them.
    const kept = optimizer.needsClosure ? 1 : 0;
    expect(slabs).toHaveLength(2 + slots + kept);
    const nonZero = 1 + (options.clearGradients ? 0 : 1) + slots - (info.emptySlots?.(options) ?? 0) + kept;
    const filled = info.filledSlots?.(options) ?? 0;
    const { inside, between } = nonZeroElements(set, slabs);
    expect(between).toBe(filled * (set.layout.length - 50));
    // In an eigenbasis a gradient of ones has zeros.
    if (!info.shaped) expect(inside).toBe(50 * nonZero);
  });
});
