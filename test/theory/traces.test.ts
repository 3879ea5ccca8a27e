// Against ../golden/first-order-traces.json: rules that torch has not, worked out in plain Python from their formulas.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  acceleratedGradient,
  adagrad,
  adagradNorm,
  adagradNormEma,
  adagradNormSafeguarded,
  emaMomentum,
  frequencyAwareSgd,
  linearCoupling,
  nesterovLookahead,
  normalizedSgd,
  type Optimizer,
  sgd,
  signSgd,
  signum,
  type Target,
  type WithEngine,
  windowedMomentum,
} from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { stepWith } from "../optimizers/train.js";

expectMemoryReturned();

const golden: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL("../golden/first-order-traces.json", import.meta.url), "utf8"),
);

const curvature = [1, 0.5, 0.1];

type Create = (target: Target, options: WithEngine) => Optimizer;

const forgetful = { learningRate: 0.5, decay: 0.9 };
const radius = 2.5;
const projected = { learningRate: Math.SQRT2 * radius, epsilon: 0 };

/** A name in the file, or the name that stands before a dash, and the rule that goes that way. */
const walks: Record<string, Create> = {
  heavyBall: (w, o) => sgd(w, { learningRate: 0.1, momentum: 0.9, ...o }),
  "heavyBall-inside": (w, o) => sgd(w, { learningRate: 0.1, momentum: 0.9, learningRatePlacement: "inside", ...o }),
  twoStep: (w, o) => nesterovLookahead(w, { learningRate: 0.1, ...o }),
  "twoStep-inside": (w, o) => nesterovLookahead(w, { learningRate: 0.1, learningRatePlacement: "inside", ...o }),
  linearCoupling: (w, o) => linearCoupling(w, { learningRate: 1, ...o }),
  "linearCoupling-momentum form": (w, o) => acceleratedGradient(w, { learningRate: 1, ...o }),
  emaFromZero: (w, o) => emaMomentum(w, { learningRate: 0.1, ...o }),
  emaFromGradient: (w, o) => emaMomentum(w, { learningRate: 0.1, start: "gradient", ...o }),
  emaDebiased: (w, o) => emaMomentum(w, { learningRate: 0.1, debias: true, ...o }),
  window3: (w, o) => windowedMomentum(w, { learningRate: 0.1, window: 3, ...o }),
  normalized: (w, o) => normalizedSgd(w, { learningRate: 0.1, ...o }),
  normalizedFromZero: (w, o) => normalizedSgd(w, { learningRate: 0.1, start: "zero", epsilon: 1e-2, ...o }),
  signs: (w, o) => signSgd(w, { learningRate: 0.07, ...o }),
  signOfAverage: (w, o) => signum(w, { learningRate: 0.07, ...o }),
  counting: (w, o) => frequencyAwareSgd(w, { learningRate: 0.5, ...o }),
  adagradNorm: (w, o) => adagradNorm(w, { learningRate: 0.5, ...o }),
  adagradNormDelayed: (w, o) => adagradNorm(w, { learningRate: 0.5, epsilon: 1, delayed: true, ...o }),
  adagradNormEma: (w, o) => adagradNormEma(w, { ...forgetful, ...o }),
  adagradNormEmaAverage: (w, o) => adagradNormEma(w, { ...forgetful, accumulation: "average", ...o }),
  adagradNormSafeguarded: (w, o) => adagradNormSafeguarded(w, { ...forgetful, ...o }),
  adagradNormSafeguardedAverage: (w, o) => adagradNormSafeguarded(w, { ...forgetful, accumulation: "average", ...o }),
  projectedAdagrad: (w, o) => adagrad(w, { ...projected, projection: { kind: "box", radius }, ...o }),
  projectedAdaptive: (w, o) => adagradNorm(w, { ...projected, projection: { kind: "ball", radius }, ...o }),
};

/** Where a projected walk begins: at the nearest point of its set. */
function start(name: string): number[] {
  if (name === "projectedAdagrad") return [1, -2, radius];
  const point = [1, -2, 3];
  return name === "projectedAdaptive" ? point.map((x) => (x * radius) / Math.hypot(...point)) : point;
}

test("every walk in the file is walked", () => {
  expect([...new Set(Object.keys(walks).map((name) => name.split("-")[0]))]).toEqual(Object.keys(golden));
});

describe.each(variants)("%s", (variant) => {
  test.each(Object.entries(walks))("%s", (name, create) => {
    const w = new Float64Array(start(name));
    using optimizer = create({ w }, { engine: engines[variant] });
    for (const expected of golden[name.split("-")[0]!]!) {
      stepWith(optimizer, () => ({ w: w.map((x, i) => curvature[i]! * x) }));
      expect(Math.max(...expected.map((x, i) => Math.abs(x - w[i]!)))).toBeLessThan(1e-13);
    }
  });
});
