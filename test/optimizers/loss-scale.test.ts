// The loss scale: fixed, and one that adapts.

import { describe, expect, test } from "vitest";
import { adam, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);
const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;

test("gradients of a loss that was scaled by a power of two train to the same bits", () => {
  const [plain, scaled] = [numbers(1, -2), numbers(1, -2)];
  using one = adam([plain], { weightDecay: 0.1, clipNorm: 0.5, engine });
  using other = adam([scaled], { weightDecay: 0.1, clipNorm: 0.5, lossScale: 1024, engine });
  expect([one.lossScale, other.lossScale]).toEqual([1, 1024]);
  for (let step = 0; step < 5; step++) {
    one.step([numbers(Math.sin(step), 0.3)]);
    other.step([numbers(1024 * Math.sin(step), 1024 * 0.3)]);
  }
  expect(scaled).toEqual(plain);
});

test("a fixed scale skips nothing of its own accord", () => {
  const w = numbers(1);
  using optimizer = sgd([w], { learningRate: 1, lossScale: 2, engine });
  optimizer.step([numbers(infinite)]);
  expect([w[0], optimizer.lossScale, optimizer.skippedSteps]).toEqual([-infinite, 2, 0]);
});

describe("a scale that adapts", () => {
  const lossScale = { initial: 8, growth: 4, backoff: 0.5, interval: 3 };

  test("falls with every gradient that is not finite, whose step is skipped, and grows after a stretch of good ones", () => {
    const w = numbers(0);
    using optimizer = sgd([w], { learningRate: 1, momentum: 0.5, lossScale, engine });
    const path: [number, number][] = [];
    for (const gradient of [8, infinite, nan, 2, 2, 2, 8, 8, -infinite, 4, 4, 4]) {
      optimizer.step([numbers(gradient)]);
      path.push([optimizer.lossScale, optimizer.skippedSteps]);
    }
    expect(path.map(([scale]) => scale)).toEqual([8, 4, 2, 2, 2, 8, 8, 8, 4, 4, 4, 16]);
    expect(path.map(([, skipped]) => skipped)).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect(optimizer.stepCount).toBe(9);
    // Every unscaled gradient was 1: velocities 1, 1.5, 1.75, ...
    const velocity = (t: number) => 2 - 2 ** (1 - t);
    expect(w[0]).toBe(-[1, 2, 3, 4, 5, 6, 7, 8, 9].map(velocity).reduce((sum, v) => sum + v));
  });

  test("has torch's defaults", () => {
    using optimizer = sgd([numbers(0)], { lossScale: {}, engine });
    expect(optimizer.lossScale).toBe(65536);
    for (let step = 0; step < 2000; step++) optimizer.step([numbers(0)]);
    expect(optimizer.lossScale).toBe(2 * 65536);
    optimizer.step([numbers(nan)]);
    expect(optimizer.lossScale).toBe(65536);
  });

  test("skips what nonFinite would propagate, or throw", () => {
    for (const nonFinite of ["propagate", "throw", "skip"] as const) {
      const w = numbers(1);
      using optimizer = sgd([w], { lossScale, nonFinite, engine });
      optimizer.step([numbers(nan)]);
      expect([w[0], optimizer.skippedSteps, optimizer.lossScale]).toEqual([1, 1, 4]);
    }
  });

  test("never becomes 0 or infinite", () => {
    using falling = sgd([numbers(0)], { lossScale, engine });
    for (let step = 0; step < 1200; step++) falling.step([numbers(nan)]);
    expect(falling.lossScale).toBe(2 ** -126);
    using rising = sgd([numbers(0)], { lossScale: { ...lossScale, interval: 1 }, engine });
    for (let step = 0; step < 600; step++) rising.step([numbers(0)]);
    expect(rising.lossScale).toBe(2 ** 127);
    rising.step([numbers(infinite)]);
    expect(rising.lossScale).toBe(2 ** 126);
  });

  test("clears the gradients that were skipped, if any are cleared", () => {
    using set = parameters({ w: 1 }, { engine });
    using optimizer = sgd(set, { lossScale, clearGradients: true });
    set.gradients.w.set([nan]);
    optimizer.step();
    expect(set.gradients.w[0]).toBe(0);
  });

  test("is part of the state, with the good steps so far", () => {
    using optimizer = sgd([numbers(0)], { lossScale, engine });
    for (const gradient of [nan, 1, 1]) optimizer.step([numbers(gradient)]);
    const state = optimizer.stateDict();
    expect(state.header.lossScale).toEqual({ value: 4, goodSteps: 2 });
    using resumed = sgd([numbers(0)], { lossScale, engine });
    resumed.loadStateDict(state);
    expect(resumed.lossScale).toBe(4);
    resumed.step([numbers(1)]);
    expect(resumed.lossScale).toBe(16);
  });

  test.each([
    [{ value: 0, goodSteps: 0 }, RangeError, "sgd: the state's lossScale.value must be in (0, Infinity), got 0"],
    [{ value: 1, goodSteps: "0" }, TypeError, 'sgd: the state\'s lossScale.goodSteps must be an integer, got "0"'],
  ])("refuses a state that holds %o", (bad, error, message) => {
    using optimizer = sgd([numbers(0)], { lossScale, engine });
    const state = optimizer.stateDict();
    const load = () => optimizer.loadStateDict({ ...state, header: { ...state.header, lossScale: bad as never } });
    expect(load).toThrow(new error(message));
    expect(optimizer.stateDict()).toEqual(state);
  });
});

test.each([
  [0, RangeError, "sgd: lossScale must be in (0, Infinity), got 0"],
  ["big", TypeError, 'sgd: lossScale: options must be an object, got "big"'],
  [
    { start: 1 },
    RangeError,
    'sgd: lossScale: there is no option "start"; there are initial, growth, backoff, interval',
  ],
  [{ initial: 0 }, RangeError, "sgd: lossScale.initial must be in (0, Infinity), got 0"],
  [{ growth: 0.5 }, RangeError, "sgd: lossScale.growth must be in [1, Infinity), got 0.5"],
  [{ backoff: 1 }, RangeError, "sgd: lossScale.backoff must be in (0, 1), got 1"],
  [{ interval: 1.5 }, RangeError, "sgd: lossScale.interval must be an integer in [1, 9007199254740991], got 1.5"],
])("refuses %o", (lossScale, error, message) => {
  const create = () => sgd([numbers(0)], { lossScale: lossScale as never, engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});
