import { describe, expect, test } from "vitest";
import { type MethodName, type MinimizeOptions, minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { permutation, randomBits, uniform } from "../../src/finite-sum/sampling.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";

expectMemoryReturned();

const methods: readonly MethodName[] = ["sag", "saga", "svrg"];
const rows = makeRows("logistic", 60, 5, 3);

describe.each(methods.flatMap((method) => layouts.map((layout) => [method, layout] as const)))(
  "%s %s",
  (method, layout) => {
    const problem = problemOf(rows, layout, "logistic", { l2: 0.01 });
    const solve = (options: MinimizeOptions) => {
      const { seconds: _, ...result } = minimizeSync(problem, { method, passes: 6, tolerance: 0, ...options });
      return result;
    };

    test.each(variants)("the same seed gives the same bits, another seed others, %s", (variant) => {
      const engine = engines[variant];
      const first = solve({ seed: 42, engine });
      expect(solve({ seed: 42, engine })).toEqual(first);
      expect(solve({ seed: 43, engine }).weights).not.toEqual(first.weights);
      expect(solve({ seed: -42, engine }).weights).not.toEqual(first.weights);
    });

    test("no seed is seed 0", () => {
      const engine = engines.strict;
      expect(solve({ engine })).toEqual(solve({ seed: 0, engine }));
    });

    test("two runs at a time don't disturb each other", async () => {
      const options = { method, passes: 10, tolerance: 0, engine: engines.strict, onPass: () => Promise.resolve() };
      const both = await Promise.all([
        minimize(problem, { ...options, seed: 1 }),
        minimize(problem, { ...options, seed: 2 }),
      ]);
      const alone = [minimizeSync(problem, { ...options, seed: 1 }), minimizeSync(problem, { ...options, seed: 2 })];
      expect(both.map(({ weights }) => weights)).toEqual(alone.map(({ weights }) => weights));
    });
  },
);

describe("draws", () => {
  test("permutations have every row once, and differ from pass to pass", () => {
    const sampler = permutation(randomBits(1));
    const [first, second] = [new Int32Array(100), new Int32Array(100)];
    sampler(first, 0);
    sampler(second, 1);
    for (const order of [first, second]) expect([...order].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(Int32Array.from(Array(100).keys()));
  });

  test("every permutation of three is as likely as every other", () => {
    const sampler = permutation(randomBits(5));
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const order = new Int32Array(3);
      sampler(order, k);
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Chi-squared with 5 degrees of freedom: above 20.5 once in a thousand.
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(20.5);
  });

  test("draws with replacement hit every row alike", () => {
    const n = 50;
    const sampler = uniform(randomBits(9));
    const counts = new Array<number>(n).fill(0);
    for (let pass = 0; pass < 1000; pass++) {
      const order = new Int32Array(n);
      sampler(order, pass);
      for (const row of order) counts[row]!++;
    }
    // 49 degrees of freedom: above 85.4 once in a thousand.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(85.4);
    expect(chiSquared).toBeGreaterThan(20);
  });
});

describe("the order hook", () => {
  test("is asked once a pass, with the number of the pass and room for every row", () => {
    const asked: [number, number][] = [];
    const order = (rows: Int32Array, pass: number) => {
      asked.push([rows.length, pass]);
      for (let k = 0; k < rows.length; k++) rows[k] = k;
    };
    const problem = problemOf(rows, "dense float64", "logistic");
    minimizeSync(problem, { method: "sag", passes: 3, tolerance: 0, stepSize: 1e-3, order, engine: engines.strict });
    expect(asked).toEqual([
      [60, 0],
      [60, 1],
      [60, 2],
    ]);
    asked.length = 0;
    minimizeSync(problem, { method: "svrg", passes: 5, tolerance: 0, order, engine: engines.strict });
    expect(asked).toEqual([
      [60, 0],
      [60, 1],
    ]);
  });

  test("replays a seeded run", () => {
    for (const method of methods) {
      const bits = randomBits(17);
      const order = method === "sag" ? uniform(bits) : permutation(bits);
      const problem = problemOf(rows, "dense float64", "logistic");
      const options = { method, passes: 6, tolerance: 0, engine: engines.strict };
      expect(minimizeSync(problem, { ...options, order }).weights).toEqual(
        minimizeSync(problem, { ...options, seed: 17 }).weights,
      );
    }
  });

  test("a run that draws one row alone knows that it has not converged", () => {
    const order = (rows: Int32Array) => rows.fill(7);
    const problem = problemOf(rows, "dense float64", "logistic", { l2: 0.1 });
    const result = minimizeSync(problem, { method: "sag", passes: 40, tolerance: 1e-6, order, engine: engines.strict });
    expect(result.converged).toBe(false);
    expect(result.gradientNorm).toBeGreaterThan(0.01);
    expect(result.passes).toBe(40);
  });
});
