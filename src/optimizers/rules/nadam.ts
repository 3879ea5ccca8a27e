import { belowOne, checkNumber, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import { exponential } from "../power.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface NadamOptions extends CommonOptions {
  /** Decay of the first moment, and what the momentum of the step tends to, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8 (keras: 1e-7). */
  readonly epsilon?: number;
  /**
   * Psi >= 0 in the momentum beta1 (1 - 0.96^(t psi) / 2) of step t = 1, 2, ... `Infinity` makes that beta1 from the
   * first step on. Default 4e-3 (keras: 1, optax: Infinity).
   */
  readonly momentumDecay?: number;
}

type Own = Required<Pick<NadamOptions, "beta1" | "beta2" | "epsilon" | "momentumDecay">>;

const LOG_OF_BASE = -0.040821994520255166; // of 0.96

const momentumOf = (t: number, beta1: number, decay: number) =>
  beta1 * (1 - 0.5 * exponential(t * decay * LOG_OF_BASE));

/** 1 - mu_1 ... mu_t, for the step that it was last asked for: the product takes all the steps before. */
interface Product {
  readonly t: number;
  readonly complement: number;
}

const products = new WeakMap<object, Product>();

/**
 * 1 - mu_1 ... mu_t. Goes on from the step before, or begins at the first one, after a state was loaded: the numbers are
 * the same, and a million steps take a tenth of a second. Not a difference: with q = 1 - p, one more factor turns q into
 * q mu + (1 - mu).
 */
function oneMinusProduct(t: number, options: Own): number {
  const { beta1, momentumDecay } = options;
  const known = products.get(options);
  const from = known && known.t <= t ? known : { t: 0, complement: 0 };
  let { complement } = from;
  for (let k = from.t + 1; k <= t; k++) {
    const mu = momentumOf(k, beta1, momentumDecay);
    complement = complement * mu + (1 - mu);
  }
  products.set(options, { t, complement });
  return complement;
}

const nadamRule: UpdateRule<Own> = {
  name: "nadam",
  defaults: {
    learningRate: 2e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentumDecay: 4e-3,
  },
  conventions: {
    optax: { momentumDecay: Number.POSITIVE_INFINITY },
    keras: { learningRate: 1e-3, epsilon: 1e-7, momentumDecay: 1, decoupledWeightDecay: true },
  },
  validate(where, { beta1, beta2, epsilon, momentumDecay }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    if (momentumDecay !== Number.POSITIVE_INFINITY) checkNumber(where, "momentumDecay", momentumDecay, nonNegative);
  },
  family: updateMore,
  kernel: () => "nadam",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "secondMoment", initial: 0, decay: beta2, squared: true },
  ],
  scalars(t, learningRate, options) {
    const { beta1, beta2, epsilon, momentumDecay } = options;
    const mu = momentumOf(t, beta1, momentumDecay);
    const muNext = momentumOf(t + 1, beta1, momentumDecay);
    const complement = oneMinusProduct(t, options);
    const complementNext = complement * muNext + (1 - muNext);
    const rootOfCorrection = Math.sqrt(oneMinusPower(beta2, t));
    const rate = learningRate * rootOfCorrection;
    const rates = [(rate * (1 - mu)) / complement, (rate * muNext) / complementNext];
    return [beta1, 1 - beta1, beta2, 1 - beta2, ...rates, epsilon * rootOfCorrection];
  },
};

/**
 * NAdam: Adam with Nesterov momentum, which grows from step to step. At step t = 1, 2, ...:
 *
 * ```math
 * mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2)
 * P <- 1                                      at the start
 * P <- mu_t P
 * m <- beta1 m + (1 - beta1) g
 * v <- beta2 v + (1 - beta2) g^2
 * u = mu_(t+1) m / (1 - mu_(t+1) P) + (1 - mu_t) g / (1 - P)
 * vHat = v / (1 - beta2^t)
 * p <- p - learningRate u / (sqrt(vHat) + epsilon)
 * ```
 *
 * The defaults are torch's; `convention` takes those of optax, where mu_t is beta1, or keras. tfjs has no such rule. In
 * float32 the moments count as 0 below 2^-100 and 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 2e-3 (keras: 1e-3), `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8,
 *   `momentumDecay` 4e-3 in [0, Infinity], `decoupledWeightDecay` false (keras: true); and the common ones, see
 *   {@link NadamOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ weights: [784, 10], bias: 10 });
 * const optimizer = nadam(model, { learningRate: 1e-3, clearGradients: true });
 * // add to model.gradients.weights and model.gradients.bias, then
 * optimizer.step();
 * @see Dozat, ICLR Workshop 2016
 */
export function nadam(target: Target, options: NadamOptions & WithEngine = {}): Optimizer {
  return new Optimizer(nadamRule, target, options) as Optimizer;
}
