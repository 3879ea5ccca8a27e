// When "auto" takes the dual: rows of one norm, no more ill-conditioned than there are rows, without an intercept.

import { describe, expect, test } from "vitest";
import { type MinimizeOptions, minimizeSync, type Problem } from "../../src/finite-sum/index.js";
import { engines, expectMemoryReturned } from "../memory/engines.js";
import { type LayoutName, makeRows, problemOf } from "./data.js";
import { evaluate } from "./plain.js";

expectMemoryReturned();

const engine = engines.strict;

const { x, y } = makeRows("logistic", 1200, 80, 3);
const ofNorm1 = { x: x.map((row) => row.map((value) => value / Math.hypot(...row))), y };

/** Of curvature 1/4 and norm 1, so that l2 n = 1/4 is the least that counts as easy. */
const easy = { l2: 1 / x.length, intercept: false };

function solve(terms: Partial<Problem> = {}, options: MinimizeOptions = {}, layout: LayoutName = "csr float64") {
  return minimizeSync(problemOf(ofNorm1, layout, "logistic", { ...easy, ...terms }), { engine, ...options });
}

describe("auto takes sdca", () => {
  test.each(["csr float64", "csr float32"] as const)("on easy sparse rows of one norm, %s", (layout) => {
    const result = solve({}, { tolerance: 1e-5 }, layout);
    expect(result).toMatchObject({
      method: "sdca",
      reason: "sparse rows of similar norms, and more of them than the condition number",
      converged: true,
    });
    expect(evaluate("logistic", ofNorm1, easy, result).gradientNorm).toBeLessThan(1.01e-5);
  });

  test("and goes on with it from its own state, under another penalty too", () => {
    const { state } = solve({ l2: 2 * easy.l2 });
    expect(state.method).toBe("sdca");
    expect(solve({}, { start: state })).toMatchObject({ method: "sdca", converged: true });
  });

  test.each<[string, Partial<Problem>, MinimizeOptions?, LayoutName?]>([
    ["with an intercept", { intercept: true }],
    ["of a condition number above n", { l2: easy.l2 / 5 }],
    ["with an l1", { l1: 1e-5 }],
    ["with a penalty", { penalty: { kind: "l2Ball", radius: 1 } }],
    ["of another loss", { loss: "squared" }],
    ["of dense rows", {}, {}, "dense float64"],
    ["from given weights", {}, { start: { weights: new Float64Array(80) } }],
    ["with a step", {}, { stepSize: 0.5 }],
    ["with a line search", {}, { lineSearch: true }],
    ["with draws by length", {}, { sampling: "lipschitz" }],
  ])("but not for problems %s", (_, terms, options, layout) => {
    const { method, converged } = solve(terms, options, layout);
    expect(method).not.toBe("sdca");
    expect(converged).toBe(true);
  });
});
