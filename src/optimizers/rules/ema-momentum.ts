import { belowOne, checkBoolean, checkNumber, checkOneOf } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface EmaMomentumOptions extends CommonOptions {
  /** Decay of the average, in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** What the average is before the first step: 0, or the first gradient. Default `"zero"`. */
  readonly start?: "zero" | "gradient";
  /** Divide by 1 - momentum^t, which undoes a start at 0. Default `false` (optax: `true`). */
  readonly debias?: boolean;
}

type Own = Required<Pick<EmaMomentumOptions, "momentum" | "start" | "debias">>;

const emaMomentumRule: UpdateRule<Own> = {
  name: "emaMomentum",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0.9,
    start: "zero",
    debias: false,
  },
  conventions: { optax: { debias: true } },
  validate(where, { momentum, start, debias }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkOneOf(where, "start", start, ["zero", "gradient"]);
    checkBoolean(where, "debias", debias);
    if (debias && start === "gradient") throw new RangeError(`${where}: debias needs start "zero", got "gradient"`);
  },
  family: update,
  kernel: () => "momentum",
  slots: ({ momentum }) => [{ name: "firstMoment", initial: 0, decay: momentum }],
  scalars(t, learningRate, { momentum, start, debias }) {
    const intake = t === 1 && start === "gradient" ? 1 : 1 - momentum;
    return [debias ? learningRate / oneMinusPower(momentum, t) : learningRate, momentum, intake, 0, 1];
  },
};

/**
 * Descent along an exponential moving average of the gradients. At step t = 1, 2, ...:
 *
 * ```math
 * m <- g                                           if t = 1 and start = "gradient"
 * m <- momentum m + (1 - momentum) g               otherwise
 * p <- p - learningRate m / (1 - momentum^t)       if debias
 * p <- p - learningRate m                          otherwise
 * ```
 *
 * With a constant rate this is `sgd` with the same momentum and 1 - momentum times the rate; here a rate means the same
 * whatever the momentum is. The defaults are those of the textbooks; `convention: "optax"` is that of its `ema`. The average counts as 0
 * below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `momentum` 0.9 in [0, 1), `start` "zero", `debias` false; and the common ones, see
 *   {@link EmaMomentumOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = emaMomentum({ w }, { learningRate: 0.1, debias: true });
 * optimizer.step({ w: new Float64Array([1]) }); // w is now [0.9]
 * @see Cutkosky, Mehta, Momentum Improves Normalized SGD, ICML 2020, section 2
 */
export function emaMomentum(target: Target, options: EmaMomentumOptions & WithEngine = {}): Optimizer {
  return new Optimizer(emaMomentumRule, target, options) as Optimizer;
}
