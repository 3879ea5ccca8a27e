// Losses and derivatives of one row, through the full gradient: a row with the single entry x and the weight 1 has the
// prediction x to the bit. The expected values are those of Math.exp, Math.log1p and the formulas by hand.

import { describe, expect, test } from "vitest";
import { LAYOUTS, type Loss } from "./families/finite-sum.js";
import { createModel } from "./linear-model.js";
import { DTYPES, type Dtype, isSubnormal, moderate, seeded, ulp } from "./numbers.js";
import { BINARIES, type Variant } from "./variants.js";

/** The losses' sum in f64, and the derivatives as they are stored. */
function evaluate(
  loss: Loss,
  predictions: readonly number[],
  label: number,
  dtype: Dtype,
  variant: Variant = "strict",
) {
  const problem = { columns: 1, rows: predictions.map((p) => [p]), labels: predictions.map(() => label) };
  const pages = 1 + Math.ceil(predictions.length / 400);
  const model = createModel({ variant, layout: "Dense", loss, dtype, problem, weights: [1], pages });
  const losses = predictions.map((_, row) => model.evaluate(true, row, 1).loss);
  return { losses, derivatives: model.residuals };
}

/** e^-60 and what belongs to it: the margin beyond which the derivative stays as it is. */
const CLAMP = 60;

const logisticLoss = (margin: number) =>
  Math.log1p(Math.exp(-Math.min(Math.abs(margin), CLAMP))) + Math.max(-margin, 0);
const logisticDerivative = (margin: number, label: number) => -label / (1 + Math.exp(Math.min(margin, CLAMP)));

/** Evenly from -60 to 60, around 0 at all scales, and next to where the exponential changes its power of two. */
function margins(): number[] {
  const random = seeded(3);
  const even = Array.from({ length: 2401 }, (_, i) => (i - 1200) / 20);
  const near = Array.from({ length: 400 }, () => moderate(random) / 256);
  const tiny = [1e-300, 1e-17, 1e-8].flatMap((x) => [x, -x]);
  const turns = Array.from({ length: 172 }, (_, n) => (n - 85.5) * Math.LN2).filter((x) => Math.abs(x) < CLAMP);
  const aroundTurns = turns.flatMap((x) => [x, x * (1 + 2 ** -52), x * (1 - 2 ** -52)]);
  return [...even, ...near, ...tiny, ...aroundTurns];
}

describe.each(BINARIES)("%s: the logistic loss in f64", (variant) => {
  const all = margins();
  const { losses, derivatives } = evaluate("Logistic", all, 1, "f64", variant);
  const furthest = (actual: readonly number[], expected: (margin: number) => number) =>
    Math.max(...all.map((m, i) => Math.abs(actual[i]! - expected(m)) / ulp(expected(m))));

  test("is within 4 ulp of log1p and exp, everywhere", () => {
    expect(furthest(losses, logisticLoss)).toBeLessThanOrEqual(4);
  });

  test("has a derivative within 4 ulp", () => {
    expect(furthest(derivatives, (m) => logisticDerivative(m, 1))).toBeLessThanOrEqual(4);
  });
});

describe.each(BINARIES)("%s: the logistic loss at the edges", (variant) => {
  test("is ln 2 with slope -1/2 at margin 0", () => {
    const { losses, derivatives } = evaluate("Logistic", [0, -0], 1, "f64", variant);
    expect(losses).toStrictEqual([Math.LN2, Math.LN2]);
    expect(derivatives).toStrictEqual([-0.5, -0.5]);
  });

  test.each(DTYPES)("%s: labels turn it around", (dtype) => {
    const predictions = [0, 0.5, -3, 40, -59, 61];
    const plus = evaluate("Logistic", predictions, 1, dtype, variant);
    const minus = evaluate(
      "Logistic",
      predictions.map((p) => -p),
      -1,
      dtype,
      variant,
    );
    expect(minus.losses).toStrictEqual(plus.losses);
    expect(minus.derivatives).toStrictEqual(plus.derivatives.map((d) => -d));
  });

  // 1 / (1 + e^59) and 1 / (1 + e^60); beyond, the latter stands for all smaller derivatives.
  test.each(DTYPES)("%s: the derivative falls to e^-60 and no further", (dtype) => {
    const predictions = [59, 60, 61, 100, 745, 1000, 1e30];
    const { losses, derivatives } = evaluate("Logistic", predictions, 1, dtype, variant);
    const single = (x: number) => (dtype === "f32" ? Math.fround(x) : x);
    const least = 1 / (1 + Math.exp(60));
    const expected = [1 / (1 + Math.exp(59)), least, least, least, least, least, least].map((d) => single(-d));
    const furthest = Math.max(...derivatives.map((d, i) => Math.abs(d / expected[i]! - 1)));
    expect(furthest).toBeLessThan(dtype === "f32" ? 1e-7 : 5e-16);
    expect(derivatives.some((d) => isSubnormal(dtype, d))).toBe(false);
    expect(losses.every((loss) => loss > 0 && loss <= Math.exp(-58.9))).toBe(true);
  });

  test.each(DTYPES)("%s: on the wrong side it grows like the margin, with slope -1", (dtype) => {
    const predictions = [-59, -60, -61, -100, -1000, -(2 ** 100)];
    const { losses, derivatives } = evaluate("Logistic", predictions, 1, dtype, variant);
    expect(losses).toStrictEqual(predictions.map((p) => -p));
    expect(derivatives).toStrictEqual(predictions.map(() => -1));
  });

  test("tells NaN, and takes infinite predictions", () => {
    const { losses, derivatives } = evaluate("Logistic", [Number.NaN, Number.NEGATIVE_INFINITY], 1, "f64", variant);
    expect(losses).toStrictEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(derivatives).toStrictEqual([Number.NaN, -1]);
  });
});

