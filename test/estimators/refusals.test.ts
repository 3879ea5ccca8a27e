// Every mistake gets an error that says whose it is, what was given and what is allowed.

import { describe, expect, test } from "vitest";
import {
  ElasticNet,
  fromJSON,
  Lasso,
  LassoCV,
  LinearClassifier,
  LinearRegression,
  LinearRegressor,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  LogisticRegressionCV,
  Ridge,
  RidgeCV,
  SGDClassifier,
  SGDRegressor,
} from "../../src/estimators/index.js";
import { csr } from "../../src/finite-sum/index.js";
import { crossValidate, Threads } from "../../src/threads/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const x = [
  [1, 0],
  [0, 1],
  [1, 1],
  [2, 0],
];
const y = ["a", "b", "b", "a"];

type Kind = typeof TypeError | typeof RangeError | typeof Error;

describe("options", () => {
  const cases: [make: () => unknown, error: Kind, message: string][] = [
    [() => new Ridge(null as never), TypeError, "Ridge: options must be an object, got null"],
    [() => new Ridge({ alpha: 1 } as never), RangeError, "Ridge: scikit-learn's alpha is called regularization here"],
    [
      () => new LogisticRegression({ C: 1 } as never),
      RangeError,
      "LogisticRegression: scikit-learn's C is called inverseRegularization here",
    ],
    [
      () => new Lasso({ speed: 1 } as never),
      RangeError,
      'Lasso: there is no option "speed" (did you mean "seed"?); there are regularization, intercept, method, passes, tolerance, stepSize, sampling, seed, engine',
    ],
    [() => new LinearRegression({ C: 1 } as never), RangeError, 'LinearRegression: there is no option "C"'],
    [() => new Ridge({ regularization: -1 }), RangeError, "Ridge: regularization must be in [0, Infinity), got -1"],
    [() => new Lasso({ regularization: "1" as never }), TypeError, 'Lasso: regularization must be a number, got "1"'],
    [() => new ElasticNet({ l1Ratio: 2 }), RangeError, "ElasticNet: l1Ratio must be in [0, 1], got 2"],
    [
      () => new LogisticRegression({ inverseRegularization: 0 }),
      RangeError,
      "LogisticRegression: inverseRegularization must be in (0, Infinity), got 0",
    ],
    [
      () => new LogisticRegression({ penalty: "elasticnet" as never }),
      RangeError,
      'LogisticRegression: penalty must be one of "l2", "l1", "elasticNet", "none", got "elasticnet"',
    ],
    [
      () => new LogisticRegression({ multiClass: "ovr" as never }),
      RangeError,
      "LogisticRegression: scikit-learn's ovr is called oneVsRest here",
    ],
    [
      () => new LinearSVC({ loss: "hinge", penalty: "l1" }),
      RangeError,
      'LinearSVC: penalty "l1" needs the loss "squaredHinge"',
    ],
    [() => new LinearSVR({ epsilon: -0.1 }), RangeError, "LinearSVR: epsilon must be in [0, Infinity), got -0.1"],
    [() => new Ridge(0.1 as never), TypeError, "Ridge: options must be an object, got 0.1"],
    [() => new Ridge({ intercept: "yes" as never }), TypeError, 'Ridge: intercept must be true or false, got "yes"'],
    [() => new Ridge({ passes: 0 }), RangeError, "Ridge: passes must be an integer in [1, "],
    [() => new Ridge({ tolerance: -1 }), RangeError, "Ridge: tolerance must be in [0, Infinity), got -1"],
    [() => new Ridge({ seed: "x" as never }), TypeError, 'Ridge: seed must be an integer, got "x"'],
    [
      () => new LogisticRegression({ method: "liblinear" as never }),
      RangeError,
      'LogisticRegression: method must be one of "auto", "sag", ',
    ],
    [
      () => new LogisticRegression({ penalty: null as never }),
      TypeError,
      'LogisticRegression: penalty must not be null; no penalty is "none"',
    ],
    [
      () => new Ridge({ regularization: null as never }),
      TypeError,
      "Ridge: regularization must not be null; leave it out for its default",
    ],
    [
      () => new SGDClassifier({ loss: "log_loss" as never }),
      RangeError,
      "SGDClassifier: scikit-learn's log_loss is called logistic here",
    ],
    [
      () => new SGDRegressor({ loss: "squared_error" as never }),
      RangeError,
      "SGDRegressor: scikit-learn's squared_error is called squared here",
    ],
    [
      () => new SGDRegressor({ eta0: 0.1 } as never),
      RangeError,
      "SGDRegressor: scikit-learn's eta0 is called stepSize here",
    ],
    [
      () => new LogisticRegression({ classWeights: new Map([["a", 2]]) as never }),
      TypeError,
      'LogisticRegression: classWeights must be "balanced" or an object of weights by label, got a Map',
    ],
    [
      () => new LinearSVC({ classWeights: [1, 2] as never }),
      TypeError,
      'LinearSVC: classWeights must be "balanced" or an object of weights by label, got an Array',
    ],
    [
      () => new LinearClassifier({ loss: "squared" }),
      RangeError,
      'LinearClassifier: the loss "squared" is for numbers, as LinearRegressor is',
    ],
    [
      () => new LinearRegressor({ loss: "softmax" }),
      RangeError,
      'LinearRegressor: the loss "softmax" is for classes, as LinearClassifier is',
    ],
    [() => new LinearRegressor({ loss: "mse" as never }), RangeError, "LinearRegressor: loss must be one of "],
    [() => new LinearRegressor({ l2: -1 }), RangeError, "LinearRegressor: l2 must be in [0, Infinity), got -1"],
    [() => new RidgeCV({ regularizations: 5 as never }), TypeError, "RidgeCV: regularizations must be an array, got 5"],
    [
      () => new LassoCV({ n_alphas: 10 } as never),
      RangeError,
      "LassoCV: scikit-learn's n_alphas is called regularizations here",
    ],
  ];

  test.each(cases)("%#", (make, error, message) => {
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

describe("fit", () => {
  const classifier = () => new LogisticRegression({ engine });
  const numbers = [1, 2, 3, 4];
  const cases: [fit: () => Promise<unknown>, error: Kind, message: string | RegExp][] = [
    [
      () => classifier().fit(x, ["a", "a", "a", "a"]),
      RangeError,
      'LogisticRegression.fit: labels must be of at least two classes, all are "a"',
    ],
    [
      () => classifier().fit([], []),
      RangeError,
      "LogisticRegression.fit: labels must be of at least two classes, there are none",
    ],
    [
      () => classifier().fit(x, ["a", "b", 1, "a"] as never),
      TypeError,
      "LogisticRegression.fit: labels must be all numbers or all strings; row 0 has a string, row 2 1",
    ],
    [() => classifier().fit(x, [0, 1, Number.NaN, 1]), RangeError, "LogisticRegression.fit: the label of row 2 is NaN"],
    [
      () => classifier().fit([[1], ["2"], [3], [4]] as never, [0, 1, 0, 1]),
      TypeError,
      'LogisticRegression.fit: the feature in row 1, column 0 must be a number, got "2"',
    ],
    [
      () => classifier().fit(x, [0, 1, 0.5, 1]),
      RangeError,
      "LogisticRegression.fit: labels of more than two classes must be strings or whole numbers, got 0.5 in row 2",
    ],
    [
      () => new LogisticRegressionCV().fit([[1], [2], [3]], [0, 1, 0]),
      RangeError,
      "LogisticRegressionCV.fit: there are fewer rows, 3, than folds, 5",
    ],
    [
      () => new Ridge().fit(x, ["a", "b", "a", "b"] as never),
      TypeError,
      'Ridge.fit: the label of row 0 must be a number, got "a"',
    ],
    [
      () => classifier().fit(x, [0, 1, null, 1] as never),
      TypeError,
      "LogisticRegression.fit: the label of row 2 must be a number or a string, got null",
    ],
    [
      () => classifier().fit(x, undefined as never),
      TypeError,
      "LogisticRegression.fit: labels must be an array of numbers or of strings, got undefined",
    ],
    [
      () => classifier().fit(x, ["a", "b"]),
      RangeError,
      "LogisticRegression.fit: there must be as many labels as rows: 4, got 2",
    ],
    [
      () => classifier().fit([[1], [1, 2]], ["a", "b"]),
      RangeError,
      "LogisticRegression.fit: row 1 must have 1 columns as row 0 has, got 2",
    ],
    [
      () => classifier().fit([[1], [Number.NaN]], ["a", "b"]),
      RangeError,
      "LogisticRegression.fit: features are NaN in row 1, column 0",
    ],
    [
      () => classifier().fit(new Float32Array([1, Number.POSITIVE_INFINITY]), ["a", "b"]),
      RangeError,
      "LogisticRegression.fit: features are Infinity in row 1, column 0",
    ],
    [
      () => classifier().fit(new Float64Array(5), ["a", "b"]),
      RangeError,
      "LogisticRegression.fit: 5 features can't be 2 rows of the same length",
    ],
    [
      () => classifier().fit("x" as never, ["a", "b"]),
      TypeError,
      'LogisticRegression.fit: features must be a Float32Array, a Float64Array, a csr matrix or an array of rows, got "x"',
    ],
    [
      () => classifier().fit(x, y, { sampleWeights: [1, 1] }),
      RangeError,
      "LogisticRegression.fit: there must be 4 sampleWeights, got 2",
    ],
    [
      () => classifier().fit(x, y, { sampleWeights: [0, 0, 0, 0] }),
      RangeError,
      "LogisticRegression.fit: sampleWeights must have a sum above 0, got 0",
    ],
    [
      () => classifier().fit(x, y, { sampleWeights: [1, -1, 1, 1] }),
      RangeError,
      "LogisticRegression.fit: sampleWeights[1] must be in [0, Infinity), got -1",
    ],
    [
      () => new LogisticRegression({ classWeights: { c: 2 } }).fit(x, y),
      RangeError,
      'LogisticRegression.fit: classWeights has "c", but the classes are a, b',
    ],
    [
      () => new LogisticRegression({ classWeights: { a: -2 } }).fit(x, y),
      RangeError,
      'LogisticRegression.fit: classWeights["a"] must be in [0, Infinity), got -2',
    ],
    [() => new Ridge().fit(x, [1, 2, 3, Number.NaN]), RangeError, "Ridge.fit: the label of row 3 is NaN"],
    [
      () => new Ridge().fit(x, undefined as never),
      TypeError,
      "Ridge.fit: labels must be an array of numbers, got undefined",
    ],
    [
      () => new Ridge().fit([{ area: 1, rooms: 2 }] as never, [1]),
      TypeError,
      "Ridge.fit: row 0 of the features must be an array of numbers, got an Object",
    ],
    [
      () => new Ridge().fit([[1, 2], null] as never, [1, 2]),
      TypeError,
      "Ridge.fit: row 1 of the features must be an array of numbers, got null",
    ],
    [
      () => new Ridge().fit(["ab", "cd"] as never, [1, 2]),
      TypeError,
      'Ridge.fit: row 0 of the features must be an array of numbers, got "ab"',
    ],
    [
      () => new Ridge().fit([1, 2, 3] as never, [1, 2, 3]),
      TypeError,
      "Ridge.fit: row 0 of the features must be an array of numbers, got 1; one row is [[...]], one column [[...], [...]]",
    ],
    [
      () => new Ridge().fit(x, [[1], [2], [3], [4]] as never),
      TypeError,
      "Ridge.fit: the label of row 0 must be a number, got an Array",
    ],
    [
      () => classifier().fit(x, [0, Number.POSITIVE_INFINITY, 0, 0]),
      RangeError,
      "LogisticRegression.fit: the label of row 1 is Infinity",
    ],
    [
      () => new Ridge().fit(x, numbers, { sample_weight: numbers } as never),
      RangeError,
      "Ridge.fit: scikit-learn's sample_weight is called sampleWeights here",
    ],
    [
      () => new Ridge().fit(x, numbers, { sampleWeight: numbers } as never),
      RangeError,
      'Ridge.fit: there is no option "sampleWeight" (did you mean "sampleWeights"?)',
    ],
    [
      () => new Ridge().fit(x, numbers, numbers as never),
      TypeError,
      "Ridge.fit: options must be an object, got an Array; weights of the rows are { sampleWeights }",
    ],
    [() => new Ridge().fit(x, numbers, null as never), TypeError, "Ridge.fit: options must be an object, got null"],
    [
      () => new Ridge().fit(x, numbers, { sampleWeights: ["1", "1", "1", "1"] as never }),
      TypeError,
      'Ridge.fit: sampleWeights[0] must be a number, got "1"',
    ],
    [
      () => new Ridge().fit(x, numbers, { sampleWeights: 2 as never }),
      TypeError,
      "Ridge.fit: sampleWeights must be an array of numbers, got 2",
    ],
    [
      () => new Ridge().fit(x, numbers, { sampleWeights: [1, Number.NaN, 1, 1] }),
      RangeError,
      "Ridge.fit: sampleWeights[1] must be in [0, Infinity), got NaN",
    ],
    [
      () => new Ridge().fit(x, numbers, { onPass: "log" as never }),
      TypeError,
      'Ridge.fit: onPass must be a function, got "log"',
    ],
    [
      () => new Ridge().fit(x, numbers, { maximumSeconds: "3" as never }),
      TypeError,
      'Ridge.fit: maximumSeconds must be a number, got "3"',
    ],
    [
      () => new Ridge().fit(x, numbers, { maximumSeconds: Number.NaN }),
      RangeError,
      "Ridge.fit: maximumSeconds must be in [0, Infinity), got NaN",
    ],
    [
      () => new Ridge().fit(x, numbers, { threads: 2 as never }),
      TypeError,
      "Ridge.fit: threads must be Threads of schuss/threads, got 2",
    ],
    [
      () => classifier().fit(x, y, { classes: ["a", "b"] } as never),
      RangeError,
      'LogisticRegression.fit: there is no option "classes"',
    ],
    [() => new LassoCV().fit([[1]], [1]), RangeError, "LassoCV.fit: there are fewer rows, 1, than folds, 5"],
    [
      () => new LassoCV({ folds: 2 }).fit(x, [1, 1, 1, 1]),
      RangeError,
      "LassoCV.fit: no column varies with the labels, so that no penalties follow from them; give regularizations as an array",
    ],
    [
      () => new LassoCV().fit(x, undefined as never),
      TypeError,
      "LassoCV.fit: labels must be an array of numbers, got undefined",
    ],
    [
      () => new RidgeCV({ folds: "3" as never }).fit(x, numbers),
      TypeError,
      'RidgeCV.fit: folds must be a number, or an array of { train, test }, got "3"',
    ],
    [
      () => new RidgeCV({ folds: [] }).fit(x, numbers),
      TypeError,
      "RidgeCV.fit: folds must be a number, or an array of { train, test }, got none",
    ],
    [
      () => new RidgeCV({ folds: [[1, 2]] as never }).fit(x, numbers),
      TypeError,
      "RidgeCV.fit: folds[0].train must be an array of rows, at least one, got undefined",
    ],
    [
      () => new RidgeCV({ folds: [{ train: [0, 1], test: [] }] }).fit(x, numbers),
      TypeError,
      "RidgeCV.fit: folds[0].test must be an array of rows, at least one, got none",
    ],
    [
      () => new LogisticRegressionCV({ folds: 2 }).fit([[1], [2], [3], [4]], [0, 0, 0, 1]),
      RangeError,
      /LogisticRegressionCV.fit: the rows that fold [01] learns from are all of class 0; take other folds/,
    ],
    [
      () => new SGDClassifier().partialFit(x, y),
      RangeError,
      "SGDClassifier.partialFit: the first call must name all classes that may come: { classes: [...] }",
    ],
    [
      () => new SGDClassifier().partialFit(x, ["a", "b", "z", "a"], { classes: ["a", "b"] }),
      RangeError,
      'SGDClassifier.partialFit: the label of row 2 is "z", the classes are a, b',
    ],
    [
      async () => {
        const model = await new SGDClassifier({ engine }).partialFit(x, y, { classes: ["a", "b"] });
        await model.partialFit(x, y, { classes: ["a", "c"] });
      },
      RangeError,
      "SGDClassifier.partialFit: classes must be those of the first call, a, b, got a, c",
    ],
    [
      async () => {
        const model = await new SGDRegressor({ engine }).partialFit(x, numbers);
        await model.partialFit([[1, 2, 3]], [1]);
      },
      RangeError,
      "SGDRegressor.partialFit: features must have the 2 columns of the fit, got 3",
    ],
    [
      () => crossValidate(new Ridge(), x, undefined as never),
      TypeError,
      "crossValidate: labels must be an array of numbers or of strings, got undefined",
    ],
    [
      () => crossValidate(Ridge as never, x, numbers),
      TypeError,
      "crossValidate: the estimator must be made from one of the classes of schuss/estimators, got a function",
    ],
  ];

  test.each(cases)("%#", async (fit, error, message) => {
    await expect(fit()).rejects.toThrow(message);
    await expect(fit()).rejects.toBeInstanceOf(error);
  });
});

describe("before fit", () => {
  test.each([
    ["LogisticRegression.predict", () => new LogisticRegression().predict(x)],
    ["LogisticRegression.decisionFunction", () => new LogisticRegression().decisionFunction(x)],
    ["LogisticRegression.predictProbability", () => new LogisticRegression().predictProbability(x)],
    ["LogisticRegression.classes", () => new LogisticRegression().classes],
    ["LinearSVC.toJSON", () => JSON.stringify(new LinearSVC())],
    ["Ridge.predict", () => new Ridge().predict(x)],
    ["Ridge.weights", () => new Ridge().weights],
    ["Ridge.toJSON", () => new Ridge().toJSON()],
  ])("%s", (name, use) => {
    expect(use).toThrow(new Error(`${name}: nothing has been learnt yet: await fit first`));
  });
});

describe("after fit", () => {
  const classifier = new LogisticRegression({ engine });
  const regressor = new Ridge({ engine });
  const sparse = csr({ values: new Float64Array([1]), indices: [2], offsets: [0, 1], columns: 3 });

  test.each([
    [[[1, 2, 3]], "predict: features must have the 2 columns of the fit, got 3"],
    [sparse, "predict: features must have the 2 columns of the fit, got 3"],
    [new Float64Array(3), "predict: 3 features can't be rows of 2 columns"],
    [[[1, Number.NaN]], "predict: features are NaN in row 0, column 1"],
  ])("%#", async (features, message) => {
    await classifier.fit(x, y);
    await regressor.fit(x, [1, 2, 3, 4]);
    expect(() => classifier.predict(features)).toThrow(new RangeError(`LogisticRegression.${message}`));
    expect(() => regressor.predict(features)).toThrow(new RangeError(`Ridge.${message}`));
  });

  test("score with other labels than rows", () => {
    expect(() => classifier.score(x, ["a"])).toThrow("LogisticRegression.score: there must be 4 labels, got 1");
    expect(() => regressor.score(x, [1])).toThrow("Ridge.score: there must be 4 labels, got 1");
  });

  test("score with labels that are none", async () => {
    expect(() => classifier.score(x, [0, 1, 1, 0])).toThrow(
      "LogisticRegression.score: labels must be strings like the classes, a, b, got 0 in row 0",
    );
    expect(() => regressor.score(x, ["1", "2", "3", "4"] as never)).toThrow(
      'Ridge.score: the label of row 0 must be a number, got "1"',
    );
    expect(() => regressor.score(x, [1, 2, Number.NaN, 4])).toThrow("Ridge.score: the label of row 2 is NaN");
    expect(() => regressor.score(x, [1, 2, 3, 4], [1])).toThrow("Ridge.score: there must be 4 sampleWeights, got 1");
    expect(() => regressor.score(x, undefined as never)).toThrow(
      "Ridge.score: labels must be an array of numbers, got undefined",
    );
  });

  test("a loss that has no probabilities", async () => {
    const model = await new LinearClassifier({ loss: "squaredHinge", engine }).fit(x, y);
    expect(() => model.predictProbability(x)).toThrow(
      'LinearClassifier.predictProbability: there are no probabilities with the loss "squaredHinge"',
    );
  });
});

describe("models from elsewhere", () => {
  const saved = {
    format: "schuss-model",
    version: 1,
    estimator: "LogisticRegression",
    options: {},
    classes: ["a", "b"],
    weights: [[1, 2]],
    intercepts: [0],
    runs: [],
  };
  const cases: [read: () => unknown, message: string][] = [
    [() => fromJSON(null), 'fromJSON: this is no model: format must be "schuss-model", got undefined'],
    [
      () => fromJSON(JSON.stringify(saved)),
      "fromJSON: a model must be an object, got a string: JSON.parse makes one of it",
    ],
    [() => fromJSON({ ...saved, version: 2 }), "fromJSON: version must be 1, got 2"],
    [
      () => fromJSON({ ...saved, estimator: "toString" }),
      'fromJSON: there is no estimator "toString"; there are ElasticNet, ElasticNetCV, Lasso, ',
    ],
    [() => Ridge.fromJSON(saved), 'Ridge.fromJSON: this is a model of "LogisticRegression", not of "Ridge"'],
    [() => fromJSON({ ...saved, options: { penalty: "l3" } }), "LogisticRegression: penalty must be one of"],
    [
      () => fromJSON({ ...saved, weights: [[1, "2"]] }),
      'LogisticRegression.fromJSON: coefficients must be finite numbers, got "2"',
    ],
    [
      () => fromJSON({ ...saved, weights: [[1, null]] }),
      "LogisticRegression.fromJSON: coefficients must be finite numbers, got null",
    ],
    [
      () => fromJSON({ ...saved, weights: [[]] }),
      "LogisticRegression.fromJSON: the weights must be an array with an array of numbers an output",
    ],
    [
      () => fromJSON({ ...saved, intercepts: [] }),
      "LogisticRegression.fromJSON: the intercepts must be an array with one number for each of 1 outputs",
    ],
    [
      () => fromJSON({ ...saved, classes: ["a"] }),
      "LogisticRegression.fromJSON: classes_ must name 2 classes, coef_ having 1 rows, got 1",
    ],
    [
      () =>
        LinearRegressor.fromJSON({
          ...saved,
          estimator: "LinearRegressor",
          weights: [[1], [2, 3]],
          intercepts: [0, 0],
        }),
      "LinearRegressor.fromJSON: all outputs must have 1 weights as the first has, got 2",
    ],
    [() => Ridge.fromScikitLearn({ coef_: 1 } as never), "Ridge.fromScikitLearn: coef_ must be an array, got 1"],
    [
      () => Ridge.fromScikitLearn({ coef_: [[1], [2]], intercept_: [0, 0] }),
      "Ridge.fromScikitLearn: coef_ must have one output, got 2",
    ],
    [
      () => LinearSVC.fromScikitLearn({ coef_: [[1]], intercept_: [0] }),
      "LinearSVC.fromScikitLearn: classes_ must be an array, got undefined",
    ],
  ];

  test.each(cases)("%#", (read, message) => {
    expect(read).toThrow(message);
  });
});

describe("numbers so large that their squares and products overflow", () => {
  const large = Number.MAX_VALUE;

  test("are as finite as others: only the numbers themselves are refused", () => {
    const model = Ridge.fromScikitLearn({ coef_: [2, -2], intercept_: 0 });
    expect(model.predict([[large, 0]])).toStrictEqual(Float64Array.of(Number.POSITIVE_INFINITY));
    expect(model.predict([[large, large]])).toStrictEqual(Float64Array.of(Number.NaN));
    expect(() => model.predict([[Number.POSITIVE_INFINITY, 0]])).toThrow(
      "Ridge.predict: features are Infinity in row 0, column 0",
    );
  });
});

describe("with one thread a class", () => {
  test("the errors are in the name of the estimator too", async () => {
    const threads = new Threads({ count: 0 });
    const fit = new LogisticRegression({ multiClass: "oneVsRest", passes: 1 }).fit(
      [[1], [Number.NaN], [3]],
      ["a", "b", "c"],
      { threads },
    );
    await expect(fit).rejects.toThrow("LogisticRegression.fit: features are NaN in row 1, column 0");
    threads.dispose();
  });
});
