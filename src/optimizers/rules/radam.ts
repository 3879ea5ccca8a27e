import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import type { UpdateRule } from "../rule.js";

export interface RadamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** >= 0. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * Whether epsilon is added to the root of the second moment before its bias correction or after. Default
   * `"uncorrected"` (optax: `"corrected"`).
   */
  readonly epsilonPlacement?: "uncorrected" | "corrected";
}

type Own = Required<Pick<RadamOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement">>;

/** The kernel is Adam's: what RAdam does otherwise is in the scalars. */
export const radamRule: UpdateRule<Own> = {
  name: "radam",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonPlacement: "uncorrected",
  },
  conventions: { optax: { epsilonPlacement: "corrected" } },
  validate(where, { beta1, beta2, epsilon, epsilonPlacement }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["uncorrected", "corrected"]);
  },
  kernel: () => "adam",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, epsilonPlacement }) {
    const moments = [beta1, 1 - beta1, beta2, 1 - beta2];
    const stepSize = learningRate / oneMinusPower(beta1, t);
    const correction = oneMinusPower(beta2, t);
    const greatest = 2 / (1 - beta2) - 1;
    const length = greatest - (2 * t * (1 - correction)) / correction;
    // Too few gradients for a variance: 0 times the root plus 1 divides by 1, or is NaN once a square has overflowed.
    if (length <= 5) return [...moments, stepSize, 0, 1];
    const rectification = Math.sqrt(
      (((length - 4) * (length - 2)) / ((greatest - 4) * (greatest - 2))) * (greatest / length),
    );
    const rootOfCorrection = Math.sqrt(correction);
    return epsilonPlacement === "corrected"
      ? [...moments, stepSize * rectification, 1 / rootOfCorrection, epsilon]
      : [...moments, stepSize * rectification * rootOfCorrection, 1, epsilon];
  },
};