describe.each(BINARIES)("%s: the squared loss", (variant) => {
  test.each(DTYPES)("%s: is half the square of prediction less label, by hand", (dtype) => {
    const { losses, derivatives } = evaluate("Squared", [0, 1, 2.5, -4, 1024], 0.5, dtype, variant);
    expect(losses).toStrictEqual([0.125, 0.125, 2, 10.125, 523776.125]);
    expect(derivatives).toStrictEqual([-0.5, 0.5, 2, -4.5, 1023.5]);
  });
});

describe.each(LAYOUTS)("a %s model of well separated rows", (layout) => {
  // Unscaled data: margins in the thousands. All that SAG stores is far above the subnormal range.
  test.each(DTYPES)("%s: stores no subnormal residual", (dtype) => {
    const problem = {
      columns: 2,
      rows: [
        [3000, 1],
        [-2000, 1],
        [1500, 0],
      ],
      labels: [1, -1, 1],
    };
    const model = createModel({ variant: "strict", layout, loss: "Logistic", dtype, problem, weights: [1, 0] });
    model.sag([0, 1, 2, 0, 1, 2], { stepSize: 1e-3, l2: 1e-3, interceptStep: 1e-3 });
    const { residuals } = model;
    expect(residuals.every((r) => Math.abs(r) > 8e-27)).toBe(true);
    expect([...residuals, ...model.direction].some((x) => isSubnormal(dtype, x))).toBe(false);
  });
});

// Central differences of the derivative, whose errors are of h^2 and of roundoff / h; away from where it has corners.
describe.each(BINARIES)("%s: second derivatives", (variant) => {
  const smooth = ["Logistic", "Squared", "SquaredHinge", "SmoothedHinge", "Huber", "ModifiedHuber", "Poisson"] as const;
  const predictions = [-3.3, -1.7, -0.6, -0.2, 0, 0.3, 0.45, 0.7, 1.2, 2.6, 4.1];
  const h = 1e-5;

  test.each(smooth)("%s", (loss) => {
    for (const layout of LAYOUTS) {
      for (const label of [1, -1]) {
        const at = (by: number) => {
          const problem = { columns: 1, rows: predictions.map((p) => [p + by]), labels: predictions.map(() => label) };
          return createModel({ variant, layout, loss, dtype: "f64", problem, weights: [1], parameter: 0.75 });
        };
        const [here, before, after] = [at(0), at(-h), at(h)];
        here.keepCurvatures();
        before.evaluate(true);
        after.evaluate(true);
        for (let i = 0; i < predictions.length; i++) {
          const slope = (after.residuals[i]! - before.residuals[i]!) / (2 * h);
          expect(Math.abs(here.residuals[i]! - slope)).toBeLessThan(1e-8 * Math.max(1, slope));
        }
      }
    }
  });

  // (s (1 - s))^2, s the sigmoid: of the whole second derivative the part without the miss.
  test("of the sigmoid neuron, Gauss and Newton's part", () => {
    const problem = { columns: 1, rows: predictions.map((p) => [p]), labels: predictions.map(() => 0.25) };
    const model = createModel({ variant, layout: "Dense", loss: "Sigmoid", dtype: "f64", problem, weights: [1] });
    model.keepCurvatures();
    for (const [i, p] of predictions.entries()) {
      const s = 1 / (1 + Math.exp(-p));
      expect(model.residuals[i]).toBeCloseTo((s * (1 - s)) ** 2, 15);
    }
  });
});

/** Where u + z + q (1 / (1 + e^-u) - a0), which increases, changes its sign: by bisection. */
function logitOfDual(a0: number, z: number, q: number): number {
  let low = -z - q;
  let high = -z + q;
  for (let round = 0; round < 200; round++) {
    const middle = (low + high) / 2;
    if (middle + z + q * (1 / (1 + Math.exp(-middle)) - a0) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

// One row with the single entry sqrt(q), whose squared norm over l2 n is q.
describe.each(BINARIES)("%s: the dual step of the logistic loss", (variant) => {
  test.each([1e-8, 1e-3, 0.1, 1, 7, 100, 1e4, 1e8])("solves its equation, q = %d", (q) => {
    let furthest = 0;
    for (const label of [1, -1]) {
      for (const z of [-30, -4, -0.3, 0, 0.1, 2, 11, 40]) {
        for (const a0 of [0, 1e-9, 0.02, 0.5, 0.9, 1]) {
          const problem = { columns: 1, rows: [[Math.sqrt(q)]], labels: [label] };
          const spec = { variant, loss: "Logistic", dtype: "f64", problem, intercept: label * z } as const;
          for (const layout of LAYOUTS) {
            const model = createModel({ ...spec, layout });
            model.zeroRows(-label * a0);
            model.sdca([0], { l2: 1, interceptScale: 0 });
            const expected = 1 / (1 + Math.exp(-logitOfDual(a0, z, q)));
            furthest = Math.max(furthest, Math.abs(-label * model.residuals[0]! - expected));
          }
        }
      }
    }
    expect(furthest).toBeLessThan(2e-14);
  });
});
