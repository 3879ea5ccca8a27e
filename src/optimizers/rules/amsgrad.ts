import { belowOne, checkNumber, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AmsgradOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8. */
  readonly epsilon?: number;
}

type Own = Required<Pick<AmsgradOptions, "beta1" | "beta2" | "epsilon">>;

const amsgradRule: UpdateRule<Own> = {
  name: "amsgrad",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  },
  validate(where, { convention, beta1, beta2, epsilon }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    if (convention === "keras") throw new RangeError(`${where}: keras's is the function adam with amsgrad`);
  },
  family: updateMore,
  kernel: () => "correctedAmsgrad",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
    { name: "greatestSecondMoment", initial: 0 },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon }) {
    const stepSize = learningRate / oneMinusPower(beta1, t);
    return [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, 1 / oneMinusPower(beta2, t), epsilon];
  },
};

/**
 * AMSGrad as optax has it, by the greatest of the corrected second moments. At step t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * w <- max(w, v / (1 - beta2^t))
 * mHat = m / (1 - beta1^t)
 * p <- p - learningRate mHat / (sqrt(w) + epsilon)
 * ```
 *
 * torch and keras take the greatest of the raw moments and correct that: `adam` with `amsgrad: true`. The first gradients
 * weigh more here: they are never forgotten at their full size. In float32 the moments count as 0 below 2^-100 and
 * 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8; and the common ones, see
 *   {@link AmsgradOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = amsgrad({ w }, { learningRate: 0.5, beta1: 0, epsilon: 0 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5]
 * optimizer.step({ w: new Float64Array([2]) }); // w is now [0.25]: 2 over the root of the greatest so far, 16
 * @see Reddi, Kale, Kumar, ICLR 2018
 */
export function amsgrad(target: Target, options: AmsgradOptions & WithEngine = {}): Optimizer {
  return new Optimizer(amsgradRule, target, options) as Optimizer;
}
