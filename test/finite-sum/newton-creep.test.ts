// Problems of which the sampled rows hardly tell the Hessian, or of which the Hessian hardly tells a step: passes of Newton's method.
// The minimum is from L-BFGS, which takes no Hessian, at a gradient of 1e-12 or as near as its values let it come.

import { describe, expect, test } from "vitest";
import { csr, iterate, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import { Damping } from "../../src/finite-sum/methods/damping.js";
import type { Oracle } from "../../src/finite-sum/oracle.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";

expectMemoryReturned();

const engine = engines.strict;

/** Of so many rows a fifth is taken at first. */
const ROWS = 12_000;

/** The least objective. */
function minimumOf(problem: Problem): number {
  return minimizeSync(problem, { method: "lbfgs", tolerance: 1e-10, passes: 3000, engine }).objective;
}

/** Passes until the objective is within a millionth of the minimum. */
function passesOf(problem: Problem, minimum = minimumOf(problem)): number {
  for (const report of iterate(problem, { method: "newton", tolerance: 0, passes: 300, engine })) {
    if (report.objective - minimum <= 1e-6 * minimum) return report.passes;
  }
  return Number.POSITIVE_INFINITY;
}

/** Labels from the logistic model with these margins. */
function drawLabels(margins: ArrayLike<number>, seed: number): Float64Array {
  const uniform = uniformNumbers(seed);
  return Float64Array.from(margins, (margin) => (uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : -1));
}

/**
 * Normal columns of which every row has half, and 1000 columns more, each in three rows: a sample has most of those not at all.
 * All numbers are float32.
 */
function rareColumns(size: number) {
  const common = 20;
  const columns = common + 1000;
  const uniform = uniformNumbers(5);
  const normal = normalNumbers(6);
  const truth = Float64Array.from({ length: columns }, normal);
  const rows = Array.from({ length: ROWS }, () => new Map<number, number>());
  for (const row of rows) for (let j = 0; j < common; j++) if (uniform() < 0.5) row.set(j, normal());
  for (let j = common; j < columns; j++) {
    for (let k = 0; k < 3; k++) rows[Math.floor(uniform() * ROWS)]!.set(j, size * (0.5 + uniform()));
  }
  const values = Float32Array.from(rows.flatMap((row) => [...row.values()]));
  const indices = Int32Array.from(rows.flatMap((row) => [...row.keys()]));
  const offsets = new Int32Array(ROWS + 1);
  for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i]! + row.size;
  const margins = rows.map((row) => [...row].reduce((sum, [j, value]) => sum + truth[j]! * value, 0));
  const features = (array: Float32ArrayConstructor | Float64ArrayConstructor) =>
    csr({ values: array.from(values), indices, offsets, columns });
  return { features, labels: drawLabels(margins, 7) };
}

/** Normal entries about what each column has as its mean. */
function denseRows(columns: number, means: (column: number) => number, seed: number) {
  const normal = normalNumbers(seed);
  const truth = Float64Array.from({ length: columns }, normal);
  const features = new Float64Array(ROWS * columns);
  const margins = new Float64Array(ROWS);
  for (let i = 0, k = 0; i < ROWS; i++) {
    for (let j = 0; j < columns; j++, k++) {
      features[k] = normal() + means(j);
      margins[i]! += (features[k]! * truth[j]!) / columns;
    }
  }
  return { features, columns, labels: drawLabels(margins, seed + 1), margins };
}

// In brackets what it takes where steps are cut by the line search alone.
describe("columns that few rows have", () => {
  test.each([
    ["logistic", 1e-2, 10, 75], // (more than 300)
    ["logistic", 1e-4, 1, 80], // (more than 300)
    ["huber", 1e-1, 10, 45], // (more than 300)
    ["squared", 1e-2, 10, 35], // (50)
  ] as const)("%s, l2 = %f / n, entries of about %i", (loss, share, size, bound) => {
    const { features, labels } = rareColumns(size);
    const problem = { labels, loss, l2: share / ROWS, intercept: false };
    const minimum = minimumOf({ ...problem, features: features(Float64Array) });
    for (const array of [Float64Array, Float32Array]) {
      expect(passesOf({ ...problem, features: features(array) }, minimum)).toBeLessThan(bound);
    }
  });
});

test("one pass more than is allowed at most where the sample's step is taken back, and never a higher objective", () => {
  const { features, labels } = rareColumns(10);
  const problem = { features: features(Float64Array), labels, loss: "logistic", l2: 1e-2 / ROWS } as const;
  for (const passes of [3, 4, 5, 6, 7, 12]) {
    const result = minimizeSync(problem, { method: "newton", tolerance: 0, passes, engine });
    expect(result.passes).toBeGreaterThanOrEqual(passes);
    expect(result.passes).toBeLessThanOrEqual(passes + 1);
    expect(result.objective).toBeLessThanOrEqual(Math.LN2);
  }
});

test("columns far from 0, whose equations take exact solutions", () => {
  const { features, labels, columns } = denseRows(30, (j) => 5 + j, 8);
  // (176)
  expect(passesOf({ features, columns, labels, loss: "logistic", l2: 1 / ROWS })).toBeLessThan(100);
});

test("classes that a plane parts, with next to no l2", () => {
  const { features, margins, columns } = denseRows(30, () => 0, 7);
  const labels = margins.map((margin) => (margin > 0 ? 1 : -1));
  // (more than 300)
  const problem = { features, columns, labels, loss: "logistic", l2: 1e-4 / ROWS, intercept: false } as const;
  expect(passesOf(problem)).toBeLessThan(200);
});

test("most rows without weight", () => {
  const uniform = uniformNumbers(2);
  const { features, labels, columns } = denseRows(30, () => 0, 8);
  const sampleWeights = Float64Array.from(labels, () => (uniform() < 0.99 ? 0 : 1));
  const problem = {
    features,
    columns,
    labels,
    sampleWeights,
    loss: "logistic",
    l2: 1 / ROWS,
    intercept: false,
  } as const;
  // (48)
  expect(passesOf(problem)).toBeLessThan(40);
});

test("damping is a share of the bounds, more of it after poor steps, less and then none after good ones", () => {
  const damping = new Damping({ inverseCurvatures: () => Float64Array.of(1 / 2, 1 / 8) } as unknown as Oracle);
  const added = () => {
    const product = Float64Array.of(1, 1);
    damping.addProduct(Float64Array.of(3, 5), product);
    return [...product];
  };
  const shared = (share: number) => [1 + share * 2 * 3, 1 + share * 8 * 5];
  expect(added()).toEqual([1, 1]);
  for (const [agreement, share] of [
    [0.2, 0.001],
    [-3, 0.004],
    [Number.NaN, 0.016],
    [0.5, 0.016],
    [0.8, 0.004],
    [2, 0.001],
    [1, 0],
    [1, 0],
  ] as const) {
    damping.adapt(agreement);
    expect(added()).toEqual(shared(share));
  }
});
