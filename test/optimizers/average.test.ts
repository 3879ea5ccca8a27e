// Averages of the parameters of every kind, against their plain formulas over the path.

import { describe, expect, test } from "vitest";
import { type AverageOptions, adamw, type CommonOptions, type Optimizer, parameters, sgd } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { copyInto, flatten, gradientOfStep, shapes, startValues } from "./train.js";

expectMemoryReturned();

const engine = engines.strict;
const numbers = (...values: number[]) => new Float64Array(values);

const STEPS = 23;
const learningRate = (step: number) => 0.01 * (1 + (step % 5));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** The average after step t of a path p_0, p_1, ..., of one number. */
const formulas: readonly [average: AverageOptions, formula: (path: readonly number[], t: number) => number][] = [
  [{ kind: "exponential" }, (path, t) => exponential(path, t, 0.999)],
  [{ kind: "exponential", decay: 0.9 }, (path, t) => exponential(path, t, 0.9)],
  [{ kind: "exponential", decay: 0 }, (path, t) => path[t]!],
  [{ kind: "uniform" }, (path, t) => mean(path.slice(1, t + 1))],
  [{ kind: "uniform", from: 10 }, (path, t) => (t < 10 ? path[t]! : mean(path.slice(10, t + 1)))],
  [{ kind: "polynomial" }, (path, t) => polynomial(path, t, 8)],
  [{ kind: "polynomial", gamma: 2 }, (path, t) => polynomial(path, t, 2)],
  [{ kind: "polynomial", gamma: 0 }, (path, t) => mean(path.slice(1, t + 1))],
  [
    { kind: "stepWeighted" },
    (path, t) => {
      const rates = path.slice(1, t + 1).map((_, s) => learningRate(s));
      return sum(rates.map((rate, s) => rate * path[s + 1]!)) / sum(rates);
    },
  ],
  [{ kind: "last", count: 3, every: 4 }, (path, t) => last(path, t, 3, 4)],
  [{ kind: "last", count: 1, every: 5 }, (path, t) => last(path, t, 1, 5)],
  [{ kind: "last", count: 4, every: 1 }, (path, t) => last(path, t, 4, 1)],
];

function exponential(path: readonly number[], t: number, decay: number): number {
  const weights = path.slice(0, t + 1).map((_, s) => (s === 0 ? decay ** t : (1 - decay) * decay ** (t - s)));
  return sum(weights.map((weight, s) => weight * path[s]!));
}

/** Weights s (s + 1) ... (s + gamma - 1) of p_s, which the recursion of the weights (gamma + 1) / (t + gamma) adds up to. */
function polynomial(path: readonly number[], t: number, gamma: number): number {
  const weights = path.slice(1, t + 1).map((_, k) => {
    let weight = 1;
    for (let j = 0; j < gamma; j++) weight *= k + 1 + j;
    return weight;
  });
  return sum(weights.map((weight, k) => weight * path[k + 1]!)) / sum(weights);
}

/** The mean of the last checkpoints, one every so many steps; the parameters before the first. */
function last(path: readonly number[], t: number, count: number, every: number): number {
  const taken = path.slice(0, t + 1).filter((_, s) => s > 0 && s % every === 0);
  return taken.length === 0 ? path[t]! : mean(taken.slice(-count));
}

describe.each(variants)("%s", (variant) => {
  test.each(formulas)("%o", (average, formula) => {
    using set = parameters(shapes, { dtype: "float64", engine: engines[variant] });
    copyInto(set.values, startValues("float64"));
    using optimizer = adamw(set, { learningRate, average });
    const path = [flatten(set.values)];
    expect(optimizer.withAverages(() => flatten(set.values))).toEqual(path[0]);
    for (let t = 1; t <= STEPS; t++) {
      optimizer.step(gradientOfStep("float64", t));
      path.push(flatten(set.values));
      const averages = optimizer.withAverages(() => flatten(set.values));
      expect(flatten(set.values)).toEqual(path[t]);
      averages.forEach((actual, i) => {
        const expected = formula(
          path.map((p) => p[i]!),
          t,
        );
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)));
      });
    }
  });
});

describe("randomIterate", () => {
  const N = 4000;
  const T = 6;

  /** The iterate chosen after T steps of a path 1, 2, ..., T. */
  function chosen(seed: number): number {
    const w = numbers(0);
    using optimizer = sgd([w], { learningRate: 1, average: { kind: "randomIterate", seed }, engine });
    for (let t = 0; t < T; t++) optimizer.step([numbers(-1)]);
    return optimizer.withAverages(() => w[0]!);
  }

  test("takes each of the T iterates with probability 1 / T", () => {
    const counts = new Array<number>(T).fill(0);
    for (let seed = 0; seed < N; seed++) counts[chosen(seed) - 1]!++;
    const chiSquared = sum(counts.map((count) => (count - N / T) ** 2 / (N / T)));
    // The 0.999 quantile for 5 degrees of freedom is 20.5.
    expect(chiSquared).toBeLessThan(20.5);
  });

  test("neighbouring steps and seeds choose independently", () => {
    // Whether step 2 is taken says nothing of whether step 3 is: 1/2 and 1/3.
    const both = { 2: 0, 3: 0, both: 0 };
    for (let seed = 0; seed < N; seed++) {
      const w = numbers(0);
      using optimizer = sgd([w], { learningRate: 1, average: { kind: "randomIterate", seed }, engine });
      const held = [1, 2, 3].map(() => {
        optimizer.step([numbers(-1)]);
        return optimizer.withAverages(() => w[0]!);
      });
      if (held[1] === 2) both[2]++;
      if (held[2] === 3) both[3]++;
      if (held[1] === 2 && held[2] === 3) both.both++;
    }
    const deviation = (share: number) => 4 * Math.sqrt((share * (1 - share)) / N);
    expect(Math.abs(both[2] / N - 1 / 2)).toBeLessThan(deviation(1 / 2));
    expect(Math.abs(both[3] / N - 1 / 3)).toBeLessThan(deviation(1 / 3));
    expect(Math.abs(both.both / N - 1 / 6)).toBeLessThan(deviation(1 / 6));
  });

  test("is the same again for the same seed", () => {
    expect([5, 5, -5, -5].map(chosen)).toEqual([chosen(5), chosen(5), chosen(-5), chosen(-5)]);
  });
});

