import { belowOne, checkBoolean, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import type { UpdateRule } from "../rule.js";

export interface AdamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /**
   * Whether epsilon is added to the root of the second moment after its bias correction or before, as in the paper's
   * remark on epsilon hat. Default `"corrected"` (keras: `"uncorrected"`).
   */
  readonly epsilonPlacement?: "corrected" | "uncorrected";
  /** Divide by the root of the greatest second moment so far: AMSGrad. Default `false`. */
  readonly amsgrad?: boolean;
}

type Own = Required<Pick<AdamOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement" | "amsgrad">>;

const keras = { epsilon: 1e-7, epsilonPlacement: "uncorrected", decoupledWeightDecay: true } as const;

export const adamRule: UpdateRule<Own> = {
  name: "adam",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonPlacement: "corrected",
    amsgrad: false,
  },
  conventions: { tfjs: { epsilon: 1e-7 }, keras },
  validate(where, { convention, beta1, beta2, epsilon, epsilonPlacement, amsgrad }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["corrected", "uncorrected"]);
    checkBoolean(where, "amsgrad", amsgrad);
    if (amsgrad && convention === "optax") {
      throw new RangeError(`${where}: optax's amsgrad, the greatest of the corrected moments, is not offered`);
    }
  },
  kernel: ({ amsgrad }) => (amsgrad ? "amsgrad" : "adam"),
  slots: ({ beta1, beta2, amsgrad }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
    ...(amsgrad ? [{ name: "greatestSecondMoment", initial: 0 }] : []),
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, epsilonPlacement }) {
    const stepSize = learningRate / oneMinusPower(beta1, t);
    const rootOfCorrection = Math.sqrt(oneMinusPower(beta2, t));
    const moments = [beta1, 1 - beta1, beta2, 1 - beta2];
    return epsilonPlacement === "corrected"
      ? [...moments, stepSize, 1 / rootOfCorrection, epsilon]
      : [...moments, stepSize * rootOfCorrection, 1, epsilon];
  },
};

/** Adam with the decay beside the step. */
export const adamwRule: UpdateRule<Own> = {
  ...adamRule,
  name: "adamw",
  defaults: { ...adamRule.defaults, weightDecay: 0.01, decoupledWeightDecay: true },
  conventions: { optax: { weightDecay: 1e-4 }, tfjs: { epsilon: 1e-7 }, keras: { ...keras, weightDecay: 4e-3 } },
};
