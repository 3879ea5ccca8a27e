// The state of reduceOnPlateau; that its rates are PyTorch's is in torch.test.ts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schedules, sgd } from "../../src/index.js";

const { reduceOnPlateau, resumePlateau } = schedules;

const option = fc.record({
  initial: fc.double({ min: 1e-3, max: 1, noNaN: true }),
  factor: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  patience: fc.nat(3),
  threshold: fc.double({ min: 0, max: 0.5, noNaN: true }),
  thresholdMode: fc.constantFrom("relative" as const, "absolute" as const),
  cooldown: fc.nat(3),
  minimum: fc.double({ min: 0, max: 1e-3, noNaN: true }),
  mode: fc.constantFrom("min" as const, "max" as const),
});
const metrics = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double()), { maxLength: 40 });

test("waits for the metric to stand still longer than its patience", () => {
  const plateau = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 2 });
  expect([3, 2, 2, 2, 2, 2, 2, 2].map((loss) => plateau.observe(loss))).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
});

test("holds nothing against the rate in the cooldown", () => {
  const plateau = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0, cooldown: 2 });
  expect([1, 1, 1, 1, 1].map((loss) => plateau.observe(loss))).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
});

test("takes NaN for no improvement, also at first", () => {
  const plateau = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0 });
  expect([Number.NaN, 1, Number.NaN, 0.5].map((loss) => plateau.observe(loss))).toEqual([0.5, 0.5, 0.25, 0.25]);
});

test("an option that is undefined is one left out", () => {
  const plateau = reduceOnPlateau({ initial: 1, factor: undefined as never });
  expect(plateau.toJSON().factor).toBe(0.1);
});

test("its rate never rises, nor falls below the minimum, nor depends on anything but the metrics", () => {
  fc.assert(
    fc.property(option, metrics, (options, values) => {
      const [one, other] = [reduceOnPlateau(options), reduceOnPlateau(options)];
      let last = options.initial;
      for (const value of values) {
        const rate = one.observe(value);
        expect(rate).toBe(one.learningRate);
        expect(other.observe(value)).toBe(rate);
        expect(rate).toBeLessThanOrEqual(last);
        expect(rate).toBeGreaterThanOrEqual(Math.min(options.minimum, options.initial));
        last = rate;
      }
    }),
  );
});

test("goes on from its JSON as if there had been no break", () => {
  fc.assert(
    fc.property(option, metrics, metrics, (options, before, after) => {
      const plateau = reduceOnPlateau(options);
      for (const value of before) plateau.observe(value);
      const resumed = resumePlateau(JSON.parse(JSON.stringify(plateau)));
      expect(resumed.toJSON()).toEqual(JSON.parse(JSON.stringify(plateau)));
      for (const value of after) expect(resumed.observe(value)).toBe(plateau.observe(value));
    }),
  );
});

test("drives an optimizer through its schedule", () => {
  const w = new Float64Array([0]);
  const plateau = reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0 });
  using optimizer = sgd([w], { learningRate: plateau.schedule() });
  for (const loss of [1, 1, 0.5]) {
    optimizer.step([new Float64Array([-1])]);
    plateau.observe(loss);
  }
  expect(w[0]).toBe(1 + 1 + 0.5);
  expect(optimizer.learningRate).toBe(0.5);
});

describe("what is refused", () => {
  const saved = reduceOnPlateau({ initial: 1, patience: 3 }).toJSON();
  const { best: _, ...withoutBest } = saved;
  const cases: [make: () => unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [() => reduceOnPlateau(undefined as never), TypeError, "reduceOnPlateau: options must be an object, got undefined"],
    [() => reduceOnPlateau({} as never), TypeError, "reduceOnPlateau: initial must be a number, got undefined"],
    [() => reduceOnPlateau({ initial: -1 }), RangeError, "reduceOnPlateau: initial must be in [0, Infinity), got -1"],
    [
      () => reduceOnPlateau({ initial: 1, patients: 3 } as never),
      RangeError,
      'reduceOnPlateau: there is no option "patients" (did you mean "patience"?); there are initial, factor, patience, threshold, thresholdMode, cooldown, minimum, minimumChange, mode',
    ],
    [() => reduceOnPlateau({ initial: 1, factor: 1 }), RangeError, "reduceOnPlateau: factor must be in (0, 1), got 1"],
    [() => reduceOnPlateau({ initial: 1, factor: 0 }), RangeError, "reduceOnPlateau: factor must be in (0, 1), got 0"],
    [
      () => reduceOnPlateau({ initial: 1, patience: 0.5 }),
      RangeError,
      "reduceOnPlateau: patience must be an integer in [0, 9007199254740991], got 0.5",
    ],
    [
      () => reduceOnPlateau({ initial: 1, threshold: 1 }),
      RangeError,
      "reduceOnPlateau: threshold must be in [0, 1), got 1",
    ],
    [
      () => reduceOnPlateau({ initial: 1, threshold: -1, thresholdMode: "absolute" }),
      RangeError,
      "reduceOnPlateau: threshold must be in [0, Infinity), got -1",
    ],
    [
      () => reduceOnPlateau({ initial: 1, thresholdMode: "rel" as never }),
      RangeError,
      'reduceOnPlateau: thresholdMode must be one of "relative", "absolute", got "rel"',
    ],
    [
      () => reduceOnPlateau({ initial: 1, mode: "least" as never }),
      RangeError,
      'reduceOnPlateau: mode must be one of "min", "max", got "least"',
    ],
    [
      () => reduceOnPlateau({ initial: 1, minimum: Number.NaN }),
      RangeError,
      "reduceOnPlateau: minimum must be in [0, Infinity), got NaN",
    ],
    [
      () => reduceOnPlateau({ initial: 1 }).observe("1" as never),
      TypeError,
      'reduceOnPlateau: metric must be a number, got "1"',
    ],
    [() => resumePlateau("{}" as never), TypeError, 'resumePlateau: state must be an object, got "{}"'],
    [
      () => resumePlateau(withoutBest as never),
      RangeError,
      'resumePlateau: best must be one of "Infinity", "-Infinity", got undefined',
    ],
    [
      () => resumePlateau({ ...saved, badObservations: 4 }),
      RangeError,
      "resumePlateau: badObservations must be an integer in [0, 3], got 4",
    ],
    [
      () => resumePlateau({ ...saved, cooldownLeft: 1 }),
      RangeError,
      "resumePlateau: cooldownLeft must be an integer in [0, 0], got 1",
    ],
    [
      () => resumePlateau({ ...saved, learningRate: null } as never),
      TypeError,
      "resumePlateau: learningRate must be a number, got null",
    ],
  ];

  test.each(cases)("%s", (make, error, message) => {
    expect(make).toThrow(new error(message));
  });
});
