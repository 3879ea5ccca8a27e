import { checkBoolean, checkNumber, nonNegative, positive } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import { scalarAdaptive } from "../scalar-adaptive.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdagradNormOptions extends CommonOptions {
  /** Its square stands under the root beside the sum; >= 0. Default 1e-4. */
  readonly epsilon?: number;
  /** Leave the gradient of the step out of its rate, which then doesn't depend on it; epsilon > 0. Default `false`. */
  readonly delayed?: boolean;
}

type Own = Required<Pick<AdagradNormOptions, "epsilon" | "delayed">>;

const adagradNormRule = scalarAdaptive<Own>({
  name: "adagradNorm",
  defaults: { epsilon: 1e-4, delayed: false },
  validate(where, { epsilon, delayed }) {
    checkBoolean(where, "delayed", delayed);
    checkNumber(where, "epsilon", epsilon, delayed ? positive : nonNegative);
  },
  initial: ({ epsilon }) => epsilon * epsilon,
  accumulate(memory, squaredNorm, _t, { epsilon, delayed }) {
    const before = memory.sum!;
    memory.sum = before + squaredNorm;
    memory.underRoot = epsilon * epsilon + (delayed ? before : memory.sum);
  },
});

/**
 * AdaGrad-Norm, adaptive descent with one rate for all parameters of a group:
 *
 * ```math
 * p <- p - learningRate / sqrt(epsilon^2 + s) * g    if delayed
 * s <- s + ||g||^2
 * p <- p - learningRate / sqrt(epsilon^2 + s) * g    if not delayed
 * ```
 *
 * and delayed, the gradient of a step does not count in its own rate. No step is longer than `learningRate`, unless delayed. With `projection: { kind: "ball", radius: D }` and
 * `learningRate: Math.SQRT2 * D` it is projected adaptive descent. The norm is that of the gradient with its penalty. torch,
 * optax, tfjs and keras have no such rule.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 0.01, `epsilon` 1e-4, `delayed` false; and the common ones but `clipValue`, see
 *   {@link AdagradNormOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2]);
 * const optimizer = adagradNorm({ w }, { learningRate: 0.5, epsilon: 0 });
 * optimizer.step({ w: new Float64Array([30, 40]) }); // w is now [0.7, 1.6]
 * @see Ward, Wu, Bottou, AdaGrad Stepsizes, JMLR 2020; delayed: Li, Orabona, AISTATS 2019
 */
export function adagradNorm(target: Target, options: AdagradNormOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adagradNormRule, target, options) as Optimizer;
}
