import { belowOne, checkBoolean, checkNumber, nonNegative } from "../../check.js";
import { updateTensors } from "../../engine/families/update-tensors.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface LambOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0, and with 0 a coordinate without gradients stays where it is. Default 1e-6 (keras: 1e-7). */
  readonly epsilon?: number;
  /** Divide the moments by 1 - beta^t. Default `true`. */
  readonly biasCorrection?: boolean;
}

type Own = Required<Pick<LambOptions, "beta1" | "beta2" | "epsilon" | "biasCorrection">>;

const lambRule: UpdateRule<Own> = {
  name: "lamb",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-6,
    biasCorrection: true,
  },
  conventions: { keras: { epsilon: 1e-7, decoupledWeightDecay: true } },
  validate(where, { beta1, beta2, epsilon, biasCorrection }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkBoolean(where, "biasCorrection", biasCorrection);
  },
  layerwise: true,
  family: updateTensors,
  kernel: () => "lamb",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, biasCorrection }) {
    const firstScale = biasCorrection ? 1 / oneMinusPower(beta1, t) : 1;
    const rootScale = biasCorrection ? 1 / Math.sqrt(oneMinusPower(beta2, t)) : 1;
    return [beta1, 1 - beta1, beta2, 1 - beta2, firstScale, rootScale, epsilon, learningRate];
  },
};

/**
 * LAMB: Adam's direction, scaled for every tensor to the tensor's own norm, for large batches. At step t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * u = mHat / (sqrt(vHat) + epsilon) + weightDecay p
 * p <- p - learningRate ||p|| / ||u|| * u
 * ```
 *
 * `weightDecay` belongs to u here, not to the gradient. With `decoupledWeightDecay` the parameters shrink first, and the
 * norm is that of what is left: so it is in keras. Where |p| or |u| is 0 the ratio is 1, as in optax and keras, and u is 0
 * where m is. One kernel call goes through all tensors, over each of them twice. `clipTensorNorm` and `adaptiveClip` are
 * refused. In float32 the moments count as 0 below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-6 (optax's; keras:
 *   1e-7), `biasCorrection` true, `weightDecay` 0 (the paper has 0.01), `decoupledWeightDecay` false (keras: true);
 *   and the common ones, see {@link LambOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([3, 4, 0, 0]);
 * const optimizer = lamb({ w }, { learningRate: 0.5, epsilon: 0 });
 * optimizer.step({ w: new Float64Array([1, -2, 3, 4]) }); // w is now [1.75, 5.25, -1.25, -1.25]: 0.5 * 5 / 2 along the signs
 * @see You et al., Large batch optimization for deep learning: training BERT in 76 minutes, ICLR 2020
 */
export function lamb(target: Target, options: LambOptions & WithEngine = {}): Optimizer {
  return new Optimizer(lambRule, target, options) as Optimizer;
}
