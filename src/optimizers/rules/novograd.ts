import { belowOne, checkBoolean, checkNumber, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import { updateTensors } from "../../engine/families/update-tensors.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Step } from "../step.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface NovogradOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0.95 (optax: 0.9). */
  readonly beta1?: number;
  /** Decay of the average of the squared norms, in [0, 1). Default 0.98 (optax: 0.25). */
  readonly beta2?: number;
  /** Added to the root, >= 0. Default 1e-8 (optax: 1e-6). */
  readonly epsilon?: number;
  /** Let gradients enter the velocity with the factor 1 - beta1. Default `false`. */
  readonly averageGradients?: boolean;
}

type Own = Required<Pick<NovogradOptions, "beta1" | "beta2" | "epsilon" | "averageGradients">>;

const NORM = "squaredNorm";

const novogradRule: UpdateRule<Own> = {
  name: "novograd",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.95,
    beta2: 0.98,
    epsilon: 1e-8,
    averageGradients: false,
  },
  conventions: { optax: { beta1: 0.9, beta2: 0.25, epsilon: 1e-6 } },
  validate(where, { beta1, beta2, epsilon, averageGradients }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkBoolean(where, "averageGradients", averageGradients);
  },
  layerwise: "gradients",
  family: [update, updateTensors],
  kernel: () => "momentum",
  slots: ({ beta1, beta2 }) => [
    { name: "velocity", initial: 0, decay: beta1 },
    { name: NORM, initial: 0, decay: beta2, squared: true, shape: () => 1 },
  ],
  scalars(t, learningRate, { beta1, averageGradients }) {
    return [learningRate, beta1, averageGradients && t > 1 ? 1 - beta1 : 1, 0, 1];
  },
  stages: () => [
    {
      run(step) {
        divideByNorms(step);
        const { t, learningRate, options, memory } = step;
        const slots = ["velocity"];
        step.update("momentum", novogradRule.scalars(t, learningRate, options, memory), { slots });
      },
    },
  ],
};

/** Brings the averages of the squared norms forward and lets the gradients be divided by their roots. */
function divideByNorms(step: Step<Own>): void {
  const { beta2, epsilon } = step.options;
  const [kept, taken] = step.t === 1 ? [0, 1] : [beta2, 1 - beta2];
  const intake = taken * step.gradientScale ** 2;
  const squares = step.tensorSquares("gradients");
  const averages = [step.pointer({ slot: NORM }), step.stride(NORM)] as const;
  step.call("novogradFactors", step.tensors, step.table, squares, ...averages, kept, intake, epsilon);
}

/**
 * NovoGrad: gradients divided by the root of an average of their tensor's squared norms, then momentum. For each tensor,
 * at step t = 1, 2, ...:
 *
 * ```math
 * v <- ||g||^2                            if t = 1
 * v <- beta2 v + (1 - beta2) ||g||^2      otherwise
 * b <- beta1 b + g / (sqrt(v) + epsilon) + weightDecay p
 * p <- p - learningRate b
 * ```
 *
 * v is one number for a tensor, so that the state is little more than that of `sgd` with momentum. `weightDecay` enters
 * behind the division. A tensor whose gradients have all been 0 has only that. The defaults are the paper's, which are
 * tuned from task to task; `convention` takes optax's. `clipValue`, `clipTensorNorm` and `adaptiveClip` are refused.
 * In float32 b counts as 0 below 2^-100 and v below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `beta1` 0.95 and `beta2` 0.98 in [0, 1), `epsilon` 1e-8, `averageGradients` false; and
 *   the common ones, see {@link NovogradOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 1]);
 * const optimizer = novograd({ w }, { learningRate: 0.5, epsilon: 0 });
 * optimizer.step({ w: new Float64Array([3, 4]) }); // w is now [0.7, 0.6]: half a step along the gradient
 * @see Ginsburg et al., Stochastic gradient methods with layer-wise adaptive moments, arXiv 1905.11286, 2019
 */
export function novograd(target: Target, options: NovogradOptions & WithEngine = {}): Optimizer {
  return new Optimizer(novogradRule, target, options) as Optimizer;
}
