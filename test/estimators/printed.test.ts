// What console.log prints of an estimator, by the formatter that it uses.

import { inspect } from "node:util";
import { expect, test } from "vitest";
import { LogisticRegression, LogisticRegressionCV, Ridge, RidgeCV, SGDClassifier } from "../../src/estimators/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const engine = engines.strict;
const x = [[0], [1], [2], [3]];

test("before the fit: class and options, without the engine", () => {
  expect(inspect(new Ridge({ regularization: 0.1, engine }))).toBe(
    "Ridge { options: { regularization: 0.1 }, fitted: false }",
  );
  expect(inspect([new SGDClassifier()])).toBe("[ SGDClassifier { options: {}, fitted: false } ]");
  expect(new Ridge({ regularization: 0.1 }).options).toEqual({ regularization: 0.1 });
});

test("after it: what has been learnt, of the weights how many", async () => {
  const ridge = await new Ridge({ engine }).fit(x, [1, 3, 5, 7]);
  expect([ridge.fitted, new Ridge().fitted]).toEqual([true, false]);
  expect(inspect(ridge, { breakLength: Number.POSITIVE_INFINITY })).toBe(
    `Ridge { options: {}, fitted: true, weights: Float64Array(1), intercept: ${ridge.intercept}, converged: true, passes: ${ridge.run!.passes} }`,
  );
  const classifier = await new LogisticRegression({ engine }).fit(x, ["a", "b", "c", "c"]);
  const text = inspect(classifier);
  expect(text).toMatch(/^LogisticRegression \{\n/);
  for (const line of [
    "fitted: true",
    "classes: [ 'a', 'b', 'c' ]",
    "weights: 3 x Float64Array(1)",
    "intercepts: Float64Array(3)",
    "converged: true",
  ]) {
    expect(text).toContain(line);
  }
});

test("of coefficients from elsewhere there is no run to tell of", () => {
  expect(inspect(Ridge.fromScikitLearn({ coef_: [1, 2], intercept_: 0 }))).toBe(
    "Ridge { options: {}, fitted: true, weights: Float64Array(2), intercept: 0 }",
  );
});

test("of a search, what it has found", async () => {
  const rows = Array.from({ length: 20 }, (_, k) => [k, (k * 7) % 5]);
  const ridge = new RidgeCV({ engine });
  expect(inspect(ridge)).toBe("RidgeCV { options: {}, fitted: false }");
  const numbers = rows.map(([a, b]) => 2 * a! - b!);
  expect(inspect(await ridge.fit(rows, numbers))).toContain("fitted: true,\n  regularization: 0.1,\n");
  const classes = rows.map(([a]) => (a! < 10 ? "no" : "yes"));
  const logistic = await new LogisticRegressionCV({ inverseRegularizations: [1], engine }).fit(rows, classes);
  expect(inspect(logistic)).toContain("  inverseRegularization: 1,\n");
});

test("of a stream that has no end there is nothing that converges", async () => {
  const model = await new SGDClassifier({ engine }).partialFit(x, [0, 0, 1, 1], { classes: [0, 1] });
  expect(inspect(model)).toContain("passes: 1");
  expect(inspect(model)).not.toContain("converged");
});
