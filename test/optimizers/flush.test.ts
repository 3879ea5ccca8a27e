// State that only decays must reach 0 without a stay in the subnormal range, where every step would be slow.

import { describe, expect, test } from "vitest";
import {
  adabelief,
  adam,
  adamax,
  type Dtype,
  dampedAdam,
  emaMomentum,
  lamb,
  lion,
  nadam,
  normalizedSgd,
  novograd,
  type Optimizer,
  radam,
  rmsprop,
  sgd,
  signum,
  type Target,
} from "../../src/index.js";
import { dtypes } from "../../src/memory/dtype.js";
import { flushInterval } from "../../src/optimizers/flush.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

expectMemoryReturned();

/** The least normal number. */
const leastNormal: Record<Dtype, number> = { float32: 2 ** -126, float64: 2 ** -1022 };

const makers: [
  name: string,
  create: (target: Target, decay: number, variant: (typeof variants)[number]) => Optimizer,
][] = [
  ["momentum", (target, momentum, variant) => sgd(target, { momentum, engine: engines[variant] })],
  ["adam", (target, beta, variant) => adam(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  ["rmsprop", (target, decay, variant) => rmsprop(target, { decay, momentum: decay, engine: engines[variant] })],
  ["lion", (target, beta, variant) => lion(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  [
    "adamax",
    (target, beta, variant) =>
      adamax(target, { beta1: beta, beta2: beta, epsilonPlacement: "outside", engine: engines[variant] }),
  ],
  ["nadam", (target, beta, variant) => nadam(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  [
    "adabelief",
    (target, beta, variant) =>
      adabelief(target, { beta1: beta, beta2: beta, epsilonRoot: 0, prediction: "previous", engine: engines[variant] }),
  ],
  ["emaMomentum", (target, momentum, variant) => emaMomentum(target, { momentum, engine: engines[variant] })],
  ["normalizedSgd", (target, momentum, variant) => normalizedSgd(target, { momentum, engine: engines[variant] })],
  ["signum", (target, momentum, variant) => signum(target, { momentum, engine: engines[variant] })],
  ["lamb", (target, beta, variant) => lamb(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  ["dampedAdam", (target, beta, variant) => dampedAdam(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  ["novograd", (target, beta, variant) => novograd(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
  ["radam", (target, beta, variant) => radam(target, { beta1: beta, beta2: beta, engine: engines[variant] })],
];
const decays = [0.9, 0.5, 0.1, 1e-3, 1e-9];

describe.each(makers)("%s", (_, create) => {
  describe.each(["float32", "float64"] as const)("%s", (dtype) => {
    test.each(decays)("decay by %d passes over the subnormal numbers", (decay) => {
      const array = dtypes[dtype].array;
      using optimizer = create([new array(40)], decay, "strict");
      optimizer.step([new array(40).map((_, i) => 10 ** (-0.7 * i))]);
      const none = new array(40);
      const least = leastNormal[dtype];
      let alive = 0;
      // From 1 to the least normal number, and some.
      const steps = Math.ceil(Math.log(least) / Math.log(decay)) + 130;
      const stride = Math.ceil(steps / 200);
      for (let step = 0; step < steps; step++) {
        optimizer.step([none]);
        if (step % stride !== 0) continue;
        const { firstMoment, velocity } = optimizer.stateDict().slots;
        const slot = (firstMoment ?? velocity)!["0"]!;
        alive += slot.filter((x) => x !== 0).length;
        expect(slot.filter((x) => x !== 0 && Math.abs(x) < least)).toHaveLength(0);
      }
      expect(alive).toBeGreaterThan(decay < 1e-8 ? 0 : 20);
      for (const slot of Object.values(optimizer.stateDict().slots)) {
        expect(slot["0"]!.every((x) => x === 0)).toBe(true);
      }
    });
  });
});

test.each(variants)("only what is below the threshold is flushed, %s", (variant) => {
  // 2^-100 stays, the next smaller number goes.
  const least = 2 ** -100;
  const velocity = new Float32Array([least, -least, least * (1 - 2 ** -24), -least * (1 - 2 ** -24), 1e-38, 0, 1]);
  using optimizer = sgd([new Float32Array(7)], { momentum: 0.999, engine: engines[variant] });
  const { header } = optimizer.stateDict();
  const groups = header.groups.map((group) => ({ ...group, stepCount: 62 }));
  optimizer.loadStateDict({ header: { ...header, groups }, slots: { velocity: { "0": velocity } } });
  const none = [new Float32Array(7)];
  optimizer.step(none);
  const before = optimizer.stateDict().slots.velocity!["0"]!;
  expect(before.filter((x) => x !== 0)).toHaveLength(6);
  optimizer.step(none);
  const after = optimizer.stateDict().slots.velocity!["0"]!;
  expect(after.filter((x) => x !== 0)).toEqual(
    new Float32Array([Math.fround(Math.fround(Math.fround(0.999)) * before[6]!)]),
  );
});

test("the interval is 64 steps, or shorter where 64 steps would shrink an entry by more than 2^-10", () => {
  const interval = (...decays: (number | undefined)[]) =>
    flushInterval(decays.map((decay) => ({ name: "slot", initial: 0, ...(decay !== undefined && { decay }) })));
  expect(interval(0.999, 0.9)).toBe(64);
  // 0.5^10 = 2^-10; one step of 2^-10 or less is a flush each.
  expect(interval(0.999, 0.5)).toBe(10);
  expect(interval(2 ** -10)).toBe(1);
  expect(interval(1e-9)).toBe(1);
  // What is forgotten at once, or never decays, needs no flush.
  expect(interval(0, 0.5)).toBe(10);
  expect(interval(0)).toBe(Number.POSITIVE_INFINITY);
  expect(interval(undefined)).toBe(Number.POSITIVE_INFINITY);
  expect(interval()).toBe(Number.POSITIVE_INFINITY);
});
