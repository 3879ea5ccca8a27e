// Both methods in every layout, dtype and variant against the minimum found by Newton's method in ./plain.ts.

import { describe, expect, test } from "vitest";
import { type MethodName, minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";
import { distance, minimumOf, type PlainLoss } from "./plain.js";

expectMemoryReturned();

const losses: readonly PlainLoss[] = ["logistic", "squared"];
const methods: readonly MethodName[] = ["sag", "saga", "svrg"];

/** The last certificate that rounding lets a dtype reach, and how near to the minimum that is here. */
const reach = {
  "dense float32": { tolerance: 4e-6, near: 4e-5 },
  "dense float64": { tolerance: 1e-11, near: 1e-10 },
  "csr float32": { tolerance: 1e-7, near: 1e-6 },
  "csr float64": { tolerance: 1e-11, near: 1e-10 },
};

const cases = losses.flatMap((loss) =>
  methods.flatMap((method) =>
    layouts.flatMap((layout) => [true, false].map((intercept) => ({ loss, method, layout, intercept }))),
  ),
);

describe.each(cases)("$loss $method $layout intercept $intercept", ({ loss, method, layout, intercept }) => {
  const rows = makeRows(loss, 90, 11, 5);
  const penalty = { l2: 0.05, intercept };
  const problem = problemOf(rows, layout, loss, penalty);
  const minimum = minimumOf(loss, rows, penalty);
  const { tolerance, near } = reach[layout];

  test.each(variants)("%s", (variant) => {
    const result = minimizeSync(problem, { method, tolerance, passes: 2000, engine: engines[variant] });
    expect(result.converged).toBe(true);
    expect(result.passes).toBeLessThan(2000);
    expect(distance(result, minimum)).toBeLessThan(near);
    if (!intercept) expect(result.intercept).toBe(0);
  });
});

describe.each(methods)("%s on more rows than a kernel call takes", (method) => {
  const rows = makeRows("logistic", 5000, 4, 8);
  const penalty = { l2: 0.01, intercept: true };
  const problem = problemOf(rows, "dense float64", "logistic", penalty);
  const options = { method, tolerance: 1e-11, engine: engines.strict } as const;

  test("reaches the minimum", () => {
    const result = minimizeSync(problem, options);
    expect(result.converged).toBe(true);
    expect(distance(result, minimumOf("logistic", rows, penalty))).toBeLessThan(1e-9);
  });

  test("minimize and minimizeSync agree to the bit", async () => {
    const { seconds: _, ...awaited } = await minimize(problem, options);
    const { seconds: __, ...direct } = minimizeSync(problem, options);
    expect(awaited).toEqual(direct);
  });
});

test("the default engine is taken where none is given", () => {
  const rows = makeRows("squared", 20, 3, 1);
  const result = minimizeSync(problemOf(rows, "dense float64", "squared", { l2: 0.1 }), {
    tolerance: 1e-10,
    passes: 1000,
  });
  expect(distance(result, minimumOf("squared", rows, { l2: 0.1, intercept: true }))).toBeLessThan(1e-8);
});

test("l2 is 1 / n, the loss has an intercept, and the method is chosen, unless something else is said", () => {
  const rows = makeRows("squared", 25, 3, 2);
  const options = { tolerance: 1e-9, passes: 1000, engine: engines.strict };
  const bare = minimizeSync(problemOf(rows, "dense float64", "squared"), options);
  const spelled = minimizeSync(problemOf(rows, "dense float64", "squared", { l2: 1 / 25, intercept: true }), {
    ...options,
    method: bare.method,
    seed: 0,
  });
  expect(bare.weights).toEqual(spelled.weights);
  expect(bare.intercept).toBe(spelled.intercept);
  expect([bare.method, bare.reason]).toEqual(["lbfgs", "25 rows are few: full gradients cost next to nothing"]);
  expect(spelled.reason).toBe("asked for");
});
