import { belowOne, checkNumber, insideUnit } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface LionOptions extends CommonOptions {
  /** Share of the average in the direction of the step, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the average, in [0, 1). Default 0.99. */
  readonly beta2?: number;
}

type Own = Required<Pick<LionOptions, "beta1" | "beta2">>;

const lionRule: UpdateRule<Own> = {
  name: "lion",
  defaults: { learningRate: 1e-4, weightDecay: 0, decoupledWeightDecay: true, beta1: 0.9, beta2: 0.99 },
  conventions: { optax: { weightDecay: 1e-3 }, keras: { learningRate: 1e-3 } },
  validate(where, { beta1, beta2, stateStorage }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, stateStorage === undefined ? belowOne : insideUnit);
  },
  family: updateMore,
  compressible: () => true,
  kernel: () => "lion",
  slots: ({ beta2 }) => [{ name: "firstMoment", initial: 0, decay: beta2 }],
  scalars: (_t, learningRate, { beta1, beta2 }) => [beta1, 1 - beta1, beta2, 1 - beta2, learningRate],
};

/**
 * Lion, whose steps have one size in all coordinates:
 *
 * ```math
 * p <- p - learningRate sign(beta1 m + (1 - beta1) g)
 * m <- beta2 m + (1 - beta2) g
 * ```
 *
 * where sign(0) is 0. `weightDecay` stands beside the step unless
 * `decoupledWeightDecay` is false. The defaults are those of its authors; optax has `weightDecay` 1e-3, keras
 * `learningRate` 1e-3. The average counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1e-4 (keras: 1e-3), `beta1` 0.9 and `beta2` 0.99 in [0, 1), `weightDecay` 0 (optax:
 *   1e-3), `decoupledWeightDecay` true; and the common ones, see {@link LionOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2, 3]);
 * const optimizer = lion({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([7, -0.1, 0]) }); // w is now [0.5, 2.5, 3]
 * @see Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv 2302.06675, 2023
 */
export function lion(target: Target, options: LionOptions & WithEngine = {}): Optimizer {
  return new Optimizer(lionRule, target, options) as Optimizer;
}
