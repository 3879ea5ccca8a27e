import { belowOne, checkNumber, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface YogiOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** 1 less the share of g^2 by which the second moment moves, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root, >= 0. Default 1e-3. */
  readonly epsilon?: number;
  /** What both moments start from, >= 0. Default 1e-6. */
  readonly initialAccumulator?: number;
}

type Own = Required<Pick<YogiOptions, "beta1" | "beta2" | "epsilon" | "initialAccumulator">>;

const yogiRule: UpdateRule<Own> = {
  name: "yogi",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-3,
    initialAccumulator: 1e-6,
  },
  validate(where, { beta1, beta2, epsilon, initialAccumulator }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkNumber(where, "initialAccumulator", initialAccumulator, nonNegative);
  },
  family: updateMore,
  kernel: () => "yogi",
  slots: ({ beta1, initialAccumulator }) => [
    { name: "firstMoment", initial: initialAccumulator, decay: beta1 },
    // Without a gradient it stays as it is.
    { name: "secondMoment", initial: initialAccumulator },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon }) {
    const stepSize = learningRate / oneMinusPower(beta1, t);
    return [beta1, 1 - beta1, 1 - beta2, stepSize, 1 / Math.sqrt(oneMinusPower(beta2, t)), epsilon];
  },
};

/**
 * Yogi: Adam with a second moment that moves towards g^2 by a share of g^2, however far it is from there. At step
 * t = 1, 2, ...:
 *
 * ```math
 * m <- initialAccumulator                     at the start
 * v <- initialAccumulator                     at the start
 * m <- beta1 m + (1 - beta1) g
 * v <- v - (1 - beta2) sign(v - g^2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate mHat / (sqrt(vHat) + epsilon)
 * ```
 *
 * The defaults are optax's, and so is the bias correction, which the paper hasn't; the rate is the paper's. Not
 * only v starts from `initialAccumulator` but m too: so it is in optax. The first moment counts as 0 below 2^-100 (float32) or 2^-960
 * (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-3, `initialAccumulator`
 *   1e-6; and the common ones, see {@link YogiOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = yogi({ w }, { learningRate: 0.5, epsilon: 0, initialAccumulator: 0 });
 * optimizer.step({ w: new Float64Array([3]) }); // w is now [0.5]
 * @see Zaheer et al., Adaptive Methods for Nonconvex Optimization, NeurIPS 2018
 */
export function yogi(target: Target, options: YogiOptions & WithEngine = {}): Optimizer {
  return new Optimizer(yogiRule, target, options) as Optimizer;
}
