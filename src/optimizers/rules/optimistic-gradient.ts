import { checkNumber, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface OptimisticGradientOptions extends CommonOptions {
  /** Share of the gradient's last change that is expected to come again, >= 0. Default 1. */
  readonly optimism?: number;
}

type Own = Required<Pick<OptimisticGradientOptions, "optimism">>;

const optimisticGradientRule: UpdateRule<Own> = {
  name: "optimisticGradient",
  defaults: { learningRate: 1e-3, weightDecay: 0, decoupledWeightDecay: false, optimism: 1 },
  validate: (where, { optimism }) => checkNumber(where, "optimism", optimism, nonNegative),
  family: updateMore,
  kernel: () => "optimistic",
  slots: () => [{ name: "previousGradient", initial: 0 }],
  scalars: (t, learningRate, { optimism }) => [learningRate, t === 1 ? 0 : optimism],
};

/**
 * Optimistic gradient descent: one gradient a step, and the last one to guess how it goes on. For saddle points, where
 * plain descent spirals outwards, as for minima. At step t = 1, 2, ...:
 *
 * ```math
 * p <- p - learningRate g                         if t = 1
 * p <- p - learningRate (g + optimism (g - h))    otherwise
 * h <- g
 * ```
 *
 * With optimism 1 that is p - 2 learningRate g + learningRate h. For a game the gradients are those of every player's own
 * loss. On the game x y it converges for rates below 1 / sqrt(3).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `optimism` 1; and the common ones, see {@link OptimisticGradientOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = optimisticGradient({ w }, { learningRate: 0.25 });
 * optimizer.step({ w: w.slice() }); // of w^2 / 2: w is now [0.75]
 * optimizer.step({ w: w.slice() }); // w is now [0.625]: 0.75 - 0.25 (0.75 + 0.75 - 1)
 * @see Popov 1980; Daskalakis et al., Training GANs with Optimism, ICLR 2018
 */
export function optimisticGradient(target: Target, options: OptimisticGradientOptions & WithEngine = {}): Optimizer {
  return new Optimizer(optimisticGradientRule, target, options) as Optimizer;
}
