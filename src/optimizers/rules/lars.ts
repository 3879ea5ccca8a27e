import { belowOne, checkBoolean, checkNumber, checkOneOf, nonNegative, positive } from "../../check.js";
import { update } from "../../engine/families/update.js";
import { updateTensors } from "../../engine/families/update-tensors.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface LarsOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** Step along the gradient plus `momentum` times the velocity. Default `false`. */
  readonly nesterov?: boolean;
  /** How long a step is for a rate of 1, as a share of the tensor's norm, > 0. Default 1e-3. */
  readonly trustCoefficient?: number;
  /** Added to the norm that divides, >= 0. Default 0. */
  readonly epsilon?: number;
  /**
   * What is scaled to the tensor's norm: every gradient before it enters the velocity, or the velocity, which then averages
   * the gradients. Default `"gradient"`.
   */
  readonly normalize?: "gradient" | "velocity";
  /**
   * With l2, whether the norms of gradient and penalty are added, or the norm of their sum is taken. Default `"separate"`
   * (optax: `"together"`).
   */
  readonly decayNorm?: "separate" | "together";
}

type Own = Required<
  Pick<LarsOptions, "momentum" | "nesterov" | "trustCoefficient" | "epsilon" | "normalize" | "decayNorm">
>;

const larsRule: UpdateRule<Own> = {
  name: "lars",
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0.9,
    nesterov: false,
    trustCoefficient: 1e-3,
    epsilon: 0,
    normalize: "gradient",
    decayNorm: "separate",
  },
  conventions: { optax: { decayNorm: "together" } },
  validate(where, { momentum, nesterov, trustCoefficient, epsilon, normalize, decayNorm }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkBoolean(where, "nesterov", nesterov);
    checkNumber(where, "trustCoefficient", trustCoefficient, positive);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "normalize", normalize, ["gradient", "velocity"]);
    checkOneOf(where, "decayNorm", decayNorm, ["separate", "together"]);
    if (nesterov && (momentum === 0 || normalize === "velocity")) {
      throw new RangeError(`${where}: nesterov needs momentum > 0 and normalize "gradient"`);
    }
  },
  layerwise: "gradients",
  family: [update, updateTensors],
  kernel({ momentum, normalize }) {
    if (normalize === "velocity") return "normalizedMomentum";
    return momentum === 0 ? "sgd" : "momentum";
  },
  slots: ({ momentum, normalize }) =>
    momentum === 0 && normalize === "gradient" ? [] : [{ name: "velocity", initial: 0, decay: momentum }],
  prepare(step) {
    const { trustCoefficient, epsilon, normalize, decayNorm } = step.options;
    if (normalize === "velocity") return;
    const { l2, factors } = step.penalty;
    const together = decayNorm === "together" && l2 !== 0;
    const parameters = step.tensorSquares("parameters");
    const gradients = together ? step.penalizedTensorSquares() : step.tensorSquares("gradients");
    const shares = together ? [1, 0] : [Math.abs(step.gradientScale), l2];
    const numbers = [...shares, trustCoefficient, epsilon];
    step.call("larsFactors", step.tensors, step.table, factors, parameters, gradients, ...numbers);
  },
  scalars(_t, learningRate, { momentum, nesterov, trustCoefficient, epsilon, normalize }) {
    if (normalize === "velocity") return [momentum, 1 - momentum, learningRate, trustCoefficient, epsilon];
    if (momentum === 0) return [learningRate];
    return [1, momentum, learningRate, nesterov ? learningRate : 0, nesterov ? momentum : 1];
  },
};

/**
 * LARS: every tensor's step as long as the tensor itself, times rate and trust coefficient, for very large batches. For each
 * tensor:
 *
 * ```math
 * r = trustCoefficient ||p|| / (||g|| + weightDecay ||p|| + epsilon)
 * u = learningRate r (g + weightDecay p)
 * b <- momentum b + u
 * p <- p - (u + momentum b)               if nesterov
 * p <- p - b                              otherwise
 * ```
 *
 * where optax has ||g + weightDecay p|| in the place of the two norms. With `normalize: "velocity"`:
 *
 * ```math
 * b <- momentum b + (1 - momentum) (g + weightDecay p)
 * p <- p - learningRate trustCoefficient ||p|| / (||b|| + epsilon) * b
 * ```
 *
 * Where a norm is 0 the ratio, trust coefficient and all, is 1: a tensor of zeros moves like one of `sgd` rather than never,
 * and so it is in optax. A step is the share learningRate * trustCoefficient / (1 - momentum) of its tensor: with the
 * defaults 1 %, for runs of ten thousand steps. For some hundred raise the coefficient to 1e-2 rather than the rate, which
 * biases that begin at 0 take whole. `clipValue`, `clipTensorNorm` and `adaptiveClip` are refused. The velocity counts as 0 below 2^-100
 * (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1 (optax has no default), `momentum` 0.9 in [0, 1), `nesterov` false, `trustCoefficient`
 *   1e-3 > 0, `epsilon` 0, `normalize` "gradient", `decayNorm` "separate" (optax: "together"); and the common ones, see
 *   {@link LarsOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([3, 4]);
 * const optimizer = lars({ w }, { learningRate: 0.5, trustCoefficient: 1, momentum: 0 });
 * optimizer.step({ w: new Float64Array([0, 7]) }); // w is now [3, 1.5]: half its norm along (0, 1)
 * @see You, Gitman, Ginsburg, arXiv 1708.03888, 2017
 */
export function lars(target: Target, options: LarsOptions & WithEngine = {}): Optimizer {
  return new Optimizer(larsRule, target, options) as Optimizer;
}
