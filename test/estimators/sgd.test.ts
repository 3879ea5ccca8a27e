// Learning from streams: against scikit-learn row by row (../golden/sklearn-sgd.json, made by ../golden/sklearn_sgd.py),
// against the optimum, and against itself after a break.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  fromJSON,
  LinearClassifier,
  LinearRegressor,
  SGDClassifier,
  SGDRegressor,
} from "../../src/estimators/index.js";
import { csr } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const engine = engines.strict;

interface Case {
  readonly estimator: string;
  readonly loss: string;
  readonly alpha: number;
  readonly step: number;
  readonly coef_: number[];
  readonly intercept_: number;
}

interface Golden {
  readonly delta: number;
  readonly epsilon: number;
  readonly X: number[][];
  readonly signs: number[];
  readonly numbers: number[];
  readonly cases: readonly Case[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/sklearn-sgd.json", import.meta.url), "utf8"));

const losses: Readonly<Record<string, unknown>> = {
  hinge: "hinge",
  log_loss: "logistic",
  squared_hinge: "squaredHinge",
  modified_huber: "modifiedHuber",
  squared_error: "squared",
  huber: { kind: "huber", delta: golden.delta },
  epsilon_insensitive: { kind: "epsilonInsensitive", epsilon: golden.epsilon },
};

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]!)));

/** The exponential of the kernels and its last places, over 80 steps. */
const bound = 1e-11;

describe.each(golden.cases)("$estimator $loss, row by row", ({ estimator, loss, alpha, step, coef_, intercept_ }) => {
  test("walks as scikit-learn does", async () => {
    const options = { loss: losses[loss] as never, regularization: alpha, stepSize: step, engine };
    if (estimator === "SGDClassifier") {
      const model = new SGDClassifier(options);
      for (const [i, x] of golden.X.entries()) await model.partialFit([x], [golden.signs[i]!], { classes: [-1, 1] });
      expect(distance(model.weights[0]!, coef_)).toBeLessThan(bound);
      expect(Math.abs(model.intercepts[0]! - intercept_)).toBeLessThan(bound);
    } else {
      const model = new SGDRegressor(options);
      for (const [i, x] of golden.X.entries()) await model.partialFit([x], [golden.numbers[i]!]);
      expect(distance(model.weights, coef_)).toBeLessThan(bound);
      expect(Math.abs(model.intercept - intercept_)).toBeLessThan(bound);
    }
  });
});

const normal = normalNumbers(21);
const x = Array.from({ length: 400 }, () => Array.from({ length: 3 }, normal));
const numbers = x.map(([a, b]) => 2 * a! - b! + 1 + 0.3 * normal());
const names = numbers.map((value) => (value < 0 ? "low" : value < 2 ? "middle" : "top"));
const CHUNK = 50;
const chunks = Array.from({ length: x.length / CHUNK }, (_, k) => [k * CHUNK, (k + 1) * CHUNK] as const);

test("a stream leads to the optimum", async () => {
  const model = new SGDRegressor({ regularization: 0.1, engine });
  for (let round = 0; round < 60; round++) {
    for (const [from, to] of chunks) await model.partialFit(x.slice(from, to), numbers.slice(from, to));
  }
  const optimum = await new LinearRegressor({ l2: 0.1, tolerance: 1e-9, engine }).fit(x, numbers);
  expect(distance(model.weights, optimum.weights)).toBeLessThan(0.02);
  expect(Math.abs(model.intercept - optimum.intercept)).toBeLessThan(0.02);
});

test("classes that a chunk lacks are learnt from the others; dense and sparse rows may take turns", async () => {
  const model = new SGDClassifier({ loss: "logistic", regularization: 0.01, engine });
  const sorted = names.map((name, i) => ({ name, row: x[i]! })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let round = 0; round < 30; round++) {
    for (const [from, to] of chunks) {
      const part = sorted.slice(from, to);
      const features = part.map(({ row }) => row);
      const values = Float64Array.from(features.flat());
      const indices = features.flatMap((row) => row.map((_, j) => j));
      const offsets = Int32Array.from({ length: part.length + 1 }, (_, i) => 3 * i);
      const rows = round % 2 ? features : csr({ values, indices, offsets, columns: 3 });
      const labels = part.map(({ name }) => name);
      await model.partialFit(rows, labels, { classes: ["top", "middle", "low"] });
    }
  }
  expect(model.classes).toEqual(["low", "middle", "top"]);
  const batch = await new LinearClassifier({ l2: 0.01, engine }).fit(x, names);
  expect(model.score(x, names)).toBeGreaterThan(batch.score(x, names) - 0.05);
  expect(model.predictProbability(x)).toHaveLength(1200);
});

