import { belowOne, checkBoolean, checkNumber, nonNegative } from "../../check.js";
import { power } from "../power.js";
import type { CommonOptions, UpdateRule } from "../rule.js";

export interface AdamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the corrected second moment, >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /** Divide by the root of the greatest second moment so far: AMSGrad. Default `false`. */
  readonly amsgrad?: boolean;
}

type Own = Required<Pick<AdamOptions, "beta1" | "beta2" | "epsilon" | "amsgrad">>;

export const adamRule: UpdateRule<Own> = {
  name: "adam",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    amsgrad: false,
  },
  conventions: { tfjs: { epsilon: 1e-7 }, keras: { epsilon: 1e-7 } },
  validate(where, { beta1, beta2, epsilon, amsgrad }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkBoolean(where, "amsgrad", amsgrad);
  },
  kernel: ({ amsgrad }) => (amsgrad ? "amsgrad" : "adam"),
  slots: ({ beta1, beta2, amsgrad }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2 },
    ...(amsgrad ? [{ name: "greatestSecondMoment", initial: 0 }] : []),
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon }) {
    const stepSize = learningRate / (1 - power(beta1, t));
    const rootScale = 1 / Math.sqrt(1 - power(beta2, t));
    return [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, rootScale, epsilon];
  },
};

/** Adam with the decay beside the step. */
export const adamwRule: UpdateRule<Own> = {
  ...adamRule,
  name: "adamw",
  defaults: { ...adamRule.defaults, weightDecay: 0.01, decoupledWeightDecay: true },
  conventions: { optax: { weightDecay: 1e-4 }, tfjs: { epsilon: 1e-7 }, keras: { epsilon: 1e-7, weightDecay: 4e-3 } },
};
