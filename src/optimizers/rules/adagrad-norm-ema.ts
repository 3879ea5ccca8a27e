import { checkNumber, checkOneOf, nonNegative, unitAboveZero } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import { scalarAdaptive } from "../scalar-adaptive.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdagradNormEmaOptions extends CommonOptions {
  /** How much of the past is kept from step to step, in (0, 1]. Default 0.99. */
  readonly decay?: number;
  /**
   * What is made of the squared norms: a sum of which the older ones are discounted, or a moving average times the number
   * of steps. Default `"sum"`.
   */
  readonly accumulation?: "sum" | "average";
  /** Its square stands under the root; >= 0. Default 1e-4. */
  readonly epsilon?: number;
}

type Own = Required<Pick<AdagradNormEmaOptions, "decay" | "accumulation" | "epsilon">>;

function validate(where: string, { decay, accumulation, epsilon }: Own): void {
  checkNumber(where, "decay", decay, unitAboveZero);
  checkOneOf(where, "accumulation", accumulation, ["sum", "average"]);
  checkNumber(where, "epsilon", epsilon, nonNegative);
  if (accumulation === "average" && decay === 1) {
    throw new RangeError(`${where}: decay must be below 1 where accumulation is "average", got 1`);
  }
}

const defaults: Own = { decay: 0.99, accumulation: "sum", epsilon: 1e-4 };

const adagradNormEmaRule = scalarAdaptive<Own>({
  name: "adagradNormEma",
  defaults,
  validate,
  initial: ({ epsilon }) => epsilon * epsilon,
  accumulate(memory, squaredNorm, t, { decay, accumulation, epsilon }) {
    const sums = accumulation === "sum";
    memory.sum = decay * memory.sum! + (sums ? 1 : 1 - decay) * squaredNorm;
    memory.underRoot = epsilon * epsilon + (sums ? 1 : t) * memory.sum;
  },
});

/**
 * AdaGrad-Norm that forgets, so that its rate follows the gradients up as well as down. At step t = 1, 2, ...:
 *
 * ```math
 * s <- decay s + ||g||^2                               if accumulation = "sum"
 * s <- decay s + (1 - decay) ||g||^2                   otherwise
 * p <- p - learningRate / sqrt(epsilon^2 + s) * g      if accumulation = "sum"
 * p <- p - learningRate / sqrt(epsilon^2 + t s) * g    otherwise
 * ```
 *
 * Since the rate can grow, a constant `learningRate` doesn't make it converge: on w^2 / 2 it ends by going to and fro between
 * plus and minus learningRate sqrt(1 - decay) / 2. `adagradNormSafeguarded` mends that. With decay 1 it is `adagradNorm`.
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 0.01, `decay` 0.99 in (0, 1], `accumulation` "sum", `epsilon` 1e-4; and the common ones but
 *   `clipValue`, see {@link AdagradNormEmaOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2]);
 * const optimizer = adagradNormEma({ w }, { learningRate: 0.5, epsilon: 0 });
 * optimizer.step({ w: new Float64Array([30, 40]) }); // w is now [0.7, 1.6]
 * @see Cutkosky, Lecture Notes for EC500: Optimization for Machine Learning, section 12
 */
export function adagradNormEma(target: Target, options: AdagradNormEmaOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adagradNormEmaRule, target, options) as Optimizer;
}

const adagradNormSafeguardedRule = scalarAdaptive<Own>({
  name: "adagradNormSafeguarded",
  defaults,
  validate,
  initial: ({ epsilon }) => epsilon * epsilon,
  accumulate(memory, squaredNorm, t, { decay, accumulation, epsilon }) {
    const before = memory.sum!;
    if (accumulation === "sum") {
      memory.sum = decay * before + squaredNorm;
      memory.underRoot = Math.max(memory.underRoot!, t * memory.sum);
    } else {
      memory.sum = Math.max(decay * before + (1 - decay) * squaredNorm, (before * (t - 1)) / t);
      memory.underRoot = epsilon * epsilon + t * memory.sum;
    }
  },
});

/**
 * AdaGrad-Norm that forgets, and whose rate never grows all the same. At step t = 1, 2, ...:
 *
 * ```math
 * b <- epsilon^2                                               at the start
 * s <- decay s + ||g||^2                                       if accumulation = "sum"
 * s <- max(decay s + (1 - decay) ||g||^2, s (t - 1) / t)       otherwise
 * b <- max(b, t s)                                             if accumulation = "sum"
 * b <- epsilon^2 + t s                                         otherwise
 * p <- p - learningRate / sqrt(b) * g
 * ```
 *
 * What AMSGrad is to Adam, with the number of steps besides, so that a constant `learningRate` will do: of the sum, the
 * squared steps add up to at most learningRate^2 (1 + log t).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 0.01, `decay` 0.99 in (0, 1], `accumulation` "sum", `epsilon` 1e-4; and the common ones but
 *   `clipValue`, see {@link AdagradNormEmaOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1, 2]);
 * const optimizer = adagradNormSafeguarded({ w }, { learningRate: 0.5 });
 * optimizer.step({ w: new Float64Array([30, 40]) }); // w is now [0.7, 1.6]
 * @see Cutkosky, Lecture Notes for EC500: Optimization for Machine Learning, section 12, with max(B, t A)
 */
export function adagradNormSafeguarded(target: Target, options: AdagradNormEmaOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adagradNormSafeguardedRule, target, options) as Optimizer;
}
