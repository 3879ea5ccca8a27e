// What holds of a schedule whatever its arguments.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Schedule, schedules } from "../../src/index.js";

/** A few roundings, of a number of the order of `scale`. */
const slack = (scale: number) => 8 * Number.EPSILON * scale;

const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
const steps = fc.integer({ min: 1, max: 60 });
const divisor = fc.double({ min: 1, max: 20, noNaN: true });
const increasing = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 5 })
  .map((all) => all.sort((a, b) => a - b));

interface Made {
  readonly schedule: Schedule;
  readonly min: number;
  readonly max: number;
}

const between = (schedule: Schedule, ...rates: number[]): Made => ({
  schedule,
  min: Math.min(...rates),
  max: Math.max(...rates),
});

/** Those that only fall, or stay. */
const falling: Record<string, fc.Arbitrary<Made>> = {
  constant: rate.map((a) => between(schedules.constant(a), a)),
  cosine: fc.tuple(rate, rate, steps).map(([a, b, n]) => between(schedules.cosine(a + b, n, b), a + b, b)),
  linear: fc.tuple(rate, rate, steps).map(([a, b, n]) => between(schedules.linear(a + b, n, b), a + b, b)),
  polynomial: fc
    .tuple(rate, rate, steps, fc.oneof(fc.integer({ min: 1, max: 4 }), fc.double({ min: 0.1, max: 4, noNaN: true })))
    .map(([a, b, n, power]) => between(schedules.polynomial(a + b, n, power, b), a + b, b)),
  inverseTime: fc.tuple(rate, rate).map(([a, decay]) => between(schedules.inverseTime(a, decay), a, 0)),
  inverseSquareRoot: fc.tuple(rate, rate).map(([a, scale]) => between(schedules.inverseSquareRoot(a, scale), a, 0)),
  exponential: fc
    .tuple(rate, fc.double({ min: 0.01, max: 0.999, noNaN: true }))
    .map(([a, factor]) => between(schedules.exponential(a, factor), a, 0)),
  staircase: fc.tuple(rate, steps, divisor).map(([a, every, by]) => between(schedules.staircase(a, every, by), a, 0)),
  milestones: fc.tuple(rate, increasing, divisor).map(([a, at, by]) => between(schedules.milestones(a, at, by), a, 0)),
  stronglyConvexStep: rate.map((mu) => between(schedules.stronglyConvexStep(mu), 1 / (2 * mu), 0)),
};

const others: Record<string, fc.Arbitrary<Made>> = {
  "cosine either way": fc.tuple(rate, rate, steps).map(([a, b, n]) => between(schedules.cosine(a, n, b), a, b)),
  "linear either way": fc.tuple(rate, rate, steps).map(([a, b, n]) => between(schedules.linear(a, n, b), a, b)),
  cosineRestarts: fc
    .tuple(rate, rate, steps, fc.integer({ min: 1, max: 3 }), fc.double({ min: 0.1, max: 1, noNaN: true }), fc.nat(1))
    .map(([a, b, lengths, growth, peakDecay, firstT]) => {
      const options = { lengths, growth, peakDecay, firstT: firstT as 0 | 1, peaks: a + b, finals: b };
      return between(schedules.cosineRestarts(options), a + b, b);
    }),
  oneCycle: fc
    .tuple(rate, steps, fc.double({ min: 0, max: 0.5, noNaN: true }), divisor, divisor, fc.boolean(), fc.boolean())
    .map(([peak, n, riseFraction, initialDivisor, finalDivisor, threePhase, line]) => {
      const annealing = line ? "linear" : "cosine";
      const options = { peak, steps: n, riseFraction, initialDivisor, finalDivisor, threePhase, annealing } as const;
      return between(schedules.oneCycle(options), peak, peak / initialDivisor / finalDivisor);
    }),
  warmupStableDecay: fc
    .tuple(rate, fc.nat(20), fc.nat(20), steps, fc.constantFrom("linear", "cosine", "squareRoot"))
    .map(([peak, warmup, stable, decay, shape]) =>
      between(schedules.warmupStableDecay({ peak, warmup, stable, decay, shape: shape as "linear" }), peak, 0),
    ),
  piecewise: fc
    .tuple(increasing, fc.array(rate, { minLength: 6, maxLength: 6 }))
    .map(([at, rates]) => [at, rates.slice(0, at.length + 1)] as const)
    .map(([at, rates]) => between(schedules.piecewise(rates, at), ...rates)),
  chebyshevPair: fc
    .tuple(rate, rate)
    .map(([mu, more]) => between(schedules.chebyshevPair(mu, mu + more), 1 / mu, 1 / (mu + more))),
};

const range = Array.from({ length: 130 }, (_, step) => step);
const far = [1e4, 1e6, 2 ** 31, 1e12];

