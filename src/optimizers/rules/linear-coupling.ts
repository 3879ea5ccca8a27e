import { update } from "../../engine/families/update.js";
import { checkRestartPeriod, type Restart, stepOfRun, weightAfter } from "../acceleration.js";
import type { CommonOptions } from "../common-options.js";
import type { Memory } from "../memory.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface LinearCouplingOptions extends CommonOptions, Restart {}

type Own = Required<Restart>;

/** alpha_t */
function weightAt(t: number, { restartPeriod }: Own, { alpha }: Memory): number {
  return stepOfRun(t, restartPeriod) === 1 ? 1 : weightAfter(alpha!);
}

const linearCouplingRule: UpdateRule<Own> = {
  name: "linearCoupling",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    restartPeriod: Number.POSITIVE_INFINITY,
  },
  validate: (where, { restartPeriod }) => checkRestartPeriod(where, restartPeriod),
  family: update,
  kernel: () => "momentum",
  slots: () => [{ name: "mirrorPoint", initial: "parameters" }],
  memory: () => ({ alpha: 0 }),
  // The kernel's velocity is y: it keeps all of it and takes in -learningRate alpha g; the parameters, at x, step along g.
  scalars: (t, learningRate, options, memory) => [learningRate, 1, -learningRate * weightAt(t, options, memory), 1, 0],
  stages: () => [
    {
      gradient: false,
      run(step) {
        const mirrorPoint = { slot: "mirrorPoint" };
        step.keepParameters();
        if (stepOfRun(step.t, step.options.restartPeriod) === 1) step.copy("parameters", mirrorPoint);
        const tau = 1 / weightAt(step.t, step.options, step.memory);
        step.axpby(tau, mirrorPoint, 1 - tau, "parameters");
      },
    },
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        step.update("momentum", linearCouplingRule.scalars(t, learningRate, options, memory));
        memory.alpha = weightAt(t, options, memory);
      },
    },
  ],
};

/**
 * Accelerated gradient descent as a coupling of two descents, a short one of p and a long one of y. With alpha_1 = 1 and
 * y_1 = p_1, at t = 1, 2, ...:
 *
 * ```math
 * y <- p                                      at the start
 * alpha <- (1 + sqrt(1 + 4 alpha^2)) / 2
 * x = (1 - 1 / alpha) p + y / alpha
 * y <- y - learningRate alpha g(x)
 * p <- x - learningRate g(x)
 * ```
 *
 * For a convex f with gradients of Lipschitz constant L and a rate of at most 1 / L the last parameters are within
 * 2 |p_1 - p*|^2 / (learningRate (t + 1)^2) of the minimum. The same steps as `acceleratedGradient`, up to rounding. `step`
 * takes a closure, which is called once, while the parameters are x; `weightDecay` is taken there.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `restartPeriod` Infinity; and the common ones, see {@link LinearCouplingOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, -2]);
 * const optimizer = linearCoupling({ w }, { learningRate: 1 });
 * for (let t = 0; t < 2; t++) optimizer.step(() => ({ w: new Float64Array([w[0], 0.5 * w[1]]) }));
 * // w is now [0, -0.5], by way of [0, -1]
 * @see Allen-Zhu, Orecchia, Linear Coupling: An Ultimate Unification of Gradient and Mirror Descent, ITCS 2017
 */
export function linearCoupling(target: Target, options: LinearCouplingOptions & WithEngine = {}): Optimizer {
  return new Optimizer(linearCouplingRule, target, options) as Optimizer;
}
