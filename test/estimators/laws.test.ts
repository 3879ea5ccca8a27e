// What must hold whatever the numbers are: the same problem said in other words has the same solution.

import { describe, expect, test } from "vitest";
import {
  ElasticNet,
  fromJSON,
  Lasso,
  LinearClassifier,
  LinearRegression,
  LinearRegressor,
  LinearSVC,
  LinearSVR,
  LogisticRegression,
  Ridge,
} from "../../src/estimators/index.js";
import { csr, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers } from "../memory/random.js";

expectMemoryReturned();

const solver = { tolerance: 1e-10, passes: 100_000, engine: engines.strict };
const ROWS = 60;
const normal = normalNumbers(9);
const x = Array.from({ length: ROWS }, () => Array.from({ length: 3 }, normal));
const numbers = x.map(([a, b, c]) => 2 * a! - b! + 0.5 * c! + 1 + 0.3 * normal());
const three = numbers.map((value) => (value < 0 ? "low" : value < 2 ? "middle" : "top"));
const two = numbers.map((value) => (value > 1 ? "yes" : "no"));

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k]!)));
}

function sparse(rows: readonly (readonly number[])[]) {
  const columns = rows[0]!.length;
  return csr({
    values: Float64Array.from(rows.flat()),
    indices: rows.flatMap((row) => row.map((_, j) => j)),
    offsets: Int32Array.from({ length: rows.length + 1 }, (_, i) => i * columns),
    columns,
  });
}

const regressors = { ElasticNet, Lasso, LinearRegression, LinearRegressor, LinearSVR, Ridge };
const classifiers = { LinearClassifier, LinearSVC, LogisticRegression };

describe.each(Object.entries(regressors))("%s", (_, Estimator) => {
  const options = Estimator === Lasso || Estimator === ElasticNet ? { regularization: 0.1, ...solver } : solver;
  // The duality gap's root is what the weights of a loss with corners follow.
  const near = Estimator === LinearSVR ? 1e-4 : 1e-7;
  const make = () =>
    Estimator === LinearSVR
      ? new LinearSVR({ epsilon: 0.2, inverseRegularization: 0.1, ...solver })
      : new Estimator(options);

  test("rows in any form", async () => {
    const nested = await make().fit(x, numbers);
    const flat = await make().fit(Float64Array.from(x.flat()), Float64Array.from(numbers));
    expect(flat.weights).toEqual(nested.weights);
    const matrix = await make().fit(sparse(x), numbers);
    expect(distance(matrix.weights, nested.weights)).toBeLessThan(near);
    expect(distance(matrix.predict(sparse(x)), nested.predict(x))).toBeLessThan(10 * near);
  });

  test("a weight of 2 is a row twice, one of 0 no row", async () => {
    const sampleWeights = x.map((_, i) => i % 3);
    const repeated = x.flatMap((row, i) => new Array(i % 3).fill(row) as number[][]);
    const labels = numbers.flatMap((label, i) => new Array(i % 3).fill(label) as number[]);
    const weighted = await make().fit(x, numbers, { sampleWeights });
    const plain = await make().fit(repeated, labels);
    expect(distance(weighted.weights, plain.weights)).toBeLessThan(near);
    expect(Math.abs(weighted.intercept - plain.intercept)).toBeLessThan(near);
  });

  test("comes back from JSON as it was, without its engine", async () => {
    const model = await make().fit(x, numbers);
    const text = JSON.stringify(model);
    const again = fromJSON(JSON.parse(text)) as Ridge;
    expect(again).toBeInstanceOf(Estimator);
    expect(again.predict(x)).toEqual(model.predict(x));
    expect(JSON.stringify(again)).toBe(text);
    expect(text).not.toContain("engine");
    expect(again.run).toEqual(model.run);
  });

  test("R^2 of its predictions", async () => {
    const model = await make().fit(x, numbers);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / ROWS;
    const residual = model.predict(x).reduce((sum, p, i) => sum + (p - numbers[i]!) ** 2, 0);
    const total = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(model.score(x, numbers)).toBeCloseTo(1 - residual / total, 12);
  });
});

