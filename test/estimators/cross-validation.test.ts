// Estimators that look for their penalty, against scikit-learn's: ../golden/sklearn-cv.json, made by ../golden/sklearn_cv.py.

import { readFileSync } from "node:fs";
import {
  ElasticNetCV,
  fromJSON,
  Lasso,
  LassoCV,
  LogisticRegression,
  LogisticRegressionCV,
  RidgeCV,
} from "schuss/estimators";
import { Threads } from "schuss/threads";
import { describe, expect, test } from "vitest";

const estimators = { ElasticNetCV, LassoCV, LogisticRegressionCV, RidgeCV };

interface Case {
  readonly estimator: keyof typeof estimators;
  readonly data: "iris" | "cancer" | "diabetes";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly penalties: number[];
  readonly measures: number[][];
  readonly best: number;
  readonly coef_: number[] | number[][];
  readonly intercept_: number | number[];
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));
const golden: { readonly cases: readonly Case[] } = read("sklearn-cv");
const { data }: { data: Record<string, { X: number[][]; y: (number | string)[] }> } = read("sklearn-estimators");

/** As the script has them: row i is held out in fold i mod 4. */
function folds(rows: number) {
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  return [0, 1, 2, 3].map((k) => ({ train: all.filter((i) => i % 4 !== k), test: all.filter((i) => i % 4 === k) }));
}

const solver = { passes: 100_000, tolerance: 1e-8 };

const furthest = (ours: ArrayLike<number>, theirs: ArrayLike<number>) => {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...Array.from(ours, (value, k) => Math.abs(value - theirs[k]!)));
};

const titled = golden.cases.map(
  (one) => [`${one.estimator} ${one.data} ${JSON.stringify(one.parameters)}`, one] as const,
);

describe.each(titled)(
  "%s",
  (_, { estimator, data: name, parameters, penalties, measures, best, coef_, intercept_ }) => {
    const { X, y } = data[name]!;
    const own = {
      ...solver,
      folds: folds(X.length),
      ...(parameters.fit_intercept === false && { intercept: false }),
      ...(parameters.l1_ratio !== undefined && { l1Ratio: parameters.l1_ratio as number }),
    };
    const list = (parameters.n_alphas as number | undefined) ?? penalties;

    test("measures, picks and learns the same", async () => {
      if (estimator === "LogisticRegressionCV") {
        const model = await new LogisticRegressionCV({ ...own, inverseRegularizations: list }).fit(X, y);
        expect(model.unconverged).toBe(0);
        for (const [k, row] of model.scores.entries()) expect(furthest(row, measures[k]!)).toBeLessThan(1e-12);
        expect(model.inverseRegularization).toBe(best);
        const json = model.toJSON();
        expect(furthest(json.weights.flat(), [coef_].flat(2))).toBeLessThan(1e-4);
        expect(
          furthest(json.intercepts, parameters.fit_intercept === false ? [0] : (intercept_ as number[])),
        ).toBeLessThan(1e-4);
        return;
      }
      const model = new estimators[estimator]({ ...own, regularizations: list } as never);
      await model.fit(X, y as number[]);
      expect(model.unconverged).toBe(0);
      const relative = (row: ArrayLike<number>, scale: ArrayLike<number>) =>
        Array.from(row, (value, k) => value / scale[k]!);
      expect(
        furthest(
          relative(model.regularizations, penalties),
          penalties.map(() => 1),
        ),
      ).toBeLessThan(1e-12);
      for (const [k, row] of model.meanSquaredErrors.entries()) {
        expect(
          furthest(
            relative(row, measures[k]!),
            row.map(() => 1),
          ),
        ).toBeLessThan(1e-6);
      }
      expect(model.regularization / best).toBeCloseTo(1, 12);
      expect(furthest(model.weights, coef_ as number[])).toBeLessThan(1e-4);
      expect(Math.abs(model.intercept - (intercept_ as number))).toBeLessThan(1e-4);
    });
  },
);

const { X, y } = data.iris!;
const numbers = data.diabetes!;

test("the same to the bit in threads", async () => {
  using threads = new Threads({ count: 2 });
  const logistic = () =>
    new LogisticRegressionCV({ inverseRegularizations: [10, 0.1], folds: 3, multiClass: "oneVsRest" });
  const plain = await logistic().fit(X, y);
  expect((await logistic().fit(X, y, { threads })).toJSON()).toMatchObject({
    search: plain.toJSON().search,
    weights: plain.toJSON().weights,
  });
  const lasso = () => new LassoCV({ regularizations: 5, folds: 3, seed: 2 });
  const alone = await lasso().fit(numbers.X, numbers.y as number[]);
  const together = await lasso().fit(numbers.X, numbers.y as number[], { threads });
  expect(together.meanSquaredErrors).toEqual(alone.meanSquaredErrors);
  expect(together.weights).toEqual(alone.weights);
});

test("the last fit is that of the plain estimator with the penalty found", async () => {
  const model = await new LassoCV({ ...solver, regularizations: [40, 4, 0.4] }).fit(numbers.X, numbers.y as number[]);
  const plain = await new Lasso({ ...solver, regularization: model.regularization }).fit(
    numbers.X,
    numbers.y as number[],
  );
  expect(model.weights).toEqual(plain.weights);
  const classifier = await new LogisticRegressionCV({ ...solver, inverseRegularizations: [0.1, 1] }).fit(X, y);
  const alike = await new LogisticRegression({
    ...solver,
    inverseRegularization: classifier.inverseRegularization,
  }).fit(X, y);
  expect(classifier.predictProbability(X)).toEqual(alike.predictProbability(X));
});

