import { belowOne, checkBoolean, checkFunction, checkNumber, nonNegative, positive, unit } from "../check.js";
import { matrix } from "../engine/families/matrix.js";
import { update } from "../engine/families/update.js";
import type { CommonOptions } from "../optimizers/common-options.js";
import { Optimizer } from "../optimizers/optimizer.js";
import type { StagedRule } from "../optimizers/rule.js";
import type { Target } from "../optimizers/target.js";
import type { WithEngine } from "../optimizers/with-engine.js";
import { blockedDefaults, blockedSlots, checkBlocked } from "./blocked-options.js";
import { checkGrafting, type Grafting, graftingSlots } from "./grafting.js";
import type { RootWorker } from "./root-worker.js";
import { type ShampooOwn, ShampooStage } from "./shampoo-stage.js";

export interface ShampooOptions extends CommonOptions {
  /** Decay of the gradient's average, which is what is preconditioned, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the statistics, in [0, 1]; 1: they are sums, as in AdaGrad. Default 0.999. */
  readonly beta2?: number;
  /** Whether averages that began at 0 are divided by what they lack. Default `true`. */
  readonly biasCorrection?: boolean;
  /** Part of the statistics' greatest eigenvalue that is added to all of them, >= 0. Default 1e-6. */
  readonly relativeEpsilon?: number;
  /** What is added to the eigenvalues besides, >= 0. Default 0. */
  readonly absoluteEpsilon?: number;
  /** e > 0 of the roots S^(-e). Default 1 / (2 k) where k sides are preconditioned: 1/4 for a matrix. */
  readonly exponent?: number | undefined;
  /** The greatest size of a root: tensors are parted into blocks of no more, >= 1. Default 64. */
  readonly blockSize?: number;
  /** Of a matrix with sides of this ratio or more only the short side is preconditioned, >= 1. Default `Infinity`. */
  readonly oneSidedRatio?: number;
  /** A root is computed anew every so many steps, >= 1. Default 20. */
  readonly frequency?: number;
  /** The first step that computes roots, >= 1; before it, the grafted rule. Default 1. */
  readonly startStep?: number;
  /**
   * Milliseconds after which a step computes no further root, > 0: the oldest first, and one at least. `Infinity`: every
   * step has the same share of them. Default `Infinity`.
   */
  readonly maximumMillisecondsPerStep?: number;
  /** The clock for it, in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
  /** Whose step gives a block's step its length, see {@link Grafting}. Default `{ kind: "adam" }`. */
  readonly grafting?: Grafting;
  /** Factor of a velocity of the steps, in [0, 1); 0, and none is kept. Default 0. */
  readonly momentum?: number;
  /** Step along the direction plus `momentum` times the velocity. Default `false`. */
  readonly nesterov?: boolean;
  /** How often in a row a root may fail, >= 0. Default 3. */
  readonly toleratedFailures?: number;
  /**
   * Who makes the roots in place of the step, `new RootThread()` of `schuss/threads`: what comes of them depends on time, and no
   * run is like another. Goes with no `maximumMillisecondsPerStep`. Default: none.
   */
  readonly rootWorker?: RootWorker | undefined;
}

const shampooRule: StagedRule<ShampooOwn> = {
  name: "shampoo",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: true,
    beta1: 0.9,
    beta2: 0.999,
    biasCorrection: true,
    relativeEpsilon: 1e-6,
    absoluteEpsilon: 0,
    exponent: undefined as never,
    ...blockedDefaults,
    frequency: 20,
    grafting: { kind: "adam" },
    momentum: 0,
    nesterov: false,
    rootWorker: undefined as never,
  },
  validate(where, options) {
    checkNumber(where, "beta1", options.beta1, belowOne);
    checkNumber(where, "beta2", options.beta2, unit);
    checkBoolean(where, "biasCorrection", options.biasCorrection);
    checkNumber(where, "relativeEpsilon", options.relativeEpsilon, nonNegative);
    checkNumber(where, "absoluteEpsilon", options.absoluteEpsilon, nonNegative);
    if (options.exponent !== undefined) checkNumber(where, "exponent", options.exponent, positive);
    checkGrafting(where, options.grafting);
    checkNumber(where, "momentum", options.momentum, belowOne);
    checkBoolean(where, "nesterov", options.nesterov);
    if (options.nesterov && options.momentum === 0)
      throw new RangeError(`${where}: nesterov needs momentum > 0, got 0`);
    checkBlocked(where, options);
    checkFunction(where, "rootWorker.invertRoot", options.rootWorker && (options.rootWorker.invertRoot ?? null));
    if (options.rootWorker && options.maximumMillisecondsPerStep !== Number.POSITIVE_INFINITY) {
      throw new RangeError(
        `${where}: rootWorker leaves no roots to a step: maximumMillisecondsPerStep must be Infinity`,
      );
    }
  },
  tensorwise: true,
  family: [update, matrix],
  memory: () => ({ failedRoots: 0 }),
  slots(options) {
    const { beta1, beta2, momentum, grafting } = options;
    return [
      ...(beta1 === 0 ? [] : [{ name: "firstMoment", initial: 0, decay: beta1 }]),
      ...graftingSlots(grafting),
      ...(momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
      ...blockedSlots(options, beta2, "roots"),
    ];
  },
  stages: (options, set) => [new ShampooStage(options, set)],
};

