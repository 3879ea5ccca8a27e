// Against scikit-learn's estimators at their optimum: ../golden/sklearn-estimators.json, made by ../golden/sklearn_estimators.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  ElasticNet,
  type Label,
  Lasso,
  LinearRegression,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  Ridge,
} from "../../src/estimators/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const estimators = { ElasticNet, Lasso, LinearRegression, LinearSVC, LinearSVR, LogisticRegression, Ridge };

interface Case {
  readonly estimator: keyof typeof estimators;
  readonly data: "iris" | "cancer" | "diabetes";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly coef_: number[] | number[][];
  readonly intercept_: number | number[];
  readonly classes_?: readonly Label[];
  readonly predict: readonly Label[];
  readonly score: number;
  readonly decision_function?: number[] | number[][];
  readonly predict_proba?: number[][];
}

interface Golden {
  readonly data: Readonly<Record<string, { readonly X: number[][]; readonly y: (number | string)[] }>>;
  readonly cases: readonly Case[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/sklearn-estimators.json", import.meta.url), "utf8"));

const names: Readonly<Record<string, string>> = {
  C: "inverseRegularization",
  alpha: "regularization",
  class_weight: "classWeights",
  epsilon: "epsilon",
  fit_intercept: "intercept",
  l1_ratio: "l1Ratio",
  loss: "loss",
  multi_class: "multiClass",
  penalty: "penalty",
};

const values: Readonly<Record<string, string>> = { elasticnet: "elasticNet", ovr: "oneVsRest" };

/** scikit-learn's parameters under our names. */
function optionsOf({ parameters }: Case): object {
  const { sample_weight: _, ...others } = parameters;
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [names[name], values[value as string] ?? value]),
  );
}

/** 0, 1, 2, 0.5, 0, 1, ..., as the script has it. */
const weightsFor = (rows: number) => Float64Array.from({ length: rows }, (_, i) => [0, 1, 2, 0.5][i % 4]!);

function greatestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...Array.from(ours, (value, k) => Math.abs(value - theirs[k]!)));
}

/** Without an intercept scikit-learn has a single 0, however many outputs there are. */
function interceptsOf({ intercept_ }: Case, outputs: number): number[] {
  return typeof intercept_ === "number" ? new Array(outputs).fill(intercept_) : intercept_;
}

/** What is left is the certificate over the curvature: largest for the labels of diabetes, which are hundreds. */
const bounds: Readonly<Record<string, number>> = { iris: 1e-6, cancer: 1e-6, diabetes: 1e-4 };

const solver = { passes: 100_000, tolerance: 1e-9, engine: engines.strict };

/** liblinear stops the dual of a loss with corners early, and we by the duality gap, whose root the weights follow. */
const cornered = ({ estimator, parameters }: Case) => estimator === "LinearSVR" || parameters.loss === "hinge";

const title = ({ estimator, data, parameters }: Case) => `${estimator} ${data} ${JSON.stringify(parameters)}`;

describe.each(golden.cases.map((example) => [title(example), example] as const))("%s", (_, example) => {
  const { X, y } = golden.data[example.data]!;
  const probe = X.filter((_, i) => i % 17 === 0);
  const bound = cornered(example) ? 2e-3 : bounds[example.data]!;
  const Estimator = estimators[example.estimator];

  test("learns the same", async () => {
    const model = new Estimator({ ...optionsOf(example), ...solver });
    const sampleWeights = example.parameters.sample_weight ? { sampleWeights: weightsFor(X.length) } : {};
    await model.fit(X, y as never, sampleWeights);
    const json = model.toJSON();
    for (const { converged } of json.runs) expect(converged).toBe(true);
    expect(greatestDifference(json.weights.flat(), [example.coef_].flat(2))).toBeLessThan(bound);
    expect(greatestDifference(json.intercepts, interceptsOf(example, json.weights.length))).toBeLessThan(bound);
    expect(model.score(X, y as never)).toBeCloseTo(example.score, 5);
  });

  test("predicts the same from its coefficients", () => {
    const model = Estimator.fromScikitLearn(example);
    if (example.classes_ === undefined) {
      expect(greatestDifference(model.predict(probe) as Float64Array, example.predict as number[])).toBeLessThan(1e-10);
    } else {
      const classifier = model as LogisticRegression;
      expect(classifier.predict(probe)).toEqual(example.predict);
      expect(greatestDifference(classifier.decisionFunction(probe), example.decision_function!.flat())).toBeLessThan(
        1e-12,
      );
    }
    expect(model.score(X, y as never)).toBeCloseTo(example.score, 12);
  });

  test.runIf(example.predict_proba)("gives the same probabilities", () => {
    const model = LogisticRegression.fromScikitLearn(example, optionsOf(example));
    expect(greatestDifference(model.predictProbability(probe), example.predict_proba!.flat())).toBeLessThan(1e-12);
  });
});
