import { belowOne, checkBoolean, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdamOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
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

/** 1 - beta^t, or what stands for it. */
type Correction = (beta: number, t: number) => number;

function scalarsWith(correction: Correction): UpdateRule<Own>["scalars"] {
  return (t, learningRate, { beta1, beta2, epsilon, epsilonPlacement }) => {
    const stepSize = learningRate / correction(beta1, t);
    const rootOfCorrection = Math.sqrt(correction(beta2, t));
    const moments = [beta1, 1 - beta1, beta2, 1 - beta2];
    return epsilonPlacement === "corrected"
      ? [...moments, stepSize, 1 / rootOfCorrection, epsilon]
      : [...moments, stepSize * rootOfCorrection, 1, epsilon];
  };
}

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
      throw new RangeError(`${where}: optax's amsgrad, the greatest of the corrected moments, is the function amsgrad`);
    }
  },
  family: update,
  compressible: ({ amsgrad }) => !amsgrad,
  kernel: ({ amsgrad }) => (amsgrad ? "amsgrad" : "adam"),
  slots: ({ beta1, beta2, amsgrad }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
    ...(amsgrad ? [{ name: "greatestSecondMoment", initial: 0 }] : []),
  ],
  scalars: scalarsWith(oneMinusPower),
};

/** Adam with other bias corrections. */
export const correctedBy = (correction: Correction): UpdateRule<Own> => ({
  ...adamRule,
  scalars: scalarsWith(correction),
});

/** Adam with the decay beside the step. */
const adamwRule: UpdateRule<Own> = {
  ...adamRule,
  name: "adamw",
  defaults: { ...adamRule.defaults, weightDecay: 0.01, decoupledWeightDecay: true },
  conventions: { optax: { weightDecay: 1e-4 }, tfjs: { epsilon: 1e-7 }, keras: { ...keras, weightDecay: 4e-3 } },
};

/**
 * Adam, and AMSGrad. At step t = 1, 2, ...:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate mHat / (sqrt(vHat) + epsilon)
 * ```
 *
 * With `amsgrad` the greatest v so far takes the place of v in the root. The defaults are torch's; `convention` takes those
 * of optax, tfjs or keras. In float32 the moments count as 0
 * below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8, `amsgrad` false,
 *   `decoupledWeightDecay` false (keras: true); and the common ones, see {@link AdamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float32Array([1, 2]);
 * const optimizer = adam({ w }, { learningRate: 0.1 });
 * optimizer.step({ w: new Float32Array([3, -4]) }); // w is now [0.9, 2.1]
 * @see Kingma, Ba, ICLR 2015; Reddi, Kale, Kumar, ICLR 2018
 */
export function adam(target: Target, options: AdamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamRule, target, options) as Optimizer;
}

/**
 * Adam with decoupled weight decay: as `adam`, with a shrinking of the parameters in front. At step t = 1, 2, ...:
 *
 * ```math
 * p <- (1 - learningRate weightDecay) p
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate mHat / (sqrt(vHat) + epsilon)
 * ```
 *
 * The defaults are torch's, but `convention` takes those of optax, tfjs or keras.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `weightDecay` 0.01 (optax: 1e-4, keras: 4e-3), `decoupledWeightDecay` true,
 *   and the others as `adam`
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [784, 10], bias: 10 });
 * const optimizer = adamw(model, { learningRate: schedules.cosine(1e-3, 10000), clipNorm: 1 });
 * // fill model.gradients.weights and model.gradients.bias, then
 * optimizer.step();
 * @see Loshchilov, Hutter, ICLR 2019
 */
export function adamw(target: Target, options: AdamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamwRule, target, options) as Optimizer;
}
