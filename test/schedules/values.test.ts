// Values by hand, from the formulas in the docstrings.

import { describe, expect, test } from "vitest";
import { type Schedule, schedules } from "../../src/index.js";

const first = (schedule: Schedule, count: number) => Array.from({ length: count }, (_, step) => schedule(step));

function expectClose(actual: readonly number[], expected: readonly number[], digits = 15): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, digits);
  });
}

describe("decays", () => {
  test("inverseTime", () => {
    expectClose(first(schedules.inverseTime(0.6, 0.5), 5), [0.6, 0.4, 0.3, 0.24, 0.2]);
    expect(first(schedules.inverseTime(0.6, 0), 3)).toEqual([0.6, 0.6, 0.6]);
  });

  test("inverseTime is the step 1 / (mu t), t from 1", () => {
    expectClose(first(schedules.inverseTime(1 / 4, 1), 4), [1 / 4, 1 / 8, 1 / 12, 1 / 16]);
  });

  test("inverseSquareRoot", () => {
    expectClose(first(schedules.inverseSquareRoot(6), 4), [6, 6 / Math.SQRT2, 6 / Math.sqrt(3), 3]);
    expectClose([0, 10, 30, 80].map(schedules.inverseSquareRoot(6, 10)), [6, 6 / Math.SQRT2, 3, 2]);
  });

  test("exponential", () => {
    expect(first(schedules.exponential(8, 0.5), 5)).toEqual([8, 4, 2, 1, 0.5]);
    expect(first(schedules.exponential(0.3, 1), 3)).toEqual([0.3, 0.3, 0.3]);
    expect(schedules.exponential(1, 0.5)(1e9)).toBe(0);
  });

  test("exponential is alpha e^(-beta k)", () => {
    const rate = schedules.exponential(0.2, Math.exp(-0.01));
    for (const k of [0, 1, 17, 100, 1000]) expect(rate(k) / (0.2 * Math.exp(-0.01 * k))).toBeCloseTo(1, 12);
  });
});

describe("stairs", () => {
  test("staircase", () => {
    expect(first(schedules.staircase(8, 2, 2), 7)).toEqual([8, 8, 4, 4, 2, 2, 1]);
    expect(schedules.staircase(1, 1)(1e9)).toBe(0);
  });

  test("90 epochs, divided by 10 every 30", () => {
    expectClose([0, 29, 30, 59, 60, 89].map(schedules.staircase(0.1, 30)), [0.1, 0.1, 0.01, 0.01, 0.001, 0.001], 17);
  });

  test("milestones", () => {
    expect(first(schedules.milestones(8, [1, 2, 5], 2), 7)).toEqual([8, 4, 2, 2, 2, 1, 1]);
    expect(first(schedules.milestones(8, [0], 2), 2)).toEqual([4, 4]);
    expect(first(schedules.milestones(8, []), 2)).toEqual([8, 8]);
  });

  test("piecewise", () => {
    expect(first(schedules.piecewise([1, 5, 2], [2, 3]), 5)).toEqual([1, 1, 5, 2, 2]);
    expect(first(schedules.piecewise([3], []), 2)).toEqual([3, 3]);
  });

  test("later changes of the arrays are not seen", () => {
    const rates = [1, 2];
    const boundaries = [1];
    const lengths = [1, 2];
    const made = [
      schedules.piecewise(rates, boundaries),
      schedules.milestones(8, boundaries, 2),
      schedules.join(rates, boundaries),
      schedules.cosineRestarts({ lengths, peaks: rates }),
    ];
    const before = made.map((schedule) => first(schedule, 4));
    for (const array of [rates, boundaries, lengths]) array.fill(3);
    expect(made.map((schedule) => first(schedule, 4))).toEqual(before);
  });
});

describe("lines and powers", () => {
  test("linear", () => {
    expectClose(first(schedules.linear(1, 4), 6), [1, 0.75, 0.5, 0.25, 0, 0]);
    expectClose(first(schedules.linear(0.1, 3, 0.4), 5), [0.1, 0.2, 0.3, 0.4, 0.4]);
  });

  test("polynomial", () => {
    expect(first(schedules.polynomial(1, 4), 6)).toEqual([1, 0.75, 0.5, 0.25, 0, 0]);
    expect(first(schedules.polynomial(3, 4, 2, 1), 6)).toEqual([3, 2.125, 1.5, 1.125, 1, 1]);
    expectClose(first(schedules.polynomial(1, 4, 0.5), 5), [1, Math.sqrt(0.75), Math.SQRT1_2, 0.5, 0]);
  });
});