test("the strongest of its own penalties leaves all weights at 0, a weaker one does not", async () => {
  const { X: x, y: labels } = numbers;
  const [greatest, next] = (await new LassoCV({ regularizations: 20 }).fit(x, labels as number[])).regularizations;
  const at = async (regularization: number) =>
    (await new Lasso({ ...solver, regularization }).fit(x, labels as number[])).weights.filter((w) => w !== 0).length;
  expect(await at(greatest! * 1.000001)).toBe(0);
  expect(await at(next!)).toBeGreaterThan(0);
});

test("of accuracies that are alike the strongest penalty wins, in whatever order they are given", async () => {
  const x = Array.from({ length: 40 }, (_, i) => [i < 20 ? -1 : 1]);
  const labels = x.map(([a]) => a!);
  for (const list of [
    [1, 100, 0.1],
    [0.1, 1, 100],
  ]) {
    const model = await new LogisticRegressionCV({ inverseRegularizations: list }).fit(x, labels);
    expect(model.inverseRegularization).toBe(0.1);
    expect(model.scores.flat()).toEqual(Array(15).fill(1));
  }
});

test("comes back from JSON", async () => {
  for (const model of [
    await new RidgeCV({ folds: folds(numbers.X.length) }).fit(numbers.X, numbers.y as number[]),
    await new ElasticNetCV({ folds: 3, regularizations: 4 }).fit(numbers.X, numbers.y as number[]),
  ]) {
    const again = fromJSON(JSON.parse(JSON.stringify(model))) as RidgeCV;
    expect(again).toBeInstanceOf(model.constructor);
    expect(again.regularization).toBe(model.regularization);
    expect(again.meanSquaredErrors).toEqual(model.meanSquaredErrors);
    expect(again.predict(numbers.X)).toEqual(model.predict(numbers.X));
    const fresh = again.fit(numbers.X, numbers.y as number[]);
    expect((await fresh).meanSquaredErrors).toEqual(model.meanSquaredErrors);
  }
  const classifier = await new LogisticRegressionCV({ folds: 3, inverseRegularizations: 3 }).fit(X, y);
  const again = LogisticRegressionCV.fromJSON(JSON.parse(JSON.stringify(classifier)));
  expect(again.inverseRegularization).toBe(classifier.inverseRegularization);
  expect(again.predictProbability(X)).toEqual(classifier.predictProbability(X));
});

describe("refuses", () => {
  const fit = (options: object) => new LassoCV(options).fit(numbers.X, numbers.y as number[]);
  test.each([
    [() => new LassoCV({ regularizations: [] }), "LassoCV: regularizations must have at least one element"],
    [() => new LassoCV({ regularizations: [1, -1] }), "LassoCV: regularizations[1] must be in [0, Infinity), got -1"],
    [
      () => new LassoCV({ regularizations: "1" as never }),
      'LassoCV: regularizations must be a number or an array of numbers, got "1"',
    ],
    [() => new LassoCV({ alphas: [1] } as never), "LassoCV: scikit-learn's alphas is called regularizations here"],
    [
      () => new LogisticRegressionCV({ cv: 3 } as never),
      "LogisticRegressionCV: scikit-learn's cv is called folds here",
    ],
    [
      () => new LogisticRegressionCV({ inverseRegularizations: [0] }),
      "inverseRegularizations[0] must be in (0, Infinity), got 0",
    ],
    [() => new LassoCV().regularization, "LassoCV.regularization: nothing has been learnt yet: await fit first"],
    [
      () => new LogisticRegressionCV().scores,
      "LogisticRegressionCV.scores: nothing has been learnt yet: await fit first",
    ],
  ] as const)("%o", (make, message) => {
    expect(make).toThrow(message);
  });

  test("what can't be fitted", async () => {
    await expect(fit({ folds: 1 })).rejects.toThrow("LassoCV.fit: folds must be an integer in [2, 148], got 1");
    await expect(new LassoCV({ folds: 2 }).fit([[1], [1]], [3, 3])).rejects.toThrow("no column varies with the labels");
    await expect(new ElasticNetCV({ l1Ratio: 0, folds: 2 }).fit([[1], [2]], [3, 4])).rejects.toThrow(
      "must be given as an array",
    );
    await expect(new LogisticRegressionCV().fit([[1], [2]], ["a", "a"])).rejects.toThrow("LogisticRegressionCV.fit");
    await expect(new LassoCV({ folds: 2 }).fit([[1], [2], [Number.NaN]], [1, 2, 3])).rejects.toThrow(
      "LassoCV.fit: features are NaN in row 2, column 0",
    );
    await expect(
      new LogisticRegressionCV({ folds: 2 }).fit([[1], [2], [Number.NaN], [3]], ["a", "b", "a", "b"]),
    ).rejects.toThrow("LogisticRegressionCV.fit: features are NaN in row 2, column 0");
  });

  test("an abort, and is as before then", async () => {
    const model = await new LassoCV({ regularizations: [1, 2], folds: 3 }).fit(numbers.X, numbers.y as number[]);
    const before = JSON.stringify(model);
    const reason = new Error("enough");
    const abort = model.fit(
      numbers.X,
      (numbers.y as number[]).map((v) => -v),
      {
        signal: {
          throwIfAborted: () => {
            throw reason;
          },
        },
      },
    );
    await expect(abort).rejects.toBe(reason);
    expect(JSON.stringify(model)).toBe(before);
  });
});
