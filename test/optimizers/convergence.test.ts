// Every rule finds the minimum of a quadratic plus its penalty, which is stiffness * center / (stiffness + weightDecay).
// Whoever maximises is given the gradient of its negative; the penalty pulls towards 0 all the same.

import { describe, expect, test } from "vitest";
import { type Dtype, parameters, schedules } from "../../src/index.js";
import { engines, expectMemoryReturned, variants } from "../memory/engines.js";
import { type OptimizerInfo, type Options, optimizerInfos } from "./infos.js";
import { center, stiffness, writeGradient } from "./quadratic.js";
import { stepWith } from "./train.js";

expectMemoryReturned();

const STEPS = 600;
const dtypes: readonly Dtype[] = ["float32", "float64"];

const defaultDecay: Readonly<Record<string, number>> = { adamw: 0.01, muon: 0.1, soap: 0.01 };
const decoupled = ["adamw", "lion", "muon", "shampoo", "soap"];

/** A decay beside the step of a rule that rescales gradients has no minimum that could be written down. */
function hasKnownMinimum({ name, decaysBeside }: OptimizerInfo, options: Options): boolean {
  if (options.adaptiveDecay !== undefined || (decaysBeside && options.weightDecay !== undefined)) return false;
  const { weightDecay = defaultDecay[name] ?? 0, decoupledWeightDecay = decoupled.includes(name) } = options;
  return weightDecay === 0 || !decoupledWeightDecay;
}

const cases = optimizerInfos.flatMap((info) =>
  info.samples
    .filter((options) => hasKnownMinimum(info, options))
    .flatMap((options) => dtypes.map((dtype) => ({ info, name: info.name, options, dtype }))),
);

describe.each(cases)("$name $options $dtype", ({ info, options, dtype }) => {
  test.each(variants)("%s", (variant) => {
    using model = parameters({ a: [3, 5], b: 8 }, { dtype, engine: engines[variant] });
    using optimizer = info.create(model, { ...options, learningRate: schedules.cosine(info.learningRate, STEPS) });
    const { values, gradients } = model;
    const factor = options.maximize ? -1 : 1;
    for (let step = 0; step < STEPS; step++) {
      stepWith(optimizer, () => {
        writeGradient(values.a, gradients.a, factor);
        writeGradient(values.b, gradients.b, factor, 15);
        return undefined;
      });
    }
    const weightDecay = (options.weightDecay as number | undefined) ?? 0;
    const minimum = (i: number) => (stiffness(i) * center(i)) / (stiffness(i) + weightDecay);
    [...values.a, ...values.b].forEach((w, i) => {
      expect(Math.abs(w - minimum(i))).toBeLessThan(info.tolerance ?? 2e-6);
    });
  });
});
