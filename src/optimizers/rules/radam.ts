import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface RadamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * Whether epsilon is added to the root of the second moment before its bias correction or after. Default
   * `"uncorrected"` (optax: `"corrected"`).
   */
  readonly epsilonPlacement?: "uncorrected" | "corrected";
}

type Own = Required<Pick<RadamOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement">>;

/** The kernel is Adam's: what RAdam does otherwise is in the scalars. */
const radamRule: UpdateRule<Own> = {
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
  family: update,
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

/**
 * RAdam: Adam that goes without the second moment until that rests on enough gradients, and then trusts it by degrees. At
 * step t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * L = 2 / (1 - beta2) - 1
 * l = L - (2 t beta2^t) / (1 - beta2^t)
 * r = sqrt(((l - 4) (l - 2) L) / ((L - 4) (L - 2) l))
 * p <- p - learningRate r mHat sqrt(1 - beta2^t) / (sqrt(v) + epsilon)    if l > 5
 * p <- p - learningRate mHat                                              otherwise
 * ```
 *
 * or with epsilon beside the root of v / (1 - beta2^t), as `epsilonPlacement` has it. The defaults are torch's; `convention` takes those of optax. In float32 the
 * moments count as 0 below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `epsilonPlacement`
 *   "uncorrected"; and the common ones, see {@link RadamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = radam({ w }, { learningRate: 0.125 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5]: the first steps are those of a mean gradient
 * @see Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020
 */
export function radam(target: Target, options: RadamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(radamRule, target, options) as Optimizer;
}