test.each([{ penalty: "l2" }, { penalty: "none" }, { penalty: "elasticNet" }] as const)(
  "a stream that was saved goes on with the same bits, %o",
  async (options) => {
    const through = new SGDRegressor({ ...options, engine });
    let broken = new SGDRegressor({ ...options, engine });
    for (const [from, to] of chunks) {
      await through.partialFit(x.slice(from, to), numbers.slice(from, to));
      await broken.partialFit(x.slice(from, to), numbers.slice(from, to));
      const { options: saved, ...json } = JSON.parse(JSON.stringify(broken));
      broken = SGDRegressor.fromJSON({ ...json, options: { ...saved, engine } });
    }
    expect(broken.weights).toEqual(through.weights);
    expect(broken.toJSON().stream).toEqual(through.toJSON().stream);
    expect(fromJSON(JSON.parse(JSON.stringify(broken)))).toBeInstanceOf(SGDRegressor);
  },
);

test("fit starts from nothing", async () => {
  const model = await new SGDRegressor({ engine, passes: 50 }).fit(x, numbers);
  const before = Array.from(model.weights);
  await model.partialFit(x, numbers);
  await model.fit(x, numbers);
  expect(Array.from(model.weights)).toEqual(before);
  expect(model.toJSON().stream).toBeUndefined();
  expect(model.run!.method).toBe("sgd");
  expect(model.score(x, numbers)).toBeGreaterThan(0.95);
});

describe("refusals", () => {
  const classifier = () => new SGDClassifier({ engine });
  const regressor = () => new SGDRegressor({ engine });
  const cases: [use: () => Promise<unknown>, message: string][] = [
    [() => classifier().partialFit(x, names), "SGDClassifier.partialFit: the first call must name all classes"],
    [
      () => classifier().partialFit([[1]], ["c"], { classes: ["a", "b"] }),
      'SGDClassifier.partialFit: the label of row 0 is "c", the classes are a, b',
    ],
    [
      () => classifier().partialFit([[1]], ["a"], { classes: ["a"] }),
      'SGDClassifier.partialFit: labels must be of at least two classes, all are "a"',
    ],
    [
      () => new SGDClassifier({ classWeights: "balanced" }).partialFit([[1]], ["a"], { classes: ["a", "b"] }),
      'SGDClassifier.partialFit: classWeights "balanced" needs all rows at once; give weights by label',
    ],
    [
      async () => (await regressor().partialFit([[1, 2]], [1])).partialFit([[1]], [1]),
      "SGDRegressor.partialFit: features must have the 2 columns of the fit, got 1",
    ],
    [
      () => regressor().partialFit([[1], [Number.POSITIVE_INFINITY]], [1, 2]),
      "SGDRegressor.partialFit: features are Infinity in row 1, column 0",
    ],
    [async () => new SGDClassifier({ method: "sag" } as never), 'SGDClassifier: there is no option "method"'],
    [
      async () => new SGDRegressor({ loss: "poisson" as never }),
      'SGDRegressor: loss must be one of "squared", "huber"',
    ],
    [
      async () => {
        const json = (await regressor().partialFit([[1]], [1])).toJSON();
        SGDRegressor.fromJSON({ ...json, stream: { rows: -1 } });
      },
      "SGDRegressor.fromJSON: stream.rows must be in [0, Infinity), got -1",
    ],
  ];

  test.each(cases)("%#", async (use, message) => {
    await expect(use()).rejects.toThrow(message);
  });
});

test("makes at most 1000 passes where nothing else is said, as scikit-learn does", async () => {
  const x = [[0], [1], [2], [3]];
  const classifier = await new SGDClassifier({ engine }).fit(x, ["a", "a", "b", "b"]);
  const regressor = await new SGDRegressor({ engine, passes: 1200, tolerance: 0 }).fit(x, [1, 3, 5, 7]);
  expect([classifier.runs[0]!.passes, regressor.run!.passes]).toEqual([1000, 1200]);
});
