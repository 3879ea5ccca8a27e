import { update } from "../../engine/families/update.js";
import { checkRestartPeriod, type Restart, stepOfRun, weightAfter } from "../acceleration.js";
import type { CommonOptions } from "../common-options.js";
import type { Memory } from "../memory.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AcceleratedGradientOptions extends CommonOptions, Restart {}

type Own = Required<Restart>;

/** (alpha_(t-1) - 1) / alpha_t, and 0 in the first step of a run. */
function momentumAt(t: number, { restartPeriod }: Own, { alpha }: Memory): number {
  return stepOfRun(t, restartPeriod) === 1 ? 0 : (alpha! - 1) / weightAfter(alpha!);
}

const acceleratedGradientRule: UpdateRule<Own> = {
  name: "acceleratedGradient",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    restartPeriod: Number.POSITIVE_INFINITY,
  },
  validate: (where, { restartPeriod }) => checkRestartPeriod(where, restartPeriod),
  family: update,
  kernel: () => "momentum",
  // The factor tends to 1, so the velocity fades too slowly for more than the ordinary flush.
  slots: () => [{ name: "velocity", initial: 0, decay: 0.99 }],
  memory: () => ({ alpha: 0 }),
  scalars: (t, learningRate, options, memory) => [1, momentumAt(t, options, memory), learningRate, learningRate, 0],
  stages: () => [
    {
      gradient: false,
      run(step) {
        step.keepParameters();
        step.axpy(-momentumAt(step.t, step.options, step.memory), { slot: "velocity" }, "parameters");
      },
    },
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        step.update("momentum", acceleratedGradientRule.scalars(t, learningRate, options, memory));
        memory.alpha = stepOfRun(t, options.restartPeriod) === 1 ? 1 : weightAfter(memory.alpha!);
      },
    },
  ],
};

/**
 * Nesterov's accelerated gradient descent, whose momentum grows from step to step. With alpha_1 = 1, at t = 1, 2, ...:
 *
 * ```math
 * alpha_t = (1 + sqrt(1 + 4 alpha_(t-1)^2)) / 2
 * beta = (alpha_(t-1) - 1) / alpha_t
 * x = p + beta v
 * v <- beta v - learningRate g(x)
 * p <- p + v
 * ```
 *
 * For a convex f with gradients of Lipschitz constant L and a rate of at most 1 / L the last parameters are within
 * 2 |p_1 - p*|^2 / (learningRate (t + 1)^2) of the minimum. Where f is mu-strongly convex, restarting every
 * 3 sqrt(e L / mu) steps makes that a geometric sequence. The same steps as `linearCoupling`, up to rounding. `step` takes a
 * closure, which is called once, while the parameters are x; `weightDecay` is taken there. The slot `velocity` holds -v; it
 * counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `restartPeriod` Infinity; and the common ones, see
 *   {@link AcceleratedGradientOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, -2]);
 * const optimizer = acceleratedGradient({ w }, { learningRate: 1 });
 * for (let t = 0; t < 2; t++) optimizer.step(() => ({ w: new Float64Array([w[0], 0.5 * w[1]]) }));
 * // w is now [0, -0.5], by way of [0, -1]
 * @see Nesterov, A method of solving a convex programming problem with convergence rate O(1/k^2), 1983
 */
export function acceleratedGradient(target: Target, options: AcceleratedGradientOptions & WithEngine = {}): Optimizer {
  return new Optimizer(acceleratedGradientRule, target, options) as Optimizer;
}