describe("withAverages", () => {
  const average = { kind: "uniform" } as const;

  /** p = 0, -1, -3, so that the averages are -1 and -2. */
  function trained(target: Readonly<Record<string, Float64Array>>, options: CommonOptions = {}): Optimizer {
    const optimizer = sgd(target, { learningRate: 1, average, ...options, engine });
    optimizer.step({ w: numbers(1) });
    optimizer.step({ w: numbers(2) });
    return optimizer;
  }

  test("puts the averages into the caller's arrays, and the parameters back", () => {
    const w = numbers(0);
    using optimizer = trained({ w });
    expect(optimizer.withAverages(() => w[0])).toBe(-2);
    expect(w[0]).toBe(-3);
    expect(optimizer.withAverages(() => w[0])).toBe(-2);
  });

  test("also when the body throws", () => {
    const w = numbers(0);
    using optimizer = trained({ w });
    expect(() =>
      optimizer.withAverages(() => {
        throw new Error(`at ${w[0]}`);
      }),
    ).toThrow("at -2");
    expect(w[0]).toBe(-3);
    optimizer.step({ w: numbers(3) });
    expect(w[0]).toBe(-6);
    expect(optimizer.withAverages(() => w[0])).toBeCloseTo(-10 / 3, 14);
  });

  test("gives back what the caller has written since the last step, and arrays that are new", () => {
    const target = { w: numbers(0) };
    using optimizer = trained(target);
    target.w = numbers(7);
    expect(optimizer.withAverages(() => target.w[0])).toBe(-2);
    expect(target.w[0]).toBe(7);
  });

  test("leaves alone the groups without an average", () => {
    const [w, v] = [numbers(0), numbers(0)];
    using optimizer = sgd({ w }, { learningRate: 1, engine });
    optimizer.addGroup({ v }, { average: { kind: "exponential", decay: 0.5 } });
    optimizer.step({ w: numbers(1), v: numbers(1) });
    expect(optimizer.withAverages(() => [w[0], v[0]])).toEqual([-1, -0.5]);
    expect([w[0], v[0]]).toEqual([-1, -1]);
  });

  test("what is frozen is its own average", () => {
    const target = { w: numbers(0), b: numbers(5) };
    using optimizer = sgd(target, { learningRate: 1, average, learningRateMultiplier: { b: false }, engine });
    optimizer.step({ w: numbers(1), b: numbers(1) });
    expect(optimizer.withAverages(() => [target.w[0], target.b[0]])).toEqual([-1, 5]);
  });

  test("refuses what can't be meant", async () => {
    const w = numbers(0);
    using optimizer = trained({ w });
    const inside = (use: () => unknown) => () => optimizer.withAverages(use);
    expect(inside(() => optimizer.step({ w: numbers(1) }))).toThrow(new Error("sgd: step() inside withAverages()"));
    expect(inside(() => optimizer.withAverages(() => 0))).toThrow(
      new Error("sgd: withAverages() inside withAverages()"),
    );
    expect(inside(async () => 0)).toThrow(
      new TypeError("sgd: withAverages() needs a body that is done when it returns, got a promise"),
    );
    expect(w[0]).toBe(-3);
    using plain = sgd({ w }, { engine });
    expect(() => plain.withAverages(() => 0)).toThrow(
      new TypeError('sgd: there is no average; ask for one with the option "average"'),
    );
  });
});

test.each([
  [null, TypeError, "sgd: average must be an object with a kind, got null"],
  ["exponential", TypeError, 'sgd: average must be an object with a kind, got "exponential"'],
  [
    { kind: "median" },
    RangeError,
    'sgd: average.kind must be one of "exponential", "uniform", "polynomial", "stepWeighted", "randomIterate", "last", got "median"',
  ],
  [{ kind: "uniform", decay: 0.9 }, RangeError, 'sgd: average: there is no option "decay"; there are kind, from'],
  [{ kind: "uniform", from: 0 }, RangeError, "sgd: average.from must be an integer in [1, 9007199254740991], got 0"],
  [{ kind: "exponential", decay: 1.5 }, RangeError, "sgd: average.decay must be in [0, 1], got 1.5"],
  [{ kind: "polynomial", gamma: -1 }, RangeError, "sgd: average.gamma must be in [0, Infinity), got -1"],
  [
    { kind: "randomIterate", seed: 0.5 },
    RangeError,
    "sgd: average.seed must be an integer in [-9007199254740991, 9007199254740991], got 0.5",
  ],
  [{ kind: "last", count: 0 }, RangeError, "sgd: average.count must be an integer in [1, 1024], got 0"],
  [{ kind: "last", every: "5" }, TypeError, 'sgd: average.every must be an integer, got "5"'],
])("refuses %o", (average, error, message) => {
  const create = () => sgd([numbers(0)], { average: average as never, engine });
  expect(create).toThrow(error);
  expect(create).toThrow(new error(message));
});
