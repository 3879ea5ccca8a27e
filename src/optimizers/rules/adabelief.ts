import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

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

const adabeliefRule: UpdateRule<Own> = {
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
  family: updateMore,
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

/**
 * AdaBelief: Adam with the variance of the gradient about its first moment in the place of the second moment. At step
 * t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) (g - m)^2 + epsilonRoot
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate mHat / (sqrt(vHat) + epsilon)
 * ```
 *
 * or, with `prediction: "previous"`, the m of the step before in g - m. The defaults are those of its authors and of optax. In float32 the first moment counts as
 * 0 below 2^-100 and the variance below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-16, `epsilonRoot` 1e-16,
 *   `prediction` "updated"; and the common ones, see {@link AdabeliefOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = adabelief({ w }, { learningRate: 0.25, beta1: 0.5 });
 * optimizer.step({ w: new Float64Array([3]) }); // m is half of g, and so is the root: w is now [0.5]
 * @see Zhuang et al., AdaBelief Optimizer, NeurIPS 2020
 */
export function adabelief(target: Target, options: AdabeliefOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adabeliefRule, target, options) as Optimizer;
}
