// Against scikit-learn's compiled SAG and SAGA solver on the softmax loss, fed with the rows that it drew: the data and the draws
// of ../golden/sklearn-sag.json, the end points of ../golden/sklearn-sag-softmax.json.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { csr, minimizeSync, type Sampler } from "../../src/finite-sum/index.js";
import { MultiModel } from "../../src/finite-sum/multi-model.js";
import { placeAny } from "../../src/finite-sum/place.js";
import { checkProblem } from "../../src/finite-sum/problem.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";

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

interface Shared {
  readonly n: number;
  readonly d: number;
  readonly epochs: number;
  readonly X: readonly (readonly number[])[];
  readonly draws: readonly number[];
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));
const { n, d, epochs, X, draws }: Shared = read("sklearn-sag.json");
const { y, cases }: { y: readonly number[]; cases: readonly Case[] } = read("sklearn-sag-softmax.json");

function sparse() {
  const entries = X.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const offsets = [0];
  for (const row of entries) offsets.push(offsets.at(-1)! + row.length);
  return csr({
    values: Float64Array.from(entries.flat(), ({ value }) => value),
    indices: entries.flat().map(({ column }) => column),
    offsets,
    columns: d,
  });
}

function problemOf({ csr, intercept, l2, l1 }: Case) {
  const shape = csr ? { features: sparse() } : { features: Float64Array.from(X.flat()), rows: n, columns: d };
  return { ...shape, labels: y, loss: "softmax", intercept, l2, l1 } as const;
}

const order: Sampler = (rows, pass) => rows.set(draws.slice(pass * n, (pass + 1) * n));

/** scikit-learn's numbers are those of its own order of summation; ours differ by rounding alone. */
function expectSame(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(Math.abs(actual[k]! - value)).toBeLessThan(2e-14);
  });
}

const methodOf = ({ saga }: Case) => (saga ? "saga" : "sag");

test("there are three classes and all kinds of cases", () => {
  expect(new Set(y)).toEqual(new Set([0, 1, 2]));
  expect(cases.length).toBe(16);
});

describe.each(cases.filter(({ l1 }) => l1 === 0))("csr $csr intercept $intercept saga $saga l2 $l2", (example) => {
  test.each(variants)("minimizeSync, %s", (variant) => {
    const result = minimizeSync(problemOf(example), {
      method: methodOf(example),
      engine: engines[variant],
      order,
      stepSize: example.step,
      passes: epochs,
      tolerance: 0,
    });
    expectSame(result.weights, example.weights);
    expectSame(result.intercept, example.biases);
  });
});

// With an l1 `minimize` counts all rows from the start, scikit-learn those drawn; the model can do both.
describe.each(cases.filter(({ l1 }) => l1 > 0))("csr $csr intercept $intercept saga $saga l2 $l2 l1 $l1", (example) => {
  test.each(variants)("the model, %s", (variant) => {
    const engine = engines[variant];
    const model = placeAny(engine, checkProblem("test", problemOf(example)), true) as MultiModel;
    expect(model).toBeInstanceOf(MultiModel);
    const list = engine.allocate(model, 4 * draws.length);
    try {
      new Int32Array(engine.memory.buffer, list.pointer, draws.length).set(draws);
      model.step("saga", { count: draws.length, order: list.pointer, factors: 0 }, example.step);
      const { weights, intercepts } = model.solution();
      expectSame(weights, example.weights);
      expectSame(intercepts, example.biases);
      expect(weights.filter((w) => w === 0).length).toBe(example.weights.filter((w) => w === 0).length);
    } finally {
      list.dispose();
      model.dispose();
    }
  });
});
