// When SAG and SAGA take the full gradient. The numbers are worked out by hand.

import { describe, expect, test, vi } from "vitest";
import { CsrModel } from "../../src/finite-sum/csr-model.js";
import { Forecast } from "../../src/finite-sum/forecast.js";
import { minimizeSync } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { uniformNumbers } from "../memory/random.js";
import { problemOf, type Rows } from "./data.js";

expectMemoryReturned();

describe("Forecast", () => {
  test("is halfway between the last two estimates, by factors", () => {
    const forecast = new Forecast();
    expect(forecast.next(16)).toBe(16);
    expect(forecast.next(4)).toBe(8);
    expect(new Forecast(64).next(1)).toBe(8);
  });

  test("counts on half of the factor that it was wrong by, pass after pass, down to 1", () => {
    const forecast = new Forecast(16);
    expect(forecast.next(4)).toBe(8);
    forecast.saw(8 * 6);
    expect([forecast.next(4), forecast.next(4), forecast.next(4), forecast.next(4)]).toEqual([12, 6, 4, 4]);
    forecast.saw(1);
    expect(forecast.next(4)).toBe(4);
  });
});

/** Long rows in nearly one direction, with labels by chance: what a point has of the noise is all in that direction. */
function noisyRows(): Rows {
  const uniform = uniformNumbers(7);
  const x = Array.from({ length: 2000 }, () => Array.from({ length: 6 }, () => 1 + 0.3 * uniform()));
  return { x, y: x.map(() => (uniform() < 0.4 ? 1 : -1)) };
}

test("where noise makes most of the gradient, most passes go without a full gradient", () => {
  const problem = problemOf(noisyRows(), "csr float64", "logistic", { l2: 1 / 2000, intercept: false });
  const evaluate = vi.spyOn(CsrModel.prototype, "evaluate");
  const estimate = vi.spyOn(CsrModel.prototype, "estimateGradientNorm");
  const tolerance = 1e-6;
  const { converged } = minimizeSync(problem, { method: "saga", tolerance, engine: engines.strict });
  const full = evaluate.mock.calls.length;
  const low = estimate.mock.results.filter(({ value }) => value <= tolerance).length;
  vi.restoreAllMocks();
  expect(converged).toBe(true);
  expect(full).toBeLessThan(low / 2);
});
