// `converged` is a promise about the point that is returned, so the test evaluates that point itself, in plain JavaScript.

import { describe, expect, test } from "vitest";
import { type MethodName, type MinimizeResult, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";
import { type LayoutName, layouts, makeRows, problemOf } from "./data.js";
import { evaluate, type PlainLoss, slopeOf } from "./plain.js";

expectMemoryReturned();

/** What rounding leaves between the kernels' sums and the test's, absolutely: values here are about 1. */
const rounding: Record<LayoutName, number> = {
  "dense float32": 1e-6,
  "dense float64": 1e-14,
  "csr float32": 1e-7,
  "csr float64": 1e-14,
};

interface Run {
  readonly tolerance: number;
  readonly passes: number;
  readonly result: MinimizeResult;
  readonly recomputed: { readonly objective: number; readonly gradientNorm: number };
}

/** Runs with random tolerances and limits on random problems. */
function randomRuns(layout: LayoutName, method: MethodName, count: number): Run[] {
  const uniform = uniformNumbers(99);
  return Array.from({ length: count }, (_, k) => {
    const loss: PlainLoss = k % 2 === 0 ? "logistic" : "squared";
    const penalty = { l2: uniform() < 0.2 ? 0 : 10 ** (-3 * uniform()), intercept: uniform() < 0.5 };
    const rows = makeRows(loss, 10 + Math.floor(60 * uniform()), 1 + Math.floor(9 * uniform()), k);
    const tolerance = uniform() < 0.2 ? 0 : 10 ** (-12 * uniform());
    const passes = 2 + Math.floor(40 * uniform());
    const result = minimizeSync(problemOf(rows, layout, loss, penalty), {
      method,
      tolerance,
      passes,
      seed: k,
      engine: engines.strict,
    });
    return { tolerance, passes, result, recomputed: evaluate(loss, rows, penalty, result) };
  });
}

describe.each(
  layouts.flatMap((layout) => (["sag", "saga", "svrg"] as const).map((method) => [layout, method] as const)),
)("%s %s", (layout, method) => {
  const runs = randomRuns(layout, method, 60);

  test("converged says whether the returned gradient is within the tolerance", () => {
    for (const { tolerance, result } of runs) expect(result.converged).toBe(result.gradientNorm <= tolerance);
    const converged = runs.filter(({ result }) => result.converged);
    expect(converged.length).toBeGreaterThan(10);
    expect(runs.length - converged.length).toBeGreaterThan(10);
  });

  test("the norm and the objective are those of the returned point", () => {
    for (const { result, recomputed } of runs) {
      expect(Math.abs(result.gradientNorm - recomputed.gradientNorm)).toBeLessThan(rounding[layout]);
      expect(Math.abs(result.objective - recomputed.objective)).toBeLessThan(rounding[layout]);
    }
  });

  test("a run that did not converge has made all the passes it may", () => {
    const limit = (passes: number) => (method === "svrg" ? passes - (passes % 2) : passes);
    for (const { passes, result } of runs) {
      if (result.converged) expect(result.passes).toBeLessThanOrEqual(limit(passes));
      else expect(result.passes).toBe(limit(passes));
    }
  });
});

describe.each(layouts)("the duality gap without intercept, %s", (layout) => {
  const penalty = { l2: 0.05, intercept: false };

  /** The conjugates of the losses, by hand, at a derivative g. */
  const conjugateOf = {
    squared: (g: number, y: number) => g * (g / 2 + y),
    logistic: (g: number, y: number) => {
      const a = -y * g;
      return a * Math.log(a) + (1 - a) * Math.log(1 - a);
    },
  };

  test.each(["logistic", "squared"] as const)("is F less the dual at the derivatives, %s", (loss) => {
    const rows = makeRows(loss, 40, 6, 5);
    const options = { method: "saga", tolerance: 0, passes: 2, engine: engines.strict } as const;
    const result = minimizeSync(problemOf(rows, layout, loss, penalty), options);
    const predictions = rows.x.map((row) => row.reduce((sum, value, j) => sum + value * result.weights[j]!, 0));
    const slopes = predictions.map((p, i) => slopeOf[loss](p, rows.y[i]!));
    const conjugates = slopes.reduce((sum, g, i) => sum + conjugateOf[loss](g, rows.y[i]!), 0) / rows.x.length;
    const gradient = rows.x[0]!.map((_, j) => rows.x.reduce((sum, row, i) => sum + row[j]! * slopes[i]!, 0) / 40);
    const dual = -conjugates - gradient.reduce((sum, g) => sum + g * g, 0) / (2 * penalty.l2);
    const expected = evaluate(loss, rows, penalty, result).objective - dual;
    expect(expected).toBeGreaterThan(1e-3);
    expect(Math.abs(result.dualityGap! - expected)).toBeLessThan(10 * rounding[layout]);
  });
});