describe.each(Object.entries(classifiers))("%s", (_, Estimator) => {
  const make = (options = {}) => new Estimator({ ...solver, ...options });

  test("classes may have any names; their order follows the names", async () => {
    const named = await make().fit(x, two);
    const numbered = await make().fit(
      x,
      two.map((label) => (label === "yes" ? 7 : -3)),
    );
    const turned = await make().fit(
      x,
      two.map((label) => (label === "yes" ? "a" : "b")),
    );
    expect(named.classes).toEqual(["no", "yes"]);
    expect(numbered.classes).toEqual([-3, 7]);
    expect(numbered.weights).toEqual(named.weights);
    expect(
      distance(
        turned.weights[0]!,
        named.weights[0]!.map((weight) => -weight),
      ),
    ).toBeLessThan(1e-7);
    expect(numbered.predict(x)).toEqual(named.predict(x).map((label) => (label === "yes" ? 7 : -3)));
  });

  test("a class weight is a weight of its rows", async () => {
    const byClass = await make({ classWeights: { yes: 3 } }).fit(x, two);
    const byRow = await make().fit(x, two, { sampleWeights: two.map((label) => (label === "yes" ? 3 : 1)) });
    expect(byClass.weights).toEqual(byRow.weights);
  });

  test("predicts by the sign of the score, and is scored by the share it gets right", async () => {
    const model = await make().fit(x, two);
    const scores = model.decisionFunction(x);
    expect(model.predict(x)).toEqual(Array.from(scores, (score) => (score > 0 ? "yes" : "no")));
    const right = model.predict(x).filter((label, i) => label === two[i]).length;
    expect(model.score(x, two)).toBeCloseTo(right / ROWS, 15);
    expect(model.score(x.slice(0, 2), two.slice(0, 2), [1, 0])).toBe(model.predict(x)[0] === two[0] ? 1 : 0);
  });

  test("one against the rest is what each alone finds", async () => {
    const options = Estimator === LogisticRegression ? { multiClass: "oneVsRest" } : {};
    const model = await make(options).fit(x, three);
    expect(model.runs).toHaveLength(3);
    for (const [k, name] of ["low", "middle", "top"].entries()) {
      const alone = await make().fit(
        x,
        three.map((label) => (label === name ? 1 : 0)),
      );
      expect(model.weights[k]).toEqual(alone.weights[0]);
      expect(model.intercepts[k]).toBe(alone.intercepts[0]);
    }
    const scores = model.decisionFunction(x);
    expect(model.predict(x)).toEqual(
      x.map((_, i) => {
        const row = [...scores.subarray(3 * i, 3 * i + 3)];
        return model.classes[row.indexOf(Math.max(...row))];
      }),
    );
  });

  test("comes back from JSON as it was", async () => {
    const options = Estimator === LogisticRegression ? { multiClass: "oneVsRest" } : {};
    const model = await make(options).fit(x, three);
    const again = fromJSON(JSON.parse(JSON.stringify(model))) as LinearClassifier;
    expect(again).toBeInstanceOf(Estimator);
    expect(again.decisionFunction(x)).toEqual(model.decisionFunction(x));
    expect(again.classes).toEqual(model.classes);
    expect(again.runs).toEqual(model.runs);
  });
});

describe("probabilities", () => {
  test.each(["multinomial", "oneVsRest"] as const)("of three classes add up to 1, %s", (multiClass) => {
    const json = {
      coef_: [
        [1, 2],
        [0, -1],
        [800, 1],
      ],
      intercept_: [0, 1, 2],
      classes_: ["a", "b", "c"],
    };
    const model = LogisticRegression.fromScikitLearn(json, { multiClass });
    const probabilities = model.predictProbability([
      [1, 1],
      [0, 0],
      [-1000, 5],
    ]);
    for (let i = 0; i < 3; i++) {
      const row = [...probabilities.subarray(3 * i, 3 * i + 3)];
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
    }
  });

  test("where every sigmoid is 0 all classes are alike", () => {
    const json = { coef_: [[-1], [-1], [-1]], intercept_: [0, 0, 0], classes_: [1, 2, 3] };
    const model = LogisticRegression.fromScikitLearn(json, { multiClass: "oneVsRest" });
    expect([...model.predictProbability([[1000]])]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  test("by hand: 1 / (1 + e^-1)", () => {
    const model = LogisticRegression.fromScikitLearn({ coef_: [[2]], intercept_: [-1], classes_: [0, 1] });
    const [no, yes] = model.predictProbability([[1]]);
    expect(yes).toBeCloseTo(0.7310585786300049, 15);
    expect(no).toBeCloseTo(0.2689414213699951, 15);
  });
});

test("the general classes solve what minimize solves", async () => {
  const features = Float64Array.from(x.flat());
  const terms = { l1: 0.01, l2: 0.02, loss: { kind: "huber", delta: 0.5 } } as const;
  const model = await new LinearRegressor({ ...terms, ...solver }).fit(x, numbers);
  const result = minimizeSync({ features, labels: numbers, ...terms }, solver);
  expect(model.weights).toEqual(result.weights);
  expect(model.intercept).toBe(result.intercept);
});

describe("while it fits", () => {
  const many = Array.from({ length: 40 }, () => x).flat();
  const labels = Array.from({ length: 40 }, () => two).flat();

  test("others have their turn, and every pass is reported with its place", async () => {
    const model = new LogisticRegression({
      ...solver,
      method: "saga",
      multiClass: "oneVsRest",
      tolerance: 0,
      passes: 1000,
    });
    const long = Array.from({ length: 40 }, () => three).flat();
    let turns = 0;
    const timer = setInterval(() => turns++);
    const places: string[] = [];
    await model.fit(many, long, {
      onPass: ({ passes }, { output, outputs }) => {
        if (passes === 1000) places.push(`${output + 1} of ${outputs}`);
      },
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(places).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
  });

  test("it can be aborted, and is as before then", async () => {
    const model = await new LogisticRegression(solver).fit(x, two);
    const before = model.decisionFunction(x);
    const controller = new AbortController();
    const reason = new Error("enough");
    const fit = model.fit(
      many,
      labels.map((label) => (label === "yes" ? 1 : 2)),
      {
        signal: controller.signal,
        onPass: () => controller.abort(reason),
      },
    );
    await expect(fit).rejects.toBe(reason);
    expect(model.classes).toEqual(["no", "yes"]);
    expect(model.decisionFunction(x)).toEqual(before);
  });

  test("no time at all leaves it at 0, not converged", async () => {
    const model = await new LogisticRegression(solver).fit(x, two, { maximumSeconds: 0 });
    expect(model.runs[0]!.converged).toBe(false);
  });
});
