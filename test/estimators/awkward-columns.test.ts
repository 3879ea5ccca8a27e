// Columns as they come, by scikit-learn's estimators at their optimum: ../golden/sklearn-awkward.json, made by
// ../golden/sklearn_awkward.py. What is compared are the scores, as weights of equal columns are not unique.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge } from "../../src/estimators/index.js";
import { csr } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";

expectMemoryReturned();

const estimators = { ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge };

interface Case {
  readonly name: string;
  readonly X: number[][];
  readonly numbers: number[];
  readonly labels: string[];
  readonly weights: number[] | null;
  readonly fitted: readonly {
    readonly estimator: keyof typeof estimators;
    readonly options: object;
    readonly scores: number[];
  }[];
}

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../golden/sklearn-awkward.json", import.meta.url), "utf8"),
);

function sparse(rows: readonly (readonly number[])[]) {
  const stored = rows.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const offsets = [0];
  for (const row of stored) offsets.push(offsets.at(-1)! + row.length);
  return csr({
    values: Float64Array.from(stored.flat(), ({ value }) => value),
    indices: stored.flat().map(({ column }) => column),
    offsets,
    columns: rows[0]!.length,
  });
}

describe.each(cases)("columns $name", ({ X, numbers, labels, weights, fitted }) => {
  const forms = { "arrays of rows": X, csr: sparse(X) } as const;

  test.each(fitted.flatMap((fit) => Object.keys(forms).map((form) => ({ ...fit, form: form as keyof typeof forms }))))(
    "$estimator, $form, with the defaults of the solver",
    async ({ estimator, options, scores, form }) => {
      const features = forms[form];
      const model = new estimators[estimator]({ ...options, engine: engines.strict });
      const fitOptions = weights ? { sampleWeights: weights } : {};
      const classifies = model instanceof LogisticRegression;
      if (classifies) await model.fit(features, labels, fitOptions);
      else await model.fit(features, numbers, fitOptions);
      expect(model.toJSON().runs[0]!.converged).toBe(true);
      const ours = classifies ? model.decisionFunction(features) : model.predict(features);
      // The labels spread over some 30, the scores of classes over some 10.
      scores.forEach((score, i) => {
        expect(Math.abs(ours[i]! - score)).toBeLessThan(0.01);
      });
    },
  );
});