describe.each(Object.entries({ ...falling, ...others }))("%s", (_, made) => {
  test("stays within its bounds and is a function of the step alone", () => {
    fc.assert(
      fc.property(made, ({ schedule, min, max }) => {
        const rates = [...range, ...far].map(schedule);
        expect(Math.min(...rates)).toBeGreaterThanOrEqual(Math.max(0, min - slack(max)));
        expect(Math.max(...rates)).toBeLessThanOrEqual(max + slack(max));
        expect([...range, ...far].reverse().map(schedule).reverse()).toEqual(rates);
      }),
    );
  });
});

test.each(Object.entries(falling))("%s never rises", (_, made) => {
  fc.assert(
    fc.property(made, ({ schedule, max }) => {
      const rises = range.filter((step) => schedule(step + 1) > schedule(step) + slack(max));
      expect(rises).toEqual([]);
    }),
  );
});

/** The greatest change from one step to the next. */
const roughness = (schedule: Schedule) =>
  Math.max(...range.map((step) => Math.abs(schedule(step + 1) - schedule(step))));

test("join of lines that meet has no jump", () => {
  fc.assert(
    fc.property(rate, rate, rate, steps, steps, (a, b, c, n, m) => {
      const { join, linear } = schedules;
      const steepest = Math.max(Math.abs(b - a) / n, Math.abs(c - b) / m);
      const joined = join([linear(a, n, b), linear(b, m, c)], [n]);
      expect(roughness(joined)).toBeLessThanOrEqual(steepest + slack(a + b + c));
    }),
  );
});

test("join gives every part its own steps", () => {
  fc.assert(
    fc.property(increasing, (boundaries) => {
      const parts = [...boundaries, 0].map(
        (_, i): Schedule =>
          (step) =>
            1000 * i + step,
      );
      const joined = schedules.join(parts, boundaries);
      const expected = range.map((step) => {
        const i = boundaries.filter((boundary) => boundary <= step).length;
        return 1000 * i + step - (boundaries[i - 1] ?? 0);
      });
      expect(range.map(joined)).toEqual(expected);
    }),
  );
});

test("warmup rises in equal steps to what follows, without a jump", () => {
  fc.assert(
    fc.property(fc.nat(60), rate, steps, (n, peak, length) => {
      const next = schedules.linear(peak, length);
      const warm = schedules.warmup(n, next);
      for (let step = 0; step < n; step++) expect(warm(step + 1) - warm(step)).toBeCloseTo(peak / (n + 1), 12);
      expect(roughness(warm)).toBeLessThanOrEqual(Math.max(peak / (n + 1), peak / length) + slack(peak));
      expect(range.map((step) => warm(n + step))).toEqual(range.map(next));
    }),
  );
});

test("warmupStableDecay is put together from warmup, join and linear", () => {
  fc.assert(
    fc.property(rate, fc.nat(20), fc.nat(20), steps, (peak, rise, stable, decay) => {
      const { join, linear, warmup, warmupStableDecay } = schedules;
      const parts = warmup(rise, join([peak, linear(peak, decay)], [stable]));
      expect(range.map(warmupStableDecay({ peak, warmup: rise, stable, decay }))).toEqual(range.map(parts));
    }),
  );
});

test("one phase of cosineRestarts is the cosine one step on", () => {
  fc.assert(
    fc.property(rate, rate, steps, (a, b, n) => {
      const restarts = schedules.cosineRestarts({ lengths: [n], peaks: a + b, finals: b });
      const cosine = schedules.cosine(a + b, n, b);
      expect(range.map(restarts)).toEqual(range.map((step) => cosine(step + 1)));
    }),
  );
});

test("oneCycle rises, then falls", () => {
  fc.assert(
    fc.property(others.oneCycle!, ({ schedule, max }) => {
      const rates = range.map(schedule);
      const top = rates.indexOf(Math.max(...rates));
      const wrong = range.slice(1).filter((step) => {
        const change = rates[step]! - rates[step - 1]!;
        return (step <= top ? change : -change) < -slack(max);
      });
      expect(wrong).toEqual([]);
    }),
  );
});

test("batchGrowth gives integers that never fall and keep to the limit", () => {
  const size = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(size, steps, fc.double({ min: 1, max: 3, noNaN: true }), size, (initial, every, factor, more) => {
      const batch = schedules.batchGrowth(initial, every, factor, initial + more);
      const sizes = [...range, ...far].map(batch);
      expect(sizes[0]).toBe(initial);
      expect(sizes.every(Number.isInteger)).toBe(true);
      expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
      expect(sizes.at(-1)).toBeLessThanOrEqual(initial + more);
    }),
  );
});

test("linearScaling there and back is what it was", () => {
  fc.assert(
    fc.property(rate, steps, steps, (a, batch, base) => {
      const { linearScaling } = schedules;
      const back = linearScaling(linearScaling(a, batch, base), base, batch);
      expect(Math.abs(back(0) - a)).toBeLessThanOrEqual(slack(a));
    }),
  );
});
