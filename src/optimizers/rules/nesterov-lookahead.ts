import { belowOne, checkNumber, checkOneOf } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface NesterovLookaheadOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /**
   * Whether the velocity sums gradients, to be multiplied by the rate of the step, or steps, multiplied by the rate of
   * their time; the same for a constant rate. Default `"outside"`.
   */
  readonly learningRatePlacement?: "outside" | "inside";
}

type Own = Required<Pick<NesterovLookaheadOptions, "momentum" | "learningRatePlacement">>;

const nesterovLookaheadRule: UpdateRule<Own> = {
  name: "nesterovLookahead",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0.9,
    learningRatePlacement: "outside",
  },
  validate(where, { momentum, learningRatePlacement }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkOneOf(where, "learningRatePlacement", learningRatePlacement, ["outside", "inside"]);
  },
  family: update,
  kernel: () => "momentum",
  slots: ({ momentum }) => [{ name: "velocity", initial: 0, decay: momentum }],
  // From x = p - rate mu b the step to p - rate (mu b + g) is x - rate g: the velocity takes no part in it.
  scalars: (_t, learningRate, { momentum, learningRatePlacement }) =>
    learningRatePlacement === "outside"
      ? [learningRate, momentum, 1, 1, 0]
      : [1, momentum, learningRate, learningRate, 0],
  stages: () => [
    {
      gradient: false,
      run(step) {
        const { momentum, learningRatePlacement } = step.options;
        step.keepParameters();
        const rate = learningRatePlacement === "outside" ? step.learningRate : 1;
        step.axpy(-rate * momentum, { slot: "velocity" }, "parameters");
      },
    },
    {
      run(step) {
        step.update("momentum", nesterovLookaheadRule.scalars(step.t, step.learningRate, step.options, step.memory));
      },
    },
  ],
};

/**
 * Nesterov's momentum as it was first written, with the gradient at the point where the velocity leads:
 *
 * ```math
 * x = p - learningRate momentum b
 * b <- momentum b + g(x)
 * p <- p - learningRate b
 * ```
 *
 * It goes by the names of look-ahead and of two-step integrator too. `sgd` with `nesterov: true` walks through the points
 * x themselves and takes the gradient at its parameters, which is cheaper; here the parameters between two steps are the
 * p, and `step` takes a closure that is called once, while the parameters are x. `weightDecay` is taken at x, with the
 * gradient. The velocity counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `momentum` 0.9 in [0, 1), `learningRatePlacement` "outside"; and the common ones,
 *   see {@link NesterovLookaheadOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = nesterovLookahead({ w }, { learningRate: 0.1 });
 * for (let t = 0; t < 3; t++) optimizer.step(() => ({ w: w.slice() })); // of w^2 / 2
 * // w is now [0.51759], by way of 0.9 and 0.729
 * @see Nesterov 1983; Sutskever et al., On the importance of initialization and momentum in deep learning, 2013
 */
export function nesterovLookahead(target: Target, options: NesterovLookaheadOptions & WithEngine = {}): Optimizer {
  return new Optimizer(nesterovLookaheadRule, target, options) as Optimizer;
}