describe("cosineRestarts", () => {
  const half = Math.SQRT1_2;
  const fromOne = [(1 + half) / 2, 0.5, (1 - half) / 2, 0];

  test("counts from 1 in every phase, and so ends each at its end", () => {
    const { cosineRestarts } = schedules;
    expectClose(first(cosineRestarts({ lengths: 4, peaks: 1 }), 8), [...fromOne, ...fromOne]);
    expect(cosineRestarts({ lengths: [4, 2], peaks: 1, finals: 0.1 })(3)).toBe(0.1);
  });

  test("counts from 0 on demand, and is then a cosine within the phase", () => {
    const rate = schedules.cosineRestarts({ lengths: 4, peaks: 1, firstT: 0 });
    expectClose(first(rate, 6), [1, (1 + half) / 2, 0.5, (1 - half) / 2, 1, (1 + half) / 2]);
    expect(first(rate, 4)).toEqual(first(schedules.cosine(1, 4), 4));
  });

  test("takes a length, a peak and an end for each phase, and stays at the last end", () => {
    const rate = schedules.cosineRestarts({ lengths: [2, 1, 3], peaks: [1, 5, 0.5], finals: [0.5, 2, 0.1] });
    expectClose(first(rate, 8), [0.75, 0.5, 2, 0.4, 0.2, 0.1, 0.1, 0.1]);
  });

  test("lets phases grow", () => {
    const rate = schedules.cosineRestarts({ lengths: 1, growth: 3, peaks: 1, firstT: 0 });
    expectClose(first(rate, 6), [1, 1, 0.75, 0.25, 1, (1 + Math.cos(Math.PI / 9)) / 2]);
    expect([0, 1, 4, 13, 40, 121].map(rate)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("lets peaks decay, down to the end", () => {
    const rate = schedules.cosineRestarts({ lengths: 2, peaks: 8, peakDecay: 0.5, finals: 2, firstT: 0 });
    expectClose(first(rate, 8), [8, 5, 4, 3, 2, 2, 2, 2]);
  });
});

describe("oneCycle", () => {
  test("rises and falls along lines", () => {
    const rate = schedules.oneCycle({
      peak: 1,
      steps: 10,
      riseFraction: 0.5,
      initialDivisor: 5,
      finalDivisor: 2,
      annealing: "linear",
    });
    expectClose(first(rate, 12), [0.2, 0.4, 0.6, 0.8, 1, 0.82, 0.64, 0.46, 0.28, 0.1, 0.1, 0.1]);
  });

  test("takes three phases", () => {
    const options = { peak: 1, steps: 10, initialDivisor: 5, finalDivisor: 2, annealing: "linear" } as const;
    const rate = schedules.oneCycle({ ...options, riseFraction: 0.3, threePhase: true });
    expectClose(first(rate, 11), [0.2, 0.6, 1, 0.6, 0.2, 0.18, 0.16, 0.14, 0.12, 0.1, 0.1]);
  });

  test("follows a cosine by default, from a 25th to a 250000th of the peak", () => {
    const rate = schedules.oneCycle({ peak: 1, steps: 10 });
    expectClose(first(rate, 3), [0.04, 0.52, 1]);
    expect(rate(9)).toBeCloseTo(4e-6, 16);
  });

  test.each([1, 2, 3, 4])("has %d steps", (steps) => {
    const rate = schedules.oneCycle({ peak: 1, steps, riseFraction: 0.25 });
    expect(rate(steps - 1)).toBeCloseTo(4e-6, 15);
    expect(rate(steps)).toBe(rate(steps - 1));
  });

  test("starts at the peak when the rise ends at step 0", () => {
    expect(schedules.oneCycle({ peak: 1, steps: 4, riseFraction: 0.25 })(0)).toBe(1);
  });
});

describe("what is made of others", () => {
  test("join", () => {
    const count: Schedule = (step) => step;
    expect(first(schedules.join([7, count, count], [2, 5]), 8)).toEqual([7, 7, 0, 1, 2, 0, 1, 2]);
    expect(first(schedules.join([count], []), 3)).toEqual([0, 1, 2]);
    expect(first(schedules.join([7, count], [0]), 3)).toEqual([0, 1, 2]);
  });

  test("scaled", () => {
    expect(first(schedules.scaled(schedules.exponential(1, 0.5), 3), 3)).toEqual([3, 1.5, 0.75]);
    expect(schedules.scaled(2, 0.5)(9)).toBe(1);
  });

  test("linearScaling", () => {
    expect(first(schedules.linearScaling(schedules.exponential(1, 0.5), 64, 16), 3)).toEqual([4, 2, 1]);
    expect(schedules.linearScaling(0.1, 256, 256)(0)).toBe(0.1);
  });

  test("warmupStableDecay", () => {
    const options = { peak: 1, warmup: 3, stable: 2, decay: 4 };
    const rise = [0.25, 0.5, 0.75, 1, 1];
    const { warmupStableDecay } = schedules;
    expectClose(first(warmupStableDecay(options), 11), [...rise, 1, 0.75, 0.5, 0.25, 0, 0]);
    const toHalf = warmupStableDecay({ ...options, final: 0.5 });
    expectClose(first(toHalf, 11), [...rise, 1, 0.875, 0.75, 0.625, 0.5, 0.5]);
    const cosine = warmupStableDecay({ ...options, shape: "cosine" });
    const half = Math.SQRT1_2 / 2;
    expectClose(first(cosine, 11), [...rise, 1, 0.5 + half, 0.5, 0.5 - half, 0, 0]);
    const root = warmupStableDecay({ ...options, shape: "squareRoot" });
    expectClose(first(root, 11), [...rise, 1, 0.5, 1 - Math.SQRT1_2, 1 - Math.sqrt(3) / 2, 0, 0]);
  });

  test("batchGrowth", () => {
    expect(first(schedules.batchGrowth(8, 2), 6)).toEqual([8, 8, 16, 16, 32, 32]);
    expect(first(schedules.batchGrowth(32, 1, 1.5), 6)).toEqual([32, 48, 72, 108, 162, 243]);
    expect(first(schedules.batchGrowth(32, 1, 2, 100), 4)).toEqual([32, 64, 100, 100]);
    expect(schedules.batchGrowth(1, 1)(1e6)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("the steps of theory", () => {
  test("stronglyConvexStep", () => {
    expectClose(first(schedules.stronglyConvexStep(2), 4), [1 / 4, 3 / 16, 5 / 36, 7 / 64]);
  });

  test("lipschitzStep", () => {
    expect(schedules.lipschitzStep(3, 2, 25)(7)).toBeCloseTo(3 / (2 * 5), 15);
    expect(schedules.lipschitzStep(3, 3, 25, 4)(7)).toBeCloseTo(3 / (5 * 5), 15);
  });

  test("smoothStep", () => {
    expect(schedules.smoothStep(8)(3)).toBe(0.125);
  });

  test("smoothStochasticStep", () => {
    const options = { smoothness: 2, gap: 4, noise: 3, steps: 100 };
    const { smoothStochasticStep } = schedules;
    expect(smoothStochasticStep(options)(0)).toBeCloseTo(Math.sqrt(8 / 1800), 15);
    expect(smoothStochasticStep({ ...options, batch: 16 })(0)).toBeCloseTo(4 * Math.sqrt(8 / 1800), 15);
    expect(smoothStochasticStep({ ...options, noise: 0.1 })(0)).toBe(0.5);
    expect(smoothStochasticStep({ ...options, noise: 0 })(0)).toBe(0.5);
  });

  // The quadratic's gradient is curvature times x, so a step multiplies x by 1 - rate curvature.
  const contraction = (schedule: Schedule, steps: number, mu: number, smoothness: number) => {
    const curvatures = Array.from({ length: 1001 }, (_, i) => mu + ((smoothness - mu) * i) / 1000);
    return Math.max(
      ...curvatures.map((h) => Math.abs(first(schedule, steps).reduce((x, rate) => x * (1 - rate * h), 1))),
    );
  };

  test.each([
    [1, 4],
    [1, 10],
    [1, 100],
    [0.3, 0.7],
  ])("quadraticStep and chebyshevPair contract by what they promise, curvatures %d to %d", (mu, smoothness) => {
    const k = (smoothness + mu) / (smoothness - mu);
    expect(contraction(schedules.quadraticStep(mu, smoothness), 1, mu, smoothness)).toBeCloseTo(1 / k, 12);
    expect(contraction(schedules.chebyshevPair(mu, smoothness), 2, mu, smoothness)).toBeCloseTo(
      1 / (2 * k * k - 1),
      12,
    );
  });

  test("chebyshevPair takes turns", () => {
    expectClose(first(schedules.chebyshevPair(1, 10), 4), [0.1151811, 0.4314028, 0.1151811, 0.4314028], 7);
    expectClose(first(schedules.chebyshevPair(5, 5), 2), [0.2, 0.2]);
  });
});
