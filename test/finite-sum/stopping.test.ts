// Limits of passes and of time, and abortion.

import { describe, expect, test } from "vitest";
import { type MethodName, minimize, minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";
import { evaluate } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;
const methods: readonly MethodName[] = ["sag", "saga", "svrg"];
const rows = makeRows("logistic", 60, 5, 3);
const penalty = { l2: 0.01, intercept: true };
const problem = problemOf(rows, "dense float64", "logistic", penalty);

describe.each(methods)("%s", (method) => {
  test("makes no more passes than it may", () => {
    for (const [allowed, made] of method !== "svrg"
      ? [
          [1, 1],
          [7, 7],
        ]
      : [
          [2, 2],
          [7, 6],
        ]) {
      const result = minimizeSync(problem, { method, passes: allowed!, tolerance: 1e-9, engine });
      expect([result.passes, result.converged]).toEqual([made, false]);
      expect(result.gradientNorm).toBeGreaterThan(1e-9);
    }
  });

  test("makes no more than it needs", () => {
    const { passes } = minimizeSync(problem, { method, passes: 1000, tolerance: 1e-6, engine });
    const exact = minimizeSync(problem, { method, passes, tolerance: 1e-6, engine });
    expect([exact.passes, exact.converged]).toEqual([passes, true]);
    const fewer = minimizeSync(problem, { method, passes: passes - 2, tolerance: 1e-6, engine });
    expect(fewer.converged).toBe(false);
  });

  test("a tolerance of 0 makes all passes", () => {
    const result = minimizeSync(problem, { method, passes: 400, tolerance: 0, engine });
    expect([result.passes, result.converged]).toEqual([400, false]);
    expect(result.gradientNorm).toBeLessThan(1e-14);
  });

  test.each(layouts)("without time it ends at once, with the numbers of where it is, %s", async (layout) => {
    const cut = problemOf(rows, layout, "logistic", penalty);
    const options = { method, maximumSeconds: 0, passes: 1000, tolerance: 0, engine };
    for (const result of [minimizeSync(cut, options), await minimize(cut, options)]) {
      expect(result.converged).toBe(false);
      expect(result.passes).toBeLessThanOrEqual(2);
      const { objective, gradientNorm } = evaluate("logistic", rows, penalty, result);
      const precision = layout.endsWith("float32") ? 1e-6 : 1e-13;
      expect(Math.abs(result.objective - objective)).toBeLessThan(precision);
      expect(Math.abs(result.gradientNorm - gradientNorm)).toBeLessThan(precision);
    }
  });

  test("stops when its time is over", () => {
    const result = minimizeSync(problem, { method, maximumSeconds: 0.05, passes: 1e9, tolerance: 0, engine });
    expect(result.converged).toBe(false);
    expect(result.passes).toBeGreaterThan(2);
    expect(result.seconds).toBeGreaterThan(0.05);
    expect(result.seconds).toBeLessThan(2);
  });

  test("time that isn't used up changes nothing", () => {
    const { seconds: _, ...limited } = minimizeSync(problem, { method, maximumSeconds: 1000, engine });
    const { seconds: __, ...free } = minimizeSync(problem, { method, engine });
    expect(limited).toEqual(free);
  });

  test("a signal that is already aborted stops it before it starts", async () => {
    const reason = new Error("not today");
    const options = { method, signal: AbortSignal.abort(reason), engine, onPass: () => expect.unreachable() };
    await expect(minimize(problem, options)).rejects.toBe(reason);
    expect(() => minimizeSync(problem, options)).toThrow(reason);
  });

  test("a signal stops it in the middle, with the signal's reason", async () => {
    for (const solve of [minimize, async (...all: Parameters<typeof minimize>) => minimizeSync(...all)]) {
      const controller = new AbortController();
      const reason = { because: "enough" };
      const seen: number[] = [];
      const result = solve(problem, {
        method,
        passes: 100,
        tolerance: 0,
        engine,
        signal: controller.signal,
        onPass: ({ passes }) => {
          seen.push(passes);
          if (seen.length === 3) controller.abort(reason);
        },
      });
      await expect(result).rejects.toBe(reason);
      expect(seen).toHaveLength(3);
    }
  });

  test("minimize lets others run, who may abort it", async () => {
    const controller = new AbortController();
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks++;
      if (ticks === 3) controller.abort();
    }, 1);
    const options = { method, passes: 1e9, tolerance: 0, maximumSeconds: 20, engine, signal: controller.signal };
    await expect(minimize(problem, options)).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    clearInterval(ticking);
    expect(ticks).toBe(3);
  });
});
