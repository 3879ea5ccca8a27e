import { atLeastOne, checkNumber, nonNegative, unit } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface RpropOptions extends CommonOptions {
  /** Factor of a step whose gradient keeps its sign (torch, optax: eta plus), >= 1. Default 1.2. */
  readonly growth?: number;
  /** Factor of a step whose gradient has turned (eta minus), in [0, 1]. Default 0.5. */
  readonly contraction?: number;
  /** The least step, >= 0. Default 1e-6. */
  readonly minimumStep?: number;
  /** The greatest step, at least the least. Default 50. */
  readonly maximumStep?: number;
}

type Own = Required<Pick<RpropOptions, "growth" | "contraction" | "minimumStep" | "maximumStep">>;

const rpropRule: UpdateRule<Own> = {
  name: "rprop",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    growth: 1.2,
    contraction: 0.5,
    minimumStep: 1e-6,
    maximumStep: 50,
  },
  validate(where, { growth, contraction, minimumStep, maximumStep }) {
    checkNumber(where, "growth", growth, atLeastOne);
    checkNumber(where, "contraction", contraction, unit);
    checkNumber(where, "minimumStep", minimumStep, nonNegative);
    checkNumber(where, "maximumStep", maximumStep, nonNegative);
    if (minimumStep > maximumStep) {
      throw new RangeError(`${where}: minimumStep must not exceed maximumStep, got ${minimumStep} and ${maximumStep}`);
    }
  },
  family: updateMore,
  kernel: () => "rprop",
  slots: () => [
    { name: "stepSize", initial: 0 },
    { name: "gradientSign", initial: 0 },
  ],
  scalars(t, learningRate, { growth, contraction, minimumStep, maximumStep }) {
    if (t > 1) return [growth, contraction, minimumStep, maximumStep];
    const first = Math.max(Math.min(learningRate, maximumStep), minimumStep);
    return [growth, contraction, first, first];
  },
};

/**
 * Rprop, which looks at the signs of the gradients alone and gives every coordinate a step size s of its own. With the sign d
 * of the gradient before, at first 0:
 *
 * ```math
 * s <- learningRate                           at the start
 * e = d g
 * s <- growth s                               where e > 0
 * s <- contraction s                          where e < 0
 * s <- min(max(s, minimumStep), maximumStep)
 * d <- sign(g)
 * d <- 0                                      where e < 0
 * p <- p - s d
 * ```
 *
 * so that a coordinate stands still for a step when its gradient turns. For full gradients: the signs of minibatches are
 * noise. `learningRate` counts in the first step only, and a schedule changes nothing later. Defaults and rule are torch's
 * and optax's; optax clamps a first step outside of the limits only when it changes, here it is clamped at once. Here the
 * sign is kept rather than the gradient, since the product of two gradients may underflow.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01, `growth` 1.2 >= 1, `contraction` 0.5 in [0, 1], `minimumStep` 1e-6, `maximumStep` 50;
 *   and the common ones, see {@link RpropOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 1]);
 * const optimizer = rprop({ w }, { learningRate: 0.5, growth: 1.5 });
 * optimizer.step({ w: new Float64Array([4, -0.01]) }); // w is now [0.5, 1.5]
 * optimizer.step({ w: new Float64Array([1, 3]) }); // w is now [-0.25, 1.5]
 * @see Riedmiller, Braun, A direct adaptive method for faster backpropagation learning: the RPROP algorithm, 1993
 */
export function rprop(target: Target, options: RpropOptions & WithEngine = {}): Optimizer {
  return new Optimizer(rpropRule, target, options) as Optimizer;
}
