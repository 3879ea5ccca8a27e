import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

const frequencyAwareSgdRule: UpdateRule<object> = {
  name: "frequencyAwareSgd",
  defaults: { learningRate: 0.01, weightDecay: 0, decoupledWeightDecay: false },
  validate() {},
  family: updateMore,
  kernel: () => "frequencyAwareSgd",
  slots: () => [{ name: "count", initial: 0 }],
  scalars: (_t, learningRate) => [learningRate],
};

/**
 * Descent with counting rates: a coordinate's rate falls with the number of steps in which its gradient was not 0, so that
 * rare features take great steps when they come:
 *
 * ```math
 * c <- c + 1                              where g != 0
 * p <- p - learningRate g / sqrt(c)       where g != 0
 * ```
 *
 * With an l2 penalty almost no gradient is 0. In float32 a count ends at 2^24.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 0.01; and the common ones, see {@link CommonOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 1]);
 * const optimizer = frequencyAwareSgd({ w }, { learningRate: 0.5 });
 * for (let t = 0; t < 3; t++) optimizer.step({ w: new Float64Array([1, 0]) });
 * optimizer.step({ w: new Float64Array([1, 1]) }); // w[0] went down by 0.25 and w[1] by 0.5
 * @see Li et al., Frequency-aware SGD for Efficient Embedding Learning with Provable Benefits, ICLR 2022
 */
export function frequencyAwareSgd(target: Target, options: CommonOptions & WithEngine = {}): Optimizer {
  return new Optimizer(frequencyAwareSgdRule, target, options);
}
