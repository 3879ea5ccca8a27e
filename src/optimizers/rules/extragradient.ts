import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

const extragradientRule: UpdateRule<object> = {
  name: "extragradient",
  defaults: { learningRate: 1e-3, weightDecay: 0, decoupledWeightDecay: false },
  validate() {},
  family: update,
  kernel: () => "sgd",
  slots: () => [],
  scalars: (_t, learningRate) => [learningRate],
  stages: () => [
    {
      run(step) {
        step.keepParameters();
        step.update("sgd", [step.learningRate], { settings: { averages: 0 } });
      },
    },
    {
      run(step) {
        step.restoreParameters();
        step.update("sgd", [step.learningRate]);
      },
    },
  ],
};

/**
 * The extragradient method: a step along the gradient at the point to which the gradient leads. For saddle points, where
 * plain descent spirals outwards, as for minima:
 *
 * ```math
 * q = p - learningRate g(p)
 * p <- p - learningRate g(q)
 * ```
 *
 * For a game the gradients are those of every player's own loss. Two gradients a step: `step` takes a closure, which is
 * called at p and at q with the same number. On the game x y it converges for rates below 1. `weightDecay` is taken at p
 * both times.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3 and the other common ones, see {@link CommonOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const [x, y] = [new Float64Array([1]), new Float64Array([1])];
 * const optimizer = extragradient({ x, y }, { learningRate: 0.5 });
 * // x minimises x y, y maximises it.
 * optimizer.step(() => ({ x: y.slice(), y: x.map((value) => -value) })); // x is now [0.25], y is now [1.25]
 * @see Korpelevich 1976
 */
export function extragradient(target: Target, options: CommonOptions & WithEngine = {}): Optimizer {
  return new Optimizer(extragradientRule, target, options) as Optimizer;
}
