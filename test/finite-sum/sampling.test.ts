// Every way to draw rows leaves the estimate of the gradient unbiased: by enumeration of the probabilities of all rows.

import { describe, expect, test } from "vitest";
import { AliasTable } from "../../src/finite-sum/alias.js";
import {
  csr,
  type MinimizeOptions,
  minimizeSync,
  type Problem,
  type SamplingName,
} from "../../src/finite-sum/index.js";
import { blocks, inOrder, mixed, permutation, randomBits, uniform } from "../../src/finite-sum/sampling.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { normalNumbers, uniformNumbers } from "../memory/random.js";
import { makeRows, problemOf } from "./data.js";
import { distance, minimumOf } from "./plain.js";

expectMemoryReturned();

const spreads: Record<string, (n: number) => Float64Array> = {
  "all alike": (n) => new Float64Array(n).fill(3),
  "over nine decades": (n) => Float64Array.from({ length: n }, (_, k) => 10 ** (9 * (k / n) - 4)),
  "one that has nearly all": (n) => Float64Array.from({ length: n }, (_, k) => (k === 2 % n ? 1e12 : 1)),
  "many that have none": (n) => Float64Array.from({ length: n }, (_, k) => (k % 3 === 0 ? k + 1 : 0)),
};

describe.each(Object.entries(spreads))("masses %s", (_, spread) => {
  test.each([1, 2, 3, 7, 100])("the alias table of %d draws in proportion to them", (n) => {
    const masses = spread(n);
    const sum = masses.reduce((total, mass) => total + mass, 0);
    const table = new AliasTable(masses);
    masses.forEach((mass, k) => {
      expect(Math.abs(table.probability(k) - mass / sum)).toBeLessThan(1e-14);
    });
  });

  test("draws by the masses and by chance, weighed by their importance, give the mean gradient", () => {
    const n = 50;
    const masses = spread(n);
    const sum = masses.reduce((total, mass) => total + mass, 0);
    const normal = normalNumbers(3);
    const gradients = Array.from({ length: n }, () => [normal(), 100 * normal()]);
    const { sampler, importance } = mixed(randomBits(1), masses);
    for (const j of [0, 1]) {
      const expected = gradients.reduce((total, g) => total + g[j]! / n, 0);
      // Half uniform, half by mass.
      const estimate = gradients.reduce(
        (total, g, i) => total + (0.5 / n + (0.5 * masses[i]!) / sum) * importance[i]! * g[j]!,
        0,
      );
      expect(Math.abs(estimate - expected)).toBeLessThan(1e-12);
    }
    const counts = new Float64Array(n);
    const order = new Int32Array(n);
    const passes = 4000;
    for (let pass = 0; pass < passes; pass++) {
      sampler(order, pass);
      for (const i of order) counts[i]! += 1;
    }
    // Five standard deviations.
    counts.forEach((count, i) => {
      const mean = passes * n * (0.5 / n + (0.5 * masses[i]!) / sum);
      expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
    });
  });
});

test.each([
  ["permutation", permutation(randomBits(4))],
  ["blocks, eight open", blocks(randomBits(4), 32, 8)],
  ["blocks, one open", blocks(randomBits(4), 16, 1)],
  ["blocks of one row", blocks(randomBits(4), 1, 3)],
  ["inOrder", inOrder],
] as const)("%s draws every row once a pass, so that a pass has the mean gradient", (_, sampler) => {
  for (const n of [1, 2, 9, 300]) {
    const order = new Int32Array(n).fill(-1);
    sampler(order, 0);
    expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()]);
  }
});

describe.each([
  [32, 8],
  [16, 1],
  [5, 3],
])("blocks of %d, %d open", (size, open) => {
  const n = 1003;

  test("each go from their first row to their last, and no more of them are open at a time", () => {
    const order = new Int32Array(n);
    const sampler = blocks(randomBits(3), size, open);
    for (let pass = 0; pass < 5; pass++) {
      sampler(order, pass);
      const next = new Map<number, number>();
      for (const row of order) {
        const block = Math.floor(row / size);
        expect(row).toBe(next.get(block) ?? block * size);
        next.set(block, row + 1);
        if (row + 1 === Math.min(n, (block + 1) * size)) next.delete(block);
        expect(next.size).toBeLessThanOrEqual(open);
      }
    }
  });

  test("begin alike often, and a pass is not the one before", () => {
    const count = Math.ceil(n / size);
    const counts = new Array<number>(count).fill(0);
    const sampler = blocks(randomBits(8), size, open);
    const order = new Int32Array(n);
    const passes = 40 * count;
    let before = order.slice();
    for (let pass = 0; pass < passes; pass++) {
      sampler(order, pass);
      expect(order).not.toEqual(before);
      before = order.slice();
      counts[Math.floor(order[0]! / size)]! += 1;
    }
    // Five standard deviations of a count whose mean is 40.
    for (const times of counts) expect(Math.abs(times - 40)).toBeLessThan(5 * Math.sqrt(40));
  });
});

