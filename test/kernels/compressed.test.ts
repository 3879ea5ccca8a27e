// State of 16 and 8 bits: kernels against the reference to the bit, and what the rounding does in the long run.

import { describe, expect, test } from "vitest";
import { Arena } from "./arena.js";
import { moderate, seeded } from "./numbers.js";
import { placeOptions } from "./options.js";
import { type KernelTable, kernelsOf } from "./variants.js";

type Kernel = (...args: number[]) => number;

/** Slots of each rule, and draws of its scalars. */
const rules = {
  adam: { slots: 2, scalars: [0.9, 0.1, 0.99, 0.01, 0.01, 1.5, 1e-8] },
  momentum: { slots: 1, scalars: [0.01, 0.9, 1, 0.5, 0.7] },
  lion: { slots: 1, scalars: [0.9, 0.1, 0.99, 0.01, 0.01] },
};
type Rule = keyof typeof rules;

const storages = ["Bfloat16", "Int8"] as const;

const settings = {
  bare: () => ({}),
  scaled: () => ({ gradientScale: -0.3, shrink: 0.01, clear: 1 }),
  clipped: () => ({ gradientScale: 2, clipValue: 0.7 }),
  l2: () => ({ l2: 0.3, gradientScale: 0.5 }),
  boxed: () => ({ box: 0.4 }),
  averaged: (averages: number) => ({ averages, averageWeight: 0.2 }),
  tensors: (_: number, n: number) => ({
    tensors: [
      { length: n >> 2, rate: 2, gradientScale: 0.5 },
      { length: n >> 1, rate: 0 },
      { length: n - (n >> 2) - (n >> 1), l2: 2, shrink: 0.5 },
    ],
    l2: 0.1,
    shrink: 0.01,
    clear: 1,
  }),
};

/** Some steps from zero state; the whole memory afterwards, and what was counted. */
function run(
  variant: "strict" | "relaxed" | "reference",
  name: string,
  rule: Rule,
  setting: keyof typeof settings,
  n: number,
) {
  const arena = new Arena(1 + Math.ceil((24 * n) / 65536));
  const kernel = kernelsOf(variant, arena.memory)[name as keyof KernelTable] as Kernel;
  const random = seeded(n);
  const draw = () => Array.from({ length: n }, () => moderate(random));
  const [parameters, gradients, averages] = [
    arena.place("f32", draw()),
    arena.place("f32", draw()),
    arena.place("f32", draw()),
  ];
  const blocks = 3 + Math.ceil(n / 256);
  const slots = Array.from({ length: rules[rule].slots }, () =>
    name.includes("Int8") ? [arena.reserve(n), arena.reserve(4 * blocks)] : [arena.reserve(2 * n)],
  ).flat();
  slots.forEach((slot, k) => {
    const bytes = !name.includes("Int8") ? 2 * n : k % 2 === 0 ? n : 4 * blocks;
    new Uint8Array(arena.memory.buffer, slot, bytes).fill(0);
  });
  const options = placeOptions(arena, settings[setting](averages, n));
  const counts: number[] = [];
  for (let t = 1; t <= 4; t++) {
    arena.floats("f32", gradients, n).set(draw());
    counts.push(kernel(n, parameters, gradients, options, ...slots, ...rules[rule].scalars, 4 * t * 7919));
  }
  return { counts, memory: Buffer.from(arena.memory.buffer as ArrayBuffer), overwritten: arena.firstOverwritten() };
}

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 40, 255, 256, 257, 272, 511, 512, 513, 1000];

describe.each(storages)("%s", (storage) => {
  describe.each(Object.keys(rules) as Rule[])("%s", (rule) => {
    const name = `${rule}${storage}_f32`;

    test.each(Object.keys(settings) as (keyof typeof settings)[])(
      "strict agrees with the reference to the bit, %s",
      (setting) => {
        for (const n of lengths) {
          const expected = run("reference", name, rule, setting, n);
          const actual = run("strict", name, rule, setting, n);
          expect(actual.counts, `${n}`).toStrictEqual(expected.counts);
          expect(actual.overwritten, `${n}`).toBeUndefined();
          expect(actual.memory.equals(expected.memory), `memory, n = ${n}`).toBe(true);
        }
      },
    );

    test("gradients that are not finite are counted", () => {
      for (const variant of ["strict", "relaxed", "reference"] as const) {
        const arena = new Arena(1);
        const kernel = kernelsOf(variant, arena.memory)[name as keyof KernelTable] as Kernel;
        const gradients = Array.from({ length: 37 }, (_, i) =>
          i % 10 === 3 ? Number.NaN : i === 36 ? Number.POSITIVE_INFINITY : 1,
        );
        const pointers = [arena.place("f32", gradients), arena.place("f32", gradients)];
        const slots = Array.from({ length: rules[rule].slots * (storage === "Int8" ? 2 : 1) }, () =>
          arena.reserve(128),
        );
        for (const slot of slots) new Uint8Array(arena.memory.buffer, slot, 128).fill(0);
        expect(kernel(37, ...pointers, 0, ...slots, ...rules[rule].scalars, 8)).toBe(5);
      }
    });
  });

  // By the formula: with a constant gradient g the moments tend to g and g^2, whatever they are stored in.
  test("moments that grow by less than a code get there in the mean", () => {
    const n = 512;
    const arena = new Arena(2);
    const kernel = kernelsOf("strict", arena.memory)[`adam${storage}_f32`] as Kernel;
    const gradients = Array.from({ length: n }, (_, i) => 0.1 * (1 + (i % 7)));
    const [p, g] = [
      arena.place(
        "f32",
        gradients.map(() => 0),
      ),
      arena.place("f32", gradients),
    ];
    const slots = storage === "Int8" ? [n, 8, n, 8] : [2 * n, 2 * n];
    const pointers = slots.map((bytes) => arena.reserve(bytes));
    slots.forEach((bytes, k) => {
      new Uint8Array(arena.memory.buffer, pointers[k], bytes).fill(0);
    });
    const steps = 5000;
    const size = 2 ** -10;
    for (let t = 1; t <= steps; t++) {
      kernel(n, p, g, 0, ...pointers, 0.9, 0.1, 0.999, 0.001, size, 1, 0, Math.imul(t, 0x85ebca77) & 0x3ffffffc);
    }
    // Without bias correction the step is size (1 - 0.9^t) / sqrt(1 - 0.999^t).
    let expected = 0;
    for (let t = 1; t <= steps; t++) expected += (size * (1 - 0.9 ** t)) / Math.sqrt(1 - 0.999 ** t);
    const errors = [...arena.floats("f32", p, n)].map((value) => -value / expected - 1);
    // Codes are an eighth of themselves apart, and a second moment is the mean of a thousand of them: with chances drawn at
    // random the worst of 512 elements is 0.11 off.
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(storage === "Int8" ? 0.08 : 0.01);
    const mean = errors.reduce((sum, error) => sum + error, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(storage === "Int8" ? 0.02 : 0.005);
  });
});
