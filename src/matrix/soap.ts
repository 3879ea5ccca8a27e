import { belowOne, checkNumber, nonNegative } from "../check.js";
import { matrix } from "../engine/families/matrix.js";
import { update } from "../engine/families/update.js";
import type { CommonOptions } from "../optimizers/common-options.js";
import { Optimizer } from "../optimizers/optimizer.js";
import type { StagedRule } from "../optimizers/rule.js";
import type { Target } from "../optimizers/target.js";
import type { WithEngine } from "../optimizers/with-engine.js";
import { blockedDefaults, blockedSlots, checkBlocked } from "./blocked-options.js";
import { type SoapOwn, SoapStage } from "./soap-stage.js";

export interface SoapOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.95. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.95. */
  readonly beta2?: number;
  /** Decay of the statistics, in [0, 1). Default 0.95. */
  readonly statisticsBeta?: number;
  /** Beside the root of the second moment, >= 0. Default 1e-8. */
  readonly epsilon?: number;
  /** The greatest size of a basis: tensors are parted into blocks of no more, >= 1. Default 64. */
  readonly blockSize?: number;
  /** Of a matrix with sides of this ratio or more only the short side has a basis, >= 1. Default `Infinity`. */
  readonly oneSidedRatio?: number;
  /** A basis is brought forward every so many steps, >= 1. Default 10. */
  readonly frequency?: number;
  /** The first step with bases, >= 1; before it, Adam. Default 1. */
  readonly startStep?: number;
  /**
   * Milliseconds after which a step computes no further basis, > 0: the oldest first, and one at least. `Infinity`: every
   * step has the same share of them. Default `Infinity`.
   */
  readonly maximumMillisecondsPerStep?: number;
  /** The clock for it, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
  /** How often in a row a basis may fail, >= 0. Default 3. */
  readonly toleratedFailures?: number;
}

const soapRule: StagedRule<SoapOwn> = {
  name: "soap",
  defaults: {
    learningRate: 3e-3,
    weightDecay: 0.01,
    decoupledWeightDecay: true,
    beta1: 0.95,
    beta2: 0.95,
    statisticsBeta: 0.95,
    epsilon: 1e-8,
    ...blockedDefaults,
    frequency: 10,
  },
  validate(where, options) {
    for (const name of ["beta1", "beta2", "statisticsBeta"] as const) checkNumber(where, name, options[name], belowOne);
    checkNumber(where, "epsilon", options.epsilon, nonNegative);
    checkBlocked(where, options);
  },
  tensorwise: true,
  family: [update, matrix],
  memory: () => ({ failedRoots: 0 }),
  slots: (options) => [
    { name: "firstMoment", initial: 0, decay: options.beta1 },
    { name: "secondMoment", initial: 0, decay: options.beta2, squared: true },
    ...blockedSlots(options, options.statisticsBeta, "bases"),
  ],
  stages: (options, set) => [new SoapStage(options, set)],
};

/**
 * SOAP: Adam in the eigenbasis of Shampoo's statistics. With G the gradient of a block:
 *
 * ```math
 * L <- c L + (1 - c) G G^T
 * R <- c R + (1 - c) G^T G
 * g = Q_L G Q_R^T
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * mHat = m / (1 - beta1^t)
 * vHat = v / (1 - beta2^t)
 * u = mHat / (sqrt(vHat) + epsilon)
 * p <- (1 - learningRate weightDecay) p - learningRate Q_L^T u Q_R
 * ```
 *
 * with c for `statisticsBeta`. The rows of Q_L and Q_R are eigenvectors of L and R as they were before the step, by descending
 * eigenvalue. They begin as those of the first step's, in which a matrix does no more than decay, as in the authors' program:
 * in a basis made of itself a gradient has nothing but rounding errors off its diagonal, and Adam would make them as large as
 * the rest. Every `frequency` steps, in turn, one step of simultaneous iteration and QR brings each forward. The moments turn
 * with it, by T from the old basis to the new one: m <- T m, and v <- (T o T) v, as if the gradients' coordinates were not
 * correlated. (The authors leave v to the directions of the same rank, where a rare input can have a step of any length.)
 * Blocks, tensors of more than two sizes, the limit in time, failures and gradients that are not finite are as in
 * {@link shampoo}; vectors, single rows and columns go by Adam. A record or list of arrays consists of vectors: only a
 * parameter set has shapes. Statistics take half a square, bases a square of a block's side: about 3 numbers for a parameter,
 * beside m and v. In float32 m counts as 0 below 2^-100, averages of squares below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 3e-3, `weightDecay` 0.01, `decoupledWeightDecay` true, `beta1` 0.95, `beta2` 0.95, `statisticsBeta`
 *   0.95 in [0, 1), `epsilon` 1e-8, `blockSize` 64, `oneSidedRatio` Infinity, `frequency` 10, `startStep` 1,
 *   `maximumMillisecondsPerStep` Infinity, `toleratedFailures` 3; and the common ones, see {@link SoapOptions}. The authors' but
 *   for the blocks
 * @throws TypeError or RangeError for options or targets that are none, naming them. A step: Error once a basis has failed too
 *   often, naming tensor and block
 *
 * @example
 * const model = parameters({ weights: [2, 2] }, { dtype: "float64" });
 * const optimizer = soap(model, { learningRate: 1, weightDecay: 0 });
 * model.gradients.weights.set([3, 0, 0, 4]);
 * optimizer.step(); // the bases are the axes, and model.values.weights is still [0, 0, 0, 0]
 * optimizer.step(); // model.values.weights is now [-1, 0, 0, -1] to rounding
 * @see Vyas et al., "SOAP: Improving and stabilizing Shampoo using Adam", ICLR 2025
 */
export function soap(target: Target, options: SoapOptions & WithEngine = {}): Optimizer {
  return new Optimizer(soapRule, target, options) as Optimizer;
}