describe("blocks by default", () => {
  const draws = (rows: number, columns: number, others: Partial<Problem>, options: MinimizeOptions) => {
    const uniform = uniformNumbers(4);
    const perRow = 40;
    const values = Float64Array.from({ length: rows * perRow }, () => uniform() + 0.5);
    // Each in a stretch of columns of its own.
    const wide = columns / perRow;
    const indices = Int32Array.from(values, (_, k) => Math.floor(((k % perRow) + uniform()) * wide));
    const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => perRow * i);
    const features = csr({ values, indices, offsets, columns });
    const labels = Array.from({ length: rows }, () => (uniform() < 0.5 ? -1 : 1));
    const problem = { features, labels, loss: "logistic", l2: 0.05, intercept: false, ...others } as Problem;
    return minimizeSync(problem, { passes: 2, tolerance: 0, engine: engines.strict, ...options }).weights;
  };
  const [LARGE, SMALL] = [3400, 3200];

  test.each([
    ["sdca on large sparse rows that have little in common", LARGE, 20_000, {}, "sdca", "blocks"],
    ["not on fewer rows", SMALL, 20_000, {}, "sdca", "permuted"],
    ["not on rows that have all columns in common", LARGE, 40, {}, "sdca", "permuted"],
    ["not where they pull at each other", LARGE, 20_000, { l2: 1e-5 }, "sdca", "permuted"],
    ["not of losses with corners", LARGE, 20_000, { loss: "hinge" }, "sdca", "permuted"],
    ["not by saga", LARGE, 20_000, {}, "saga", "permuted"],
    ["not by finito", LARGE, 20_000, {}, "finito", "permuted"],
  ] as const)("%s", (_, rows, columns, others, method, sampling) => {
    const other = sampling === "blocks" ? "permuted" : "blocks";
    const standard = draws(rows, columns, others, { method });
    expect(standard).toEqual(draws(rows, columns, others, { method, sampling }));
    // Rows in common are asked for in blocks of which eight are open, and for that they are too few here.
    if (columns === 20_000 && !("l2" in others) && !("loss" in others))
      expect(standard).not.toEqual(draws(rows, columns, others, { method, sampling: other }));
  });

  test("asked for, fewer blocks than make a draw are permutations", () => {
    const problem = problemOf(makeRows("logistic", 200, 5, 2), "csr float64", "logistic", { l2: 1 });
    const solve = (sampling: SamplingName, seed: number) =>
      minimizeSync(problem, { method: "saga", sampling, seed, passes: 2, tolerance: 0, engine: engines.strict })
        .weights;
    expect(solve("blocks", 1)).toEqual(solve("permuted", 1));
    expect(solve("blocks", 1)).not.toEqual(solve("blocks", 2));
  });
});

// Blocks of rows that are alike, of which eight are open; on rows of few columns in common one is.
describe("rows sorted by label and by a margin", () => {
  const mixed = makeRows("logistic", 4200, 4, 12);
  const order = mixed.y.map((_, i) => i).sort((a, b) => mixed.y[a]! - mixed.y[b]! || mixed.x[a]![0]! - mixed.x[b]![0]!);
  const sorted = { x: order.map((i) => mixed.x[i]!), y: order.map((i) => mixed.y[i]!) };

  test.each(
    (["saga", "sdca", "finito"] as const).flatMap((method) =>
      ([0.001, 3] as const).flatMap((l2) =>
        (["dense float64", "csr float64"] as const).map((layout) => [method, l2, layout] as const),
      ),
    ),
  )("%s goes to the minimum by blocks, l2 %d, %s", (method, l2, layout) => {
    const penalty = { l2, intercept: true };
    const minimum = minimumOf("logistic", sorted, penalty);
    const blocked = minimizeSync(problemOf(sorted, layout, "logistic", penalty), {
      method,
      sampling: "blocks",
      tolerance: 1e-6,
      passes: 2000,
      engine: engines.strict,
    });
    expect(blocked.converged).toBe(true);
    expect(distance(blocked, minimum)).toBeLessThan(1e-4);
  });
});

test("uniform draws every row with the same probability, to the bit of the generator", () => {
  // Of 2^32 numbers each of n rows gets 2^32 / n, or one more: the greatest number gives the last row.
  for (const n of [1, 3, 7, 1000]) {
    const order = new Int32Array(n);
    for (const [row, first] of [0, 1, Math.floor(n / 2), n - 1].map(
      (k) => [k, Math.ceil((k * 2 ** 32) / n)] as const,
    )) {
      if (row >= n) continue;
      uniform(Object.assign(() => first, randomBits(0)))(order, 0);
      expect(order[0]).toBe(row);
    }
    uniform(Object.assign(() => 2 ** 32 - 1, randomBits(0)))(order, 0);
    expect(order[0]).toBe(n - 1);
  }
});

// SGD has nothing that would make up for a bias: drawn by length without being weighed, rows would move the minimum far.
test.each(["dense float64", "csr float64"] as const)(
  "sgd by the lengths of the rows goes to the same minimum, %s",
  (layout) => {
    const scale = uniformNumbers(8);
    const rows = makeRows("squared", 400, 4, 6);
    const uneven = { ...rows, x: rows.x.map((row) => row.map((value) => value * 10 ** (2 * scale() - 1.5))) };
    const penalty = { l2: 0.3, intercept: true };
    const minimum = minimumOf("squared", uneven, penalty);
    const near = (sampling: "lipschitz" | "uniform") => {
      const options = { method: "sgd", sampling, passes: 2000, tolerance: 0, engine: engines.strict } as const;
      return distance(minimizeSync(problemOf(uneven, layout, "squared", penalty), options), minimum);
    };
    expect(near("lipschitz")).toBeLessThan(0.02);
    // Rows as often as they are long: another problem.
    const norms = uneven.x.map((row) => row.reduce((sum, v) => sum + v * v, 1));
    const mean = norms.reduce((sum, v) => sum + v, 0) / norms.length;
    const weights = norms.map((v) => 0.5 + (0.5 * v) / mean);
    const biased = minimizeSync(
      { ...problemOf(uneven, layout, "squared", penalty), sampleWeights: weights },
      { method: "lbfgs", tolerance: 1e-10, engine: engines.strict },
    );
    expect(distance(biased, minimum)).toBeGreaterThan(0.05);
  },
);
