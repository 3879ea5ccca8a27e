import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import type { UpdateRule } from "../rule.js";

export interface AdabeliefOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the variance, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root, >= 0. Default 1e-16. */
  readonly epsilon?: number;
  /** Added to the variance at every step, >= 0, and kept there. Default 1e-16. */
  readonly epsilonRoot?: number;
  /**
   * Whether the variance is taken about the first moment that has the step's gradient in it, or about the one before;
   * its root differs by the factor beta1. With `"updated"` and beta1 = 0 only the epsilons are left under the root.
   * Default `"updated"`, as published and in optax 0.2.8; optax took `"previous"` before.
   */
  readonly prediction?: "updated" | "previous";
}

type Own = Required<Pick<AdabeliefOptions, "beta1" | "beta2" | "epsilon" | "epsilonRoot" | "prediction">>;

export const adabeliefRule: UpdateRule<Own> = {
  name: "adabelief",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-16,
    epsilonRoot: 1e-16,
    prediction: "updated",
  },
  validate(where, { beta1, beta2, epsilon, epsilonRoot, prediction }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkNumber(where, "epsilonRoot", epsilonRoot, nonNegative);
    checkOneOf(where, "prediction", prediction, ["updated", "previous"]);
  },
  kernel: () => "adabelief",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "variance", initial: 0, decay: beta2, squared: true },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, epsilonRoot, prediction }) {
    const rootOfCorrection = Math.sqrt(oneMinusPower(beta2, t));
    const stepSize = (learningRate / oneMinusPower(beta1, t)) * rootOfCorrection;
    const intake2 = (1 - beta2) * (prediction === "updated" ? beta1 * beta1 : 1);
    return [beta1, 1 - beta1, beta2, intake2, epsilonRoot, stepSize, epsilon * rootOfCorrection];
  },
};
