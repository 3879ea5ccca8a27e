// Against scikit-learn's compiled SAG and SAGA solver, fed with the rows that it drew: ../golden/sklearn-sag.json, made by
// ../golden/sklearn_sag.py.

import { describe, expect, test } from "vitest";
import { CsrModel } from "../../src/finite-sum/csr-model.js";
import { type LossName, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import type { LinearModel } from "../../src/finite-sum/model.js";
import { place } from "../../src/finite-sum/place.js";
import { checkProblem } from "../../src/finite-sum/problem.js";
import { regularize } from "../../src/finite-sum/regularizer.js";
import type { Engine } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { d, draws, epochs, methodOf, readGolden, replaying, rowsOf, withDraws, X } from "./sklearn-rows.js";

expectMemoryReturned();

interface Case {
  readonly loss: LossName;
  readonly csr: boolean;
  readonly intercept: boolean;
  readonly saga: boolean;
  readonly l2: number;
  readonly l1: number;
  readonly step: number;
  readonly interceptScale: number;
  readonly weights: readonly number[];
  readonly bias: number;
}

const { y, cases }: { y: Record<LossName, number[]>; cases: readonly Case[] } = readGolden("sklearn-sag.json");

function problemOf({ loss, csr, intercept, l2, l1 }: Case): Problem {
  return { ...rowsOf({ csr }), labels: y[loss], loss, intercept, l2, l1 };
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

/** scikit-learn's numbers are those of its own order of summation; ours differ by rounding alone. */
const bound = 2e-14;

/** scikit-learn takes a hundredth of the step for the intercept where the rows are sparse; the kernel can, the facade can't. */
const isSlow = ({ csr, intercept }: Case) => csr && intercept;

/**
 * With an l1 the facade counts all rows from the start, scikit-learn those drawn. The kernels can do both, if sparse columns are
 * settled while the count changes.
 */
const counts = ({ l1 }: Case) => l1 > 0;

const byHand = cases.filter((example) => isSlow(example) || counts(example));

describe.each(cases.filter((example) => !byHand.includes(example)))(
  "$loss csr $csr intercept $intercept saga $saga l2 $l2",
  (example) => {
    test.each(variants)("minimizeSync, %s", (variant) => {
      const result = minimizeSync(problemOf(example), {
        ...replaying(example),
        engine: engines[variant],
      });
      expect(result.passes).toBe(epochs);
      expect(greatestDifference(result.weights, example.weights)).toBeLessThan(bound);
      expect(Math.abs(result.intercept - example.bias)).toBeLessThan(bound);
    });
  },
);

class SlowIntercept extends CsrModel {
  readonly #scale: number;

  constructor(engine: Engine, example: Case) {
    const problem = checkProblem("test", problemOf(example));
    super(engine, problem, undefined, regularize(problem, undefined, true).regularizer);
    this.#scale = example.interceptScale;
  }

  protected override interceptStep(stepSize: number): number {
    return this.problem.intercept ? this.#scale * stepSize : 0;
  }
}

function modelOf(engine: Engine, example: Case): LinearModel {
  if (!example.csr) return place(engine, checkProblem("test", problemOf(example)), true);
  const model = new SlowIntercept(engine, example);
  model.place();
  return model;
}

describe.each(byHand)("$loss csr $csr intercept $intercept saga $saga l2 $l2 l1 $l1", (example) => {
  test.each(variants)("the model, %s", (variant) => {
    const engine = engines[variant];
    const model = modelOf(engine, example);
    withDraws(engine, model, (order) => {
      const all = draws.length;
      const singly = example.csr && example.saga;
      for (let first = 0, count = singly ? 1 : all; first < all; first += count) {
        const before = model.memory().interceptSum;
        model.step(methodOf(example), { count, order: order + 4 * first, factors: 0, blocks: 0 }, example.step);
        const { interceptSum, seen } = model.memory();
        // The hundredth is of the mean's part alone, SAGA's own part has the whole step.
        if (singly && example.intercept) {
          const missing = (1 - example.interceptScale) * example.step * (1 - 1 / seen);
          model.intercept -= missing * (interceptSum - before);
        }
      }
      expect(greatestDifference(model.solution().weights, example.weights)).toBeLessThan(bound);
      expect(Math.abs(model.intercept - example.bias)).toBeLessThan(bound);
    });
  });
});

test("the data has a row without entries, and it is drawn", () => {
  expect(X[17]).toEqual(new Array(d).fill(0));
  expect(draws).toContain(17);
  expect([cases.length, byHand.length]).toEqual([48, 24]);
});
