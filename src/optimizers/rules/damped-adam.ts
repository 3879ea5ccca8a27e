import { belowOne, checkNumber, checkOneOf, nonNegative, positive } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface DampedAdamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Its square stands under the root, or is what v starts from; > 0. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * Whether epsilon^2 is added to the corrected second moment at every step, or the second moment starts from it, so that
   * it decays. Default `"root"`.
   */
  readonly epsilonPlacement?: "root" | "start";
  /** Lambda >= 0 of a decay that is divided by the root as the moment is, for all parameters alike. Default 0. */
  readonly adaptiveDecay?: number;
}

type Own = Required<Pick<DampedAdamOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement" | "adaptiveDecay">>;

/** What stands under the root is never less, so that a coordinate without gradients does not divide 0 by 0. */
const LEAST = 2 ** -126;

const dampedAdamRule: UpdateRule<Own> = {
  name: "dampedAdam",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonPlacement: "root",
    adaptiveDecay: 0,
  },
  validate(where, { beta1, beta2, epsilon, epsilonPlacement, adaptiveDecay }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, positive);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["root", "start"]);
    checkNumber(where, "adaptiveDecay", adaptiveDecay, nonNegative);
  },
  family: updateMore,
  kernel: () => "dampedAdam",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, epsilonPlacement, adaptiveDecay }) {
    const correction = oneMinusPower(beta2, t);
    const rate = learningRate * Math.sqrt(correction);
    // A start decays to beta2^t of itself: it is added to a moment that starts from 0.
    const share = epsilonPlacement === "root" ? correction : 1 - correction;
    const damping = Math.max(epsilon * epsilon * share, LEAST);
    const rates = [rate / oneMinusPower(beta1, t), rate * adaptiveDecay];
    return [beta1, 1 - beta1, beta2, 1 - beta2, ...rates, damping];
  },
};

/**
 * Adam in the form of optimization lectures: epsilon^2 under the root, and a decay by the coordinate's own rate. At step
 * t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate (mHat + adaptiveDecay p) / sqrt(vHat + epsilon^2)
 * ```
 *
 * or with `epsilonPlacement: "start"`, epsilon^2 as the v before the first step, and no more of it. `weightDecay` is l2 in
 * the gradient as everywhere, or beside the step as in `adamw`; what moves p without a gradient then is the adaptive decay
 * alone, up to adaptiveDecay p / epsilon long. In float32 the moments count as 0 below 2^-100 and 2^-115, in float64 below
 * 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8 > 0, `epsilonPlacement`
 *   "root", `adaptiveDecay` 0; and the common ones, see {@link DampedAdamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = dampedAdam({ w }, { learningRate: 0.5, epsilon: 3 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.6]: 1 - 0.5 * 4 / sqrt(16 + 9)
 * @see Kingma, Ba, ICLR 2015, for Adam itself
 */
export function dampedAdam(target: Target, options: DampedAdamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(dampedAdamRule, target, options) as Optimizer;
}
