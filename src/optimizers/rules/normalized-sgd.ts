import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface NormalizedSgdOptions extends CommonOptions {
  /** Decay of the average, in [0, 1); 0 for the gradient itself. Default 0.9. */
  readonly momentum?: number;
  /** What the average is before the first step: the first gradient, or 0. Default `"gradient"`. */
  readonly start?: "gradient" | "zero";
  /** Added to the norm, >= 0. Default 0. */
  readonly epsilon?: number;
}

type Own = Required<Pick<NormalizedSgdOptions, "momentum" | "start" | "epsilon">>;

const firstMoment = { slot: "firstMoment" };

const normalizedSgdRule: UpdateRule<Own> = {
  name: "normalizedSgd",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0.9,
    start: "gradient",
    epsilon: 0,
  },
  validate(where, { momentum, start, epsilon }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkOneOf(where, "start", start, ["gradient", "zero"]);
    checkNumber(where, "epsilon", epsilon, nonNegative);
  },
  family: update,
  kernel: () => "momentum",
  slots: ({ momentum }) => [{ name: "firstMoment", initial: 0, decay: momentum }],
  // The average moves, the parameters don't.
  scalars: (t, _learningRate, { momentum, start }) => [
    0,
    momentum,
    t === 1 && start === "gradient" ? 1 : 1 - momentum,
    0,
    0,
  ],
  stages: () => [
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        const later = { averages: 0, box: Number.POSITIVE_INFINITY };
        step.update("momentum", normalizedSgdRule.scalars(t, learningRate, options, memory), {
          settings: later,
        });
        const length = step.norm(firstMoment);
        // What is done to gradients and what decays is done: the second pass goes along the average as it is.
        step.clearTensorFactors();
        step.update("sgd", [length === 0 ? 0 : learningRate / (length + options.epsilon)], {
          slots: [],
          along: firstMoment,
          settings: { gradientScale: 1, clipValue: Number.POSITIVE_INFINITY, l2: 0, shrink: 0, clear: false },
        });
      },
    },
  ],
};

/**
 * Descent by steps of one length, along an average of the gradients. At step t = 1, 2, ...:
 *
 * ```math
 * m <- g                                  if t = 1 and start = "gradient"
 * m <- momentum m + (1 - momentum) g      otherwise
 * p <- p - learningRate m / (||m|| + epsilon)
 * ```
 *
 * where the norm is taken over all parameters of a group, and there is no step while m is 0. Two passes. The average
 * counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `momentum` 0.9 in [0, 1), `start` "gradient", `epsilon` 0; and the common ones, see
 *   {@link NormalizedSgdOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2]);
 * const optimizer = normalizedSgd({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([30, 40]) }); // w is now [0.7, 1.6]
 * @see Cutkosky, Mehta, Momentum Improves Normalized SGD, ICML 2020
 */
export function normalizedSgd(target: Target, options: NormalizedSgdOptions & WithEngine = {}): Optimizer {
  return new Optimizer(normalizedSgdRule, target, options) as Optimizer;
}
