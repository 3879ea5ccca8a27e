// No step allocates: neither in the engine, nor does its memory grow, whichever the rule and whichever the options.

import { describe, expect, test, vi } from "vitest";
import { load, type Optimizer, parameters } from "../../src/index.js";
import { type Options, optimizerInfos } from "./infos.js";
import { shapes, stepWith } from "./train.js";

const engine = await load({ variant: "strict" });

const common: readonly Options[] = [
  { learningRateMultiplier: { a: 0.5, b: 0 }, weightDecay: 0.1, weightDecayMultiplier: { c: false } },
  { clipValue: 0.5, clipTensorNorm: 0.5, clipNorm: 0.5, adaptiveClip: 0.1 },
  { lossScale: {}, nonFinite: "skip" },
  { accumulate: 3, clearGradients: true },
  { average: { kind: "stepWeighted" } },
  { average: { kind: "last", count: 3, every: 7 }, lookahead: { steps: 5 } },
  { projection: { kind: "ball", radius: 1 } },
  { sharpness: {} },
];

/** Whether the rule takes the options; what it refuses is in the tables. */
function takes(create: (typeof optimizerInfos)[number]["create"], options: Options): boolean {
  try {
    using set = parameters(shapes, { engine });
    create(set, options).dispose();
    return true;
  } catch {
    return false;
  }
}

/** Steps with gradients around 0. */
function run(optimizer: Optimizer, gradients: Readonly<Record<string, Float32Array>>, from: number, to: number): void {
  for (let t = from; t < to; t++) {
    stepWith(optimizer, () => {
      for (const gradient of Object.values(gradients)) gradient.fill(Math.sin(t));
      return undefined;
    });
  }
}

describe.each(optimizerInfos)("$name", ({ create, samples }) => {
  const chosen = [...samples, ...common].filter((options) => takes(create, options));

  test.each(chosen)("%o", (options) => {
    using set = parameters(shapes, { engine });
    using optimizer = create(set, { learningRate: 0.01, ...options });
    const { buffer } = engine.memory;
    const held = engine.bytesInUse;
    using allocate = vi.spyOn(engine, "allocate");
    run(optimizer, set.gradients, 0, 1000);
    expect(allocate).not.toHaveBeenCalled();
    expect(engine.bytesInUse).toBe(held);
    expect(engine.memory.buffer).toBe(buffer);
  });

  test("everything is given back", () => {
    const held = engine.bytesInUse;
    for (const options of chosen) {
      using set = parameters(shapes, { engine });
      using optimizer = create(set, options);
      run(optimizer, set.gradients, 0, 3);
      expect(engine.bytesInUse).toBeGreaterThan(held);
    }
    expect(engine.bytesInUse).toBe(held);
  });
});
