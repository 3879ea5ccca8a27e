import { describe, expect, test } from "vitest";
import { adam, parameters, type Schedule, schedules, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { optimizerInfos } from "./infos.js";
import { stepWith } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const one = () => [new Float64Array([1])];

describe("schedules", () => {
  test("the first update takes the rate of step 0", () => {
    const w = new Float64Array(1);
    using optimizer = sgd([w], { learningRate: (step) => 2 ** -step, engine });
    const path = [1, 2, 3].map(() => {
      optimizer.step(one());
      return w[0];
    });
    expect(path).toEqual([-1, -1.5, -1.75]);
  });

  test("learningRate reads the rate that comes next", () => {
    using optimizer = sgd([new Float64Array(1)], { learningRate: schedules.warmup(3, 0.5), engine });
    const rates = [0, 1, 2, 3].map(() => {
      const rate = optimizer.learningRate;
      optimizer.step(one());
      return rate;
    });
    expect(rates).toEqual([0.125, 0.25, 0.375, 0.5]);
  });

  test("steps that are skipped don't count", () => {
    const asked: number[] = [];
    const learningRate: Schedule = (step) => {
      asked.push(step);
      return 1;
    };
    using optimizer = sgd([new Float64Array(1)], { learningRate, nonFinite: "skip", engine });
    optimizer.step(one());
    optimizer.step([new Float64Array([Number.NaN])]);
    optimizer.step(one());
    expect(asked).toEqual([0, 1, 1]);
  });

  test("a schedule takes up where a loaded state has stopped", () => {
    using first = sgd([new Float64Array(1)], { learningRate: 1, engine });
    first.step(one());
    first.step(one());
    using second = sgd([new Float64Array(1)], { learningRate: (step) => 10 + step, engine });
    second.loadStateDict(first.stateDict());
    expect(second.learningRate).toBe(12);
  });
});

describe("the setter", () => {
  test("changes the rate between steps", () => {
    const w = new Float64Array(1);
    using optimizer = sgd([w], { learningRate: 1, engine });
    optimizer.step(one());
    optimizer.learningRate = 0.25;
    expect(optimizer.learningRate).toBe(0.25);
    optimizer.step(one());
    expect(w[0]).toBe(-1.25);
    optimizer.learningRate = (step) => step * 4;
    expect(optimizer.learningRate).toBe(8);
    optimizer.step(one());
    expect(w[0]).toBe(-9.25);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d and keeps the old rate", (rate) => {
    using optimizer = sgd([new Float64Array(1)], { learningRate: 0.5, engine });
    expect(() => {
      optimizer.learningRate = rate;
    }).toThrow(new RangeError(`sgd: learningRate must be in [0, Infinity), got ${rate}`));
    expect(optimizer.learningRate).toBe(0.5);
  });

  test("refuses what is neither number nor function", () => {
    using optimizer = sgd([new Float64Array(1)], { engine });
    expect(() => {
      optimizer.learningRate = "0.1" as unknown as number;
    }).toThrow(new TypeError('sgd: learningRate must be a number or a schedule, got "0.1"'));
  });
});

describe.each(optimizerInfos)("$name", ({ name, create }) => {
  test.each([
    [Number.NaN, RangeError, "must be in [0, Infinity), got NaN"],
    [-0.5, RangeError, "must be in [0, Infinity), got -0.5"],
    [undefined, TypeError, "must be a number, got undefined"],
  ])("a schedule that gives %s stops the step before anything has changed", (rate, error, message) => {
    using set = parameters({ w: 3 }, { engine });
    set.values.w.set([1, 2, 3]);
    using optimizer = create(set, { learningRate: (step: number) => (step === 1 ? (rate as number) : 0.5) });
    set.gradients.w.set([1, -1, 1]);
    stepWith(optimizer, () => undefined);
    const [values, state] = [[...set.values.w], optimizer.stateDict()];
    expect(() => stepWith(optimizer, () => ({ w: new Float32Array([7, 7, 7]) }))).toThrow(error);
    expect(() => stepWith(optimizer, () => ({ w: new Float32Array([7, 7, 7]) }))).toThrow(
      `${name}: learningRate, by its schedule at step 1, ${message}`,
    );
    expect([...set.values.w]).toEqual(values);
    expect([...set.gradients.w]).toEqual([1, -1, 1]);
    expect(optimizer.stateDict()).toEqual(state);
  });
});

test("a schedule that throws stops the step before anything has changed", () => {
  const w = new Float64Array([1]);
  const failure = new Error("no rate today");
  using optimizer = adam([w], {
    learningRate: () => {
      throw failure;
    },
    engine,
  });
  expect(() => optimizer.step(one())).toThrow(failure);
  expect([w[0], optimizer.stepCount]).toEqual([1, 0]);
});
