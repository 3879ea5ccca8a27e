// State that decays must not sink into the subnormal range, where a step takes up to 60 times as long. Seen through the
// optimizers, since the cure is shared between the kernel `flush` and whoever owns the slots.

import { describe, expect, test } from "vitest";
import { load } from "../../src/memory/engine.js";
import { type ParameterSet, parameters } from "../../src/memory/parameters.js";
import { flushInterval } from "../../src/optimizers/flush.js";
import { adam, sgd } from "../../src/optimizers/index.js";
import type { Optimizer } from "../../src/optimizers/optimizer.js";
import { DTYPES, isSubnormal } from "./numbers.js";

/** Below this a slot counts as 0: src/optimizers/flush.ts. */
const LEAST = {
  f32: { velocity: 2 ** -100, firstMoment: 2 ** -100, secondMoment: 2 ** -115 },
  f64: { velocity: 2 ** -960, firstMoment: 2 ** -960, secondMoment: 2 ** -1011 },
};

type SlotName = keyof (typeof LEAST)["f32"];

const NAMES = { f32: "float32", f64: "float64" } as const;

interface Decaying {
  readonly name: string;
  /** The factor of every slot that decays. */
  readonly decays: Readonly<Record<string, number>>;
  create(set: ParameterSet): Optimizer;
}

const momentum = (factor: number): Decaying => ({
  name: `sgd, momentum ${factor}`,
  decays: { velocity: factor },
  create: (set) => sgd(set, { momentum: factor }),
});

const moments = (beta1: number, beta2: number, amsgrad = false): Decaying => ({
  name: `${amsgrad ? "amsgrad" : "adam"}, beta1 ${beta1}, beta2 ${beta2}`,
  decays: { firstMoment: beta1, secondMoment: beta2 },
  create: (set) => adam(set, { beta1, beta2, amsgrad }),
});

const optimizers: readonly Decaying[] = [
  ...[0.001, 0.1, 0.5, 0.9, 0.99].map(momentum),
  ...[0, 0.1, 0.5, 0.9, 0.99].flatMap((beta1) => [moments(beta1, 0.5), moments(beta1, 0.999)]),
  moments(0.9, 0),
  moments(0.9, 0.99, true),
];

const STARTS = 25;

/** 1, where training starts, and from 2^10 above the threshold to just above it, by a ratio that no factor is a power of. */
const startsAbove = (least: number) => [
  1,
  ...Array.from({ length: STARTS - 1 }, (_, i) => least * 2 ** (10 - i * 0.43)),
];

describe.each(DTYPES)("%s", (dtype) => {
  test.each(optimizers)(
    "$name: 2,000 steps without gradient, and never a subnormal number",
    async ({ decays, create }) => {
      const engine = await load({ variant: "strict" });
      const set = parameters({ w: STARTS }, { dtype: NAMES[dtype], engine });
      const optimizer = create(set);
      const state = optimizer.stateDict();
      const slots = Object.keys(decays) as SlotName[];
      for (const slot of slots) {
        const starts = startsAbove(LEAST[dtype][slot]);
        state.slots[slot]!.w!.set(starts.map((x, i) => (slot === "secondMoment" || i % 2 === 0 ? x : -x)));
      }
      optimizer.loadStateDict(state);
      const interval = flushInterval(slots.map((name) => ({ name, initial: 0, decay: decays[name]! })));
      const sunk: string[] = [];
      for (let step = 1; step <= 2000; step++) {
        optimizer.step();
        const held = optimizer.stateDict().slots;
        for (const slot of slots) {
          const least = LEAST[dtype][slot];
          const values = [...held[slot]!.w!];
          const tooSmall = (x: number) =>
            isSubnormal(dtype, x) || (step % interval === 0 && x !== 0 && Math.abs(x) < least);
          if (values.some(tooSmall)) sunk.push(`${slot} after step ${step}: ${values.find(tooSmall)}`);
        }
      }
      expect(sunk).toStrictEqual([]);
      // All that began near the threshold is gone, and what began at 1 if it has had the time.
      for (const slot of slots) {
        if (decays[slot]! > 0.9) continue;
        const lasts = decays[slot]! ** 2000 >= LEAST[dtype][slot];
        expect([...optimizer.stateDict().slots[slot]!.w!].filter((x) => x !== 0).length).toBe(lasts ? 1 : 0);
      }
      engine.dispose();
    },
  );
});
