import { Lasso, LinearSVC, LogisticRegression, Ridge } from "schuss/estimators";
import { crossValidate, Threads } from "schuss/threads";
import { afterAll, describe, expect, it } from "vitest";
import { COLUMNS, classes, features, numbers, ROWS, sparse } from "./data.js";

const pool = new Threads({ count: 2 });

afterAll(() => pool.dispose());

/** The rows by hand, without any of the machinery. */
const rowsOf = (which: Int32Array) =>
  Array.from(which, (i) => Array.from(features.subarray(i * COLUMNS, (i + 1) * COLUMNS)));

describe("crossValidate", () => {
  it("gives what fits by hand to the rows of a fold give", async () => {
    const make = () => new Ridge({ regularization: 3, tolerance: 1e-9 });
    for (const { fold, estimator, score, trainScore } of await crossValidate(make(), features, numbers, {
      threads: pool,
    })) {
      const learn = (which: Int32Array) => Array.from(which, (i) => numbers[i]!);
      const byHand = await make().fit(rowsOf(fold.train), learn(fold.train));
      expect(estimator.weights).toEqual(byHand.weights);
      expect(score).toBe(byHand.score(rowsOf(fold.test), learn(fold.test)));
      expect(trainScore).toBe(byHand.score(rowsOf(fold.train), learn(fold.train)));
      expect(score).toBeGreaterThan(0.9);
    }
  });

  it.each([
    ["Lasso", new Lasso({ regularization: 0.05 }), numbers],
    ["LogisticRegression", new LogisticRegression(), classes],
    ["LinearSVC", new LinearSVC({ passes: 20 }), classes],
  ] as const)("gives the same bits with any number of threads: %s", async (_, estimator, labels) => {
    const runs = await Promise.all(
      [0, 1, pool].map((threads) => crossValidate(estimator, sparse, labels as string[], { folds: 3, threads })),
    );
    const seen = runs.map((folds) =>
      folds.map(({ fold, score, trainScore, estimator: { weights } }) => ({ fold, score, trainScore, weights })),
    );
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it("deals every row to one fold, classes in their shares, the same for a seed", async () => {
    const options = { folds: 4, threads: 0 };
    const folds = (await crossValidate(new LogisticRegression(), features, classes, options)).map(({ fold }) => fold);
    expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: ROWS }, (_, i) => i),
    );
    for (const { train, test } of folds) {
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, i) => i));
      for (const label of ["low", "middle", "top"]) {
        const all = classes.filter((other) => other === label).length;
        const held = Array.from(test).filter((i) => classes[i] === label).length;
        expect(Math.abs(held - all / 4)).toBeLessThan(1);
      }
    }
    const again = await crossValidate(new LogisticRegression(), features, classes, options);
    expect(again.map(({ fold }) => fold)).toEqual(folds);
    const others = await crossValidate(new LogisticRegression(), features, classes, { ...options, seed: 1 });
    expect(others[0]!.fold).not.toEqual(folds[0]);
  });

  it("takes weights: a row of weight 0 is as good as gone", async () => {
    const train = Int32Array.from({ length: ROWS / 2 }, (_, i) => i);
    const test = train.map((i) => i + ROWS / 2);
    const without = { train: train.subarray(1), test };
    const sampleWeights = numbers.map((_, i) => (i === 0 ? 0 : 1));
    const make = () => new Ridge({ regularization: 1, tolerance: 1e-10, passes: 1000 });
    const [weighted] = await crossValidate(make(), features, numbers, {
      folds: [{ train, test }],
      sampleWeights,
      threads: 0,
    });
    const [gone] = await crossValidate(make(), features, numbers, { folds: [without], threads: 0 });
    expect(weighted!.score).toBeCloseTo(gone!.score, 8);
  });

  it("names the estimator and the fold that failed", async () => {
    const train = Int32Array.from(classes.keys()).filter((i) => classes[i] === "low");
    const folds = [
      { train: Int32Array.from(classes.keys()), test: train },
      { train, test: train },
    ];
    await expect(crossValidate(new LogisticRegression(), features, classes, { folds, threads: pool })).rejects.toThrow(
      /^crossValidate: LogisticRegression, fold 1: LogisticRegression.fit: labels must be of at least two classes, all are "low"$/,
    );
  });

  it.each([
    [
      [{}, features, numbers],
      TypeError,
      /the estimator must be made from one of the classes of schuss\/estimators, got an Object/,
    ],
    [
      [new Ridge(), features.map((x, k) => (k === 7 ? Number.NaN : x)), numbers],
      RangeError,
      /^crossValidate: features are NaN in row \d+, column \d+$/,
    ],
    [[new Ridge(), features, numbers, { folds: 1 }], RangeError, /folds must be an integer in \[2, 600\], got 1/],
    [[new Ridge(), features, numbers, { cv: 3 }], RangeError, /there is no option "cv"/],
    [[new Ridge(), features, numbers, { sampleWeights: [1] }], RangeError, /there must be 600 sampleWeights, got 1/],
    [
      [new Ridge(), features, numbers, { folds: [{ train: [0], test: [600] }] }],
      RangeError,
      /folds\[0\].test must be an integer in \[0, 599\], got 600/,
    ],
  ])("refuses arguments that are none", async (args, kind, text) => {
    const run = crossValidate(...(args as unknown as Parameters<typeof crossValidate>));
    await expect(run).rejects.toThrow(kind);
    await expect(run).rejects.toThrow(text);
  });
});
