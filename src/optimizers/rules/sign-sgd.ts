import { belowOne, checkNumber } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

const signSgdRule: UpdateRule<object> = {
  name: "signSgd",
  defaults: { learningRate: 1e-4, weightDecay: 0, decoupledWeightDecay: false },
  validate() {},
  family: updateMore,
  kernel: () => "signSgd",
  slots: () => [],
  scalars: (_t, learningRate) => [learningRate],
};

/**
 * Descent along the sign of the gradient, whose steps have one size in all coordinates:
 *
 * ```math
 * p <- p - learningRate sign(g)
 * ```
 *
 * where sign(0) is 0. The sign of a noisy gradient may point the wrong way on average, so that no rate makes it converge.
 * optax calls it `sign_sgd`; torch, tfjs and keras have no such rule, nor does any say a rate.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-4; and the common ones, see {@link CommonOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2, 3]);
 * const optimizer = signSgd({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([7, -0.1, 0]) }); // w is now [0.5, 2.5, 3]
 * @see Bernstein et al., signSGD: Compressed Optimisation for Non-Convex Problems, ICML 2018
 */
export function signSgd(target: Target, options: CommonOptions & WithEngine = {}): Optimizer {
  return new Optimizer(signSgdRule, target, options);
}

export interface SignumOptions extends CommonOptions {
  /** Decay of the average, in [0, 1). Default 0.9. */
  readonly momentum?: number;
}

type Own = Required<Pick<SignumOptions, "momentum">>;

/** Lion whose two decays are one: the direction of the step is the average that it keeps. */
const signumRule: UpdateRule<Own> = {
  name: "signum",
  defaults: { learningRate: 1e-4, weightDecay: 0, decoupledWeightDecay: false, momentum: 0.9 },
  validate(where, { momentum }) {
    checkNumber(where, "momentum", momentum, belowOne);
  },
  family: updateMore,
  kernel: () => "lion",
  slots: ({ momentum }) => [{ name: "firstMoment", initial: 0, decay: momentum }],
  scalars: (_t, learningRate, { momentum }) => [momentum, 1 - momentum, momentum, 1 - momentum, learningRate],
};

/**
 * Signum, descent along the sign of an average of the gradients:
 *
 * ```math
 * m <- momentum m + (1 - momentum) g
 * p <- p - learningRate sign(m)
 * ```
 *
 * where sign(0) is 0. It is `lion` with beta1 = beta2 = momentum. The average counts as 0 below 2^-100 (float32) or 2^-960
 * (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-4, `momentum` 0.9 in [0, 1); and the common ones, see {@link SignumOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2, 3]);
 * const optimizer = signum({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([7, -0.1, 0]) }); // w is now [0.5, 2.5, 3]
 * optimizer.step({ w: new Float64Array([-1, 0, 0]) }); // w is now [0, 3, 3]
 * @see Bernstein et al., signSGD: Compressed Optimisation for Non-Convex Problems, ICML 2018, section 5
 */
export function signum(target: Target, options: SignumOptions & WithEngine = {}): Optimizer {
  return new Optimizer(signumRule, target, options) as Optimizer;
}