/**
 * Shampoo: every side of a matrix, or of a block of one, has a preconditioner of its own, a root of the statistics that it
 * gathers. With G the gradient of a block:
 *
 * ```math
 * L <- beta2 L + (1 - beta2) G G^T
 * R <- beta2 R + (1 - beta2) G^T G
 * LHat = L / (1 - beta2^t)
 * RHat = R / (1 - beta2^t)
 * m <- beta1 m + (1 - beta1) G
 * u = (LHat + ridge I)^(-1/4) m (RHat + ridge I)^(-1/4)
 * p <- (1 - learningRate weightDecay) p - ||d|| / ||u|| * u
 * ```
 *
 * where d is the step of the grafted rule from m, sums take the place of the averages L and R if beta2 is 1, and
 * ridge is relativeEpsilon times the greatest eigenvalue + absoluteEpsilon. Matrices are parted into blocks of up to
 * `blockSize` rows and columns. Of a tensor of more than two sizes neighbours are merged as long as a block holds their
 * product, and each size that is left has a root, to the power -1 / (2 k) for k of them. Vectors, single rows and columns go
 * by the grafted rule, and so does a block whose roots are not all there yet. A record or list of arrays consists of vectors:
 * only a parameter set has shapes.
 *
 * Roots are made by eigendecomposition, each every `frequency` steps, in turn, so that all steps take the same time. With
 * `maximumMillisecondsPerStep` they are made at the end of a step, for those that follow, oldest first while there is time,
 * one at least: a step exceeds the limit by one root at most, unless what can't wait does already; the results depend on
 * the clock. A root that fails in float32 is made in float64; if that fails too the old one stays, and
 * `groups[k].memory.failedRoots` counts it; after more than `toleratedFailures` in a row the next step throws. A tensor
 * with a gradient that is not finite is left out of the step, state and all, and named in `groups[k].skippedTensors`. With
 * `rootWorker` roots are made in another thread, from a copy of the statistics, and the old ones serve until they come:
 * between two steps, which therefore must wait for something now and then. Statistics take half a square, roots a square of
 * a block's side: about 3 numbers for a parameter, beside m and the grafted rule's. In float32 m counts as 0 below 2^-100,
 * averages of squares below 2^-115, in float64 below 2^-960 and 2^-1011. In a state the moments of a tensor of blocks lie
 * block behind block.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-3, `weightDecay` 0, `decoupledWeightDecay` true, `beta1` 0.9, `beta2` 0.999, `biasCorrection`
 *   true, `relativeEpsilon` 1e-6 (less than 1e-7 wants float64 parameters), `absoluteEpsilon` 0, `exponent` 1 / (2 k),
 *   `blockSize` 64, `oneSidedRatio` Infinity, `frequency` 20, `startStep` 1, `maximumMillisecondsPerStep` Infinity, `grafting`
 *   { kind: "adam" }, `momentum` 0, `nesterov` false, `toleratedFailures` 3, `rootWorker` none; and the common ones, see
 *   {@link ShampooOptions}. Those of the authors and of Meta's implementation differ in blockSize 1024 and absoluteEpsilon 1e-12
 * @throws TypeError or RangeError for options or targets that are none, naming them. A step: Error once a root has failed too
 *   often, naming tensor and block
 *
 * @example
 * const model = parameters({ weights: [2, 2] }, { dtype: "float64" });
 * const options = { learningRate: 1, beta1: 0, beta2: 0, frequency: 1, relativeEpsilon: 0, grafting: { kind: "none" } };
 * const optimizer = shampoo(model, options);
 * model.gradients.weights.set([3, 0, 0, 4]);
 * optimizer.step(); // model.values.weights is now [-1, 0, 0, -1] to rounding: without memory, the orthogonal factor
 * @see Gupta, Koren, Singer, "Shampoo: Preconditioned stochastic tensor optimization", ICML 2018; Anil et al., "Scalable second
 *   order optimization for deep learning", 2021, and Shi et al., arXiv 2309.06497, 2023, for grafting and blocks
 */
export function shampoo(target: Target, options: ShampooOptions & WithEngine = {}): Optimizer {
  return new Optimizer(shampooRule, target, options as Partial<ShampooOwn> & CommonOptions & WithEngine) as Optimizer;
}
