// The texts of the errors. Those of constant, cosine and warmup are in schedules.test.ts, of the plateau in plateau.test.ts.

import { expect, test } from "vitest";
import { schedules as s } from "../../src/index.js";

type Case = [make: () => unknown, error: typeof TypeError | typeof RangeError, message: string];

const restarts = { lengths: [2, 3], peaks: 1 };
const cycle = { peak: 1, steps: 10 };
const stable = { peak: 1, warmup: 1, stable: 1, decay: 1 };
const smooth = { smoothness: 1, gap: 1, noise: 1, steps: 1 };

const cases: Case[] = [
  [() => s.inverseTime(-1, 1), RangeError, "inverseTime: initial must be in [0, Infinity), got -1"],
  [() => s.inverseTime(1, -1), RangeError, "inverseTime: decay must be in [0, Infinity), got -1"],
  [() => s.inverseSquareRoot(1, 0), RangeError, "inverseSquareRoot: timescale must be in (0, Infinity), got 0"],
  [() => s.inverseSquareRoot(null as never), TypeError, "inverseSquareRoot: initial must be a number, got null"],
  [() => s.exponential(1, 1.5), RangeError, "exponential: factor must be in (0, 1], got 1.5"],
  [() => s.exponential(1, 0), RangeError, "exponential: factor must be in (0, 1], got 0"],
  [() => s.staircase(1, 0), RangeError, "staircase: every must be an integer in [1, 9007199254740991], got 0"],
  [() => s.staircase(1, 1, 0.1), RangeError, "staircase: divisor must be in [1, Infinity), got 0.1"],
  [() => s.milestones(1, 30 as never), TypeError, "milestones: steps must be an array, got 30"],
  [
    () => s.milestones(1, [5, 5]),
    RangeError,
    "milestones: steps[1] must be an integer in [6, 9007199254740991], got 5",
  ],
  [() => s.milestones(1, [1], 0.5), RangeError, "milestones: divisor must be in [1, Infinity), got 0.5"],
  [
    () => s.piecewise([1, 2], [1, 2]),
    RangeError,
    "piecewise: rates must have 3 elements, one more than boundaries, got 2",
  ],
  [() => s.piecewise([1, -2], [1]), RangeError, "piecewise: rates[1] must be in [0, Infinity), got -2"],
  [
    () => s.piecewise([1, 2], [-1]),
    RangeError,
    "piecewise: boundaries[0] must be an integer in [0, 9007199254740991], got -1",
  ],
  [() => s.polynomial(1, 10, 0), RangeError, "polynomial: power must be in (0, Infinity), got 0"],
  [() => s.polynomial(1, 10, 1, -1), RangeError, "polynomial: final must be in [0, Infinity), got -1"],
  [() => s.linear(1, 1.5), RangeError, "linear: steps must be an integer in [1, 9007199254740991], got 1.5"],
  [() => s.linear(1, 2, Number.NaN), RangeError, "linear: final must be in [0, Infinity), got NaN"],
  [() => s.join([1], [1]), RangeError, "join: schedules must have 2 elements, one more than boundaries, got 1"],
  [() => s.join([1, "2" as never], [1]), TypeError, 'join: schedules[1] must be a rate or a schedule, got "2"'],
  [
    () => s.join([1, 2, 3], [4, 3]),
    RangeError,
    "join: boundaries[1] must be an integer in [5, 9007199254740991], got 3",
  ],
  [() => s.scaled(1, -1), RangeError, "scaled: factor must be in [0, Infinity), got -1"],
  [() => s.scaled({} as never, 1), TypeError, "scaled: schedule must be a rate or a schedule, got an Object"],
  [
    () => s.linearScaling(1, 0, 1),
    RangeError,
    "linearScaling: batch must be an integer in [1, 9007199254740991], got 0",
  ],
  [
    () => s.linearScaling(1, 1, 0.5),
    RangeError,
    "linearScaling: baseBatch must be an integer in [1, 9007199254740991], got 0.5",
  ],
  [() => s.batchGrowth(0, 1), RangeError, "batchGrowth: initial must be an integer in [1, 9007199254740991], got 0"],
  [() => s.batchGrowth(1, 1, 0.5), RangeError, "batchGrowth: factor must be in [1, Infinity), got 0.5"],
  [
    () => s.batchGrowth(64, 1, 2, 32),
    RangeError,
    "batchGrowth: limit must be an integer in [64, 9007199254740991], got 32",
  ],
  [() => s.cosineRestarts(10 as never), TypeError, "cosineRestarts: options must be an object, got 10"],
  [
    () => s.cosineRestarts({ ...restarts, length: 1 } as never),
    RangeError,
    'cosineRestarts: there is no option "length" (did you mean "lengths"?); there are lengths, growth, peaks, finals, peakDecay, firstT',
  ],
  [
    () => s.cosineRestarts({ ...restarts, growth: 2 }),
    RangeError,
    "cosineRestarts: growth is for a first length, and lengths are listed",
  ],
  [
    () => s.cosineRestarts({ lengths: [], peaks: 1 }),
    RangeError,
    "cosineRestarts: lengths must have at least one element",
  ],
  [
    () => s.cosineRestarts({ lengths: [1, 0], peaks: 1 }),
    RangeError,
    "cosineRestarts: lengths[1] must be an integer in [1, 9007199254740991], got 0",
  ],
  [
    () => s.cosineRestarts({ lengths: 0, peaks: 1 }),
    RangeError,
    "cosineRestarts: lengths must be an integer in [1, 9007199254740991], got 0",
  ],
  [
    () => s.cosineRestarts({ lengths: "2" as never, peaks: 1 }),
    TypeError,
    'cosineRestarts: lengths must be an array, got "2"',
  ],
  [
    () => s.cosineRestarts({ lengths: 2, growth: 1.5, peaks: 1 }),
    RangeError,
    "cosineRestarts: growth must be an integer in [1, 9007199254740991], got 1.5",
  ],
  [
    () => s.cosineRestarts({ ...restarts, peaks: [1] }),
    RangeError,
    "cosineRestarts: peaks must have 2 elements, as many as lengths, got 1",
  ],
  [
    () => s.cosineRestarts({ ...restarts, finals: [0, -1] }),
    RangeError,
    "cosineRestarts: finals[1] must be in [0, Infinity), got -1",
  ],
  [
    () => s.cosineRestarts({ lengths: 2, peaks: [1, 2] }),
    TypeError,
    "cosineRestarts: peaks must be a number, got an Array",
  ],
  [
    () => s.cosineRestarts({ ...restarts, peakDecay: 2 }),
    RangeError,
    "cosineRestarts: peakDecay must be in (0, 1], got 2",
  ],
  [
    () => s.cosineRestarts({ ...restarts, firstT: 2 as never }),
    RangeError,
    "cosineRestarts: firstT must be an integer in [0, 1], got 2",
  ],
  [() => s.oneCycle(null as never), TypeError, "oneCycle: options must be an object, got null"],
  [
    () => s.oneCycle({ ...cycle, maximum: 1 } as never),
    RangeError,
    'oneCycle: there is no option "maximum"; there are peak, steps, riseFraction, initialDivisor, finalDivisor, annealing, threePhase',
  ],
  [() => s.oneCycle({ ...cycle, peak: -1 }), RangeError, "oneCycle: peak must be in [0, Infinity), got -1"],
  [
    () => s.oneCycle({ ...cycle, steps: 0 }),
    RangeError,
    "oneCycle: steps must be an integer in [1, 9007199254740991], got 0",
  ],
  [() => s.oneCycle({ ...cycle, riseFraction: 1 }), RangeError, "oneCycle: riseFraction must be in [0, 1), got 1"],
  [
    () => s.oneCycle({ ...cycle, riseFraction: 0.6, threePhase: true }),
    RangeError,
    "oneCycle: riseFraction must be in [0, 0.5], got 0.6",
  ],
  [
    () => s.oneCycle({ ...cycle, initialDivisor: 0.5 }),
    RangeError,
    "oneCycle: initialDivisor must be in [1, Infinity), got 0.5",
  ],
  [
    () => s.oneCycle({ ...cycle, finalDivisor: 0 }),
    RangeError,
    "oneCycle: finalDivisor must be in [1, Infinity), got 0",
  ],
  [
    () => s.oneCycle({ ...cycle, annealing: "cos" as never }),
    RangeError,
    'oneCycle: annealing must be one of "cosine", "linear", got "cos"',
  ],
  [
    () => s.oneCycle({ ...cycle, threePhase: 1 as never }),
    TypeError,
    "oneCycle: threePhase must be true or false, got 1",
  ],
  [
    () => s.warmupStableDecay(undefined as never),
    TypeError,
    "warmupStableDecay: options must be an object, got undefined",
  ],
  [
    () => s.warmupStableDecay({ ...stable, decay: 0 }),
    RangeError,
    "warmupStableDecay: decay must be an integer in [1, 9007199254740991], got 0",
  ],
  [
    () => s.warmupStableDecay({ ...stable, warmup: -1 }),
    RangeError,
    "warmupStableDecay: warmup must be an integer in [0, 9007199254740991], got -1",
  ],
  [
    () => s.warmupStableDecay({ ...stable, stable: undefined as never }),
    TypeError,
    "warmupStableDecay: stable must be an integer, got undefined",
  ],
  [
    () => s.warmupStableDecay({ ...stable, shape: "toString" as never }),
    RangeError,
    'warmupStableDecay: shape must be one of "linear", "cosine", "squareRoot", got "toString"',
  ],
  [() => s.stronglyConvexStep(0), RangeError, "stronglyConvexStep: mu must be in (0, Infinity), got 0"],
  [() => s.lipschitzStep(0, 1, 1), RangeError, "lipschitzStep: diameter must be in (0, Infinity), got 0"],
  [() => s.lipschitzStep(1, -1, 1), RangeError, "lipschitzStep: gradientBound must be in (0, Infinity), got -1"],
  [
    () => s.lipschitzStep(1, 1, 0),
    RangeError,
    "lipschitzStep: steps must be an integer in [1, 9007199254740991], got 0",
  ],
  [() => s.lipschitzStep(1, 1, 1, -1), RangeError, "lipschitzStep: noise must be in [0, Infinity), got -1"],
  [() => s.smoothStep(0), RangeError, "smoothStep: smoothness must be in (0, Infinity), got 0"],
  [
    () => s.smoothStochasticStep({ ...smooth, gap: 0 }),
    RangeError,
    "smoothStochasticStep: gap must be in (0, Infinity), got 0",
  ],
  [
    () => s.smoothStochasticStep({ ...smooth, batch: 0 }),
    RangeError,
    "smoothStochasticStep: batch must be an integer in [1, 9007199254740991], got 0",
  ],
  [
    () => s.smoothStochasticStep({ ...smooth, sigma: 1 } as never),
    RangeError,
    'smoothStochasticStep: there is no option "sigma"; there are smoothness, gap, noise, steps, batch',
  ],
  [() => s.quadraticStep(2, 1), RangeError, "quadraticStep: smoothness must be in [2, Infinity), got 1"],
  [() => s.chebyshevPair(0, 1), RangeError, "chebyshevPair: mu must be in (0, Infinity), got 0"],
  [() => s.chebyshevPair(2, 1), RangeError, "chebyshevPair: smoothness must be in [2, Infinity), got 1"],
];

test.each(cases)("%s", (make, error, message) => {
  expect(make).toThrow(new error(message));
});
