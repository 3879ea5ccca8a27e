import { describe, expect, test } from "vitest";
import {
  type MethodName,
  type MinimizeOptions,
  minimize,
  minimizeSync,
  type PassReport,
} from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { layouts, makeRows, problemOf } from "./data.js";
import { evaluate, type PlainLoss } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;
const methods: readonly MethodName[] = ["sag", "saga", "svrg"];
const loss: PlainLoss = "logistic";
const rows = makeRows(loss, 60, 5, 3);
const penalty = { l2: 0.05, intercept: true };

describe.each(methods.flatMap((method) => layouts.map((layout) => [method, layout] as const)))(
  "%s %s",
  (method, layout) => {
    const problem = problemOf(rows, layout, loss, penalty);
    const solve = (options: MinimizeOptions = {}) => {
      const { seconds: _, ...result } = minimizeSync(problem, {
        method,
        passes: 30,
        tolerance: 1e-5,
        engine,
        ...options,
      });
      return result;
    };

    test("there is one report a pass, or two passes for svrg, in order", () => {
      const passes: number[] = [];
      const result = solve({ onPass: (report) => passes.push(report.passes) });
      const stride = method === "svrg" ? 2 : 1;
      expect(passes).toEqual(Array.from({ length: result.passes / stride }, (_, k) => (k + 1) * stride));
      expect(passes.length).toBeGreaterThan(2);
    });

    test("a report says where the weights stand", () => {
      const precision = layout.endsWith("float32") ? 1e-6 : 1e-13;
      const objectives: number[] = [];
      solve({
        onPass: (report) => {
          const { objective, gradientNorm } = evaluate(loss, rows, penalty, {
            weights: report.weights(),
            intercept: report.intercept,
          });
          expect(Math.abs(report.objective - objective)).toBeLessThan(precision);
          // SVRG reports the gradient itself, SAG what its table has of it.
          if (method === "svrg") expect(Math.abs(report.gradientNorm - gradientNorm)).toBeLessThan(precision);
          else expect(Math.abs(report.gradientNorm - gradientNorm)).toBeLessThan(0.2);
          objectives.push(objective);
        },
      });
      expect(objectives.at(-1)).toBeLessThan(objectives[0]!);
    });

    test("looking changes nothing, to the bit", () => {
      const unseen = solve();
      const looked = solve({
        onPass: (report) => {
          expect(report.objective).toBe(report.objective);
          report.weights().fill(1e9);
          expect(report.weights()).not.toContain(1e9);
          expect(report.seconds).toBeGreaterThanOrEqual(0);
        },
      });
      expect(looked).toEqual(unseen);
    });

    test("weights are copies, which outlive the run", () => {
      const kept: Float64Array[] = [];
      const result = solve({ onPass: (report) => kept.push(report.weights()) });
      expect(kept[0]).not.toEqual(kept[1]);
      expect(kept.at(-1)).toEqual(result.weights);
    });

    test("a report is out of date once onPass has returned, and says so", () => {
      const stale = "minimize: the objective and the weights of a report can be read within onPass only";
      let last: PassReport | undefined;
      solve({
        onPass: (report) => {
          if (last !== undefined) expect(() => last!.weights()).toThrow(stale);
          last = report;
        },
      });
      expect(() => last!.objective).toThrow(new Error(stale));
      expect(() => last!.weights()).toThrow(new Error(stale));
      expect(last!.passes).toBeGreaterThan(0);
    });

    test("minimize waits for an asynchronous onPass, in which the report stays readable", async () => {
      let running = 0;
      const result = await minimize(problem, {
        method,
        passes: 6,
        tolerance: 0,
        engine,
        onPass: async (report) => {
          running++;
          await new Promise((resolve) => setTimeout(resolve, 1));
          expect(running).toBe(1);
          expect(report.weights()).toHaveLength(5);
          expect(Number.isFinite(report.objective)).toBe(true);
          running--;
        },
      });
      const { seconds: _, ...awaited } = result;
      expect(awaited).toEqual(solve({ passes: 6, tolerance: 0 }));
    });

    test("time spent in onPass is not counted", async () => {
      let inside = 0;
      const onPass = async () => {
        const since = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside += performance.now() - since;
      };
      const since = performance.now();
      const { seconds } = await minimize(problem, { method, passes: 6, tolerance: 0, engine, onPass });
      const all = performance.now() - since;
      expect(inside).toBeGreaterThan(25);
      expect(seconds).toBeGreaterThan(0);
      expect(1000 * seconds).toBeLessThanOrEqual(all - inside);
    });
  },
);

describe("an error in onPass", () => {
  const failure = new Error("enough");
  const problem = problemOf(rows, "dense float32", loss, penalty);

  test("ends minimizeSync", () => {
    const onPass = (report: PassReport) => {
      if (report.passes === 2) throw failure;
    };
    expect(() => minimizeSync(problem, { tolerance: 0, engine, onPass })).toThrow(failure);
  });

  test("or the rejection of its promise ends minimize", async () => {
    const onPass = () => Promise.reject(failure);
    await expect(minimize(problem, { tolerance: 0, engine, onPass })).rejects.toBe(failure);
  });
});
