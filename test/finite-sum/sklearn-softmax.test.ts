// Against scikit-learn's compiled SAG and SAGA solver on the softmax loss, fed with the rows that it drew: the data and the draws
// of ../golden/sklearn-sag.json, the end points of ../golden/sklearn-sag-softmax.json.

import { describe, expect, test } from "vitest";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { MultiModel } from "../../src/finite-sum/multi-model.js";
import { placeAny } from "../../src/finite-sum/place.js";
import { checkProblem } from "../../src/finite-sum/problem.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { draws, methodOf, readGolden, replaying, rowsOf, withDraws } from "./sklearn-rows.js";

expectMemoryReturned();

interface Case {
  readonly csr: boolean;
  readonly intercept: boolean;
  readonly saga: boolean;
  readonly l2: number;
  readonly l1: number;
  readonly step: number;
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

const { y, cases }: { y: readonly number[]; cases: readonly Case[] } = readGolden("sklearn-sag-softmax.json");

function problemOf({ csr, intercept, l2, l1 }: Case) {
  return { ...rowsOf({ csr }), labels: y, loss: "softmax", intercept, l2, l1 } as const;
}

/** scikit-learn's numbers are those of its own order of summation; ours differ by rounding alone. */
function expectSame(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(Math.abs(actual[k]! - value)).toBeLessThan(2e-14);
  });
}

test("there are three classes and all kinds of cases", () => {
  expect(new Set(y)).toEqual(new Set([0, 1, 2]));
  expect(cases.length).toBe(20);
});

/** scikit-learn takes a hundredth of the step for the intercepts where the rows are sparse. */
const isSlow = ({ csr, intercept }: Case) => csr && intercept;

describe.each(cases.filter((example) => example.l1 === 0 && !isSlow(example)))(
  "csr $csr intercept $intercept saga $saga l2 $l2",
  (example) => {
    test.each(variants)("minimizeSync, %s", (variant) => {
      const result = minimizeSync(problemOf(example), {
        ...replaying(example),
        engine: engines[variant],
      });
      expectSame(result.weights, example.weights);
      expectSame(result.intercept, example.biases);
    });
  },
);

// With an l1 `minimize` counts all rows from the start, scikit-learn those drawn; the model can do both.
describe.each(cases.filter(({ l1 }) => l1 > 0))("csr $csr intercept $intercept saga $saga l2 $l2 l1 $l1", (example) => {
  test.each(variants)("the model, %s", (variant) => {
    const engine = engines[variant];
    const model = placeAny(engine, checkProblem("test", problemOf(example)), true) as MultiModel;
    expect(model).toBeInstanceOf(MultiModel);
    withDraws(engine, model, (order) => {
      model.step("saga", { count: draws.length, order: order, factors: 0, blocks: 0 }, example.step);
      const { weights, intercepts } = model.solution();
      expectSame(weights, example.weights);
      expectSame(intercepts, example.biases);
      expect(weights.filter((w) => w === 0).length).toBe(example.weights.filter((w) => w === 0).length);
    });
  });
});

const SLOWNESS = 0.01;

/** The intercepts' sums of derivatives, from how far a step of the whole size has moved them: b -= step (T / seen + pull dT). */
function sumsFrom(moves: readonly number[], before: readonly number[], step: number, share: number, pull: number) {
  return moves.map((move, k) => (-move / step + pull * before[k]!) / (share + pull));
}

describe.each(cases.filter(isSlow))("csr with intercepts, saga $saga l2 $l2", (example) => {
  test.each(variants)("the model, given back what scikit-learn's intercepts fall short of, %s", (variant) => {
    const engine = engines[variant];
    const model = placeAny(engine, checkProblem("test", problemOf(example)), true) as MultiModel;
    withDraws(engine, model, (order) => {
      const { size } = model.regularizer;
      const seen = new Set<number>();
      let sums = [0, 0, 0];
      for (const [k, row] of draws.entries()) {
        seen.add(row);
        const share = 1 / seen.size;
        const before = model.point().slice(size);
        model.step(methodOf(example), { count: 1, order: order + 4 * k, factors: 0, blocks: 0 }, example.step);
        const point = model.point();
        const moves = Array.from(before, (b, output) => point[size + output]! - b);
        sums = sumsFrom(moves, sums, example.step, share, example.saga ? 1 - share : 0);
        for (const [output, sum] of sums.entries())
          point[size + output]! += (1 - SLOWNESS) * example.step * share * sum;
        model.setPoint(point);
      }
      const { weights, intercepts } = model.solution();
      expectSame(weights, example.weights);
      expectSame(intercepts, example.biases);
    });
  });
});
