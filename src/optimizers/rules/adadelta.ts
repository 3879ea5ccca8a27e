import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdadeltaOptions extends CommonOptions {
  /** Decay of both averages (rho), in [0, 1). Default 0.9 (tfjs, keras: 0.95). */
  readonly decay?: number;
  /** Added under both roots, >= 0; with 0 nothing ever moves. Default 1e-6 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /**
   * `"quotient"`: one root, sqrt((d + epsilon) / (v + epsilon)), as ConvNetJS has it, which differs in rounding and takes less
   * time where roots bound the step, in float64 above all. Default `"each"` (torch's, tfjs's, keras's).
   */
  readonly rootPlacement?: "each" | "quotient";
  /**
   * `"tfjsStaleDenominator"`: divide by the root of the average from before the step, as TensorFlow.js 4.22 does. The first
   * step is longer by sqrt(1 + (1 - decay) g^2 / epsilon): see {@link deviations}. Default `"none"`.
   */
  readonly faithfulToBug?: "none" | "tfjsStaleDenominator";
}

type Own = Required<Pick<AdadeltaOptions, "decay" | "epsilon" | "rootPlacement" | "faithfulToBug">>;

const tfjs = { learningRate: 1e-3, decay: 0.95, epsilon: 1e-7 };

const adadeltaRule: UpdateRule<Own> = {
  name: "adadelta",
  defaults: {
    learningRate: 1,
    weightDecay: 0,
    decoupledWeightDecay: false,
    decay: 0.9,
    epsilon: 1e-6,
    rootPlacement: "each",
    faithfulToBug: "none",
  },
  conventions: { tfjs, keras: { ...tfjs, decoupledWeightDecay: true } },
  validate(where, { decay, epsilon, rootPlacement, faithfulToBug }) {
    checkNumber(where, "decay", decay, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "rootPlacement", rootPlacement, ["each", "quotient"]);
    checkOneOf(where, "faithfulToBug", faithfulToBug, ["none", "tfjsStaleDenominator"]);
    if (rootPlacement === "quotient" && faithfulToBug !== "none") {
      throw new RangeError(`${where}: faithfulToBug needs rootPlacement "each"`);
    }
  },
  family: updateMore,
  kernel({ rootPlacement, faithfulToBug }) {
    if (rootPlacement === "quotient") return "quotientAdadelta";
    return faithfulToBug === "none" ? "adadelta" : "staleAdadelta";
  },
  slots: ({ decay }) => [
    { name: "squaredAverage", initial: 0, decay, squared: true },
    { name: "squaredDelta", initial: 0, decay, squared: true },
  ],
  scalars: (_t, learningRate, { decay, epsilon }) => [decay, 1 - decay, epsilon, learningRate],
};

/**
 * Adadelta, which takes the size of its steps from the steps before:
 *
 * ```math
 * v <- decay v + (1 - decay) g^2
 * u = sqrt(d + epsilon) / sqrt(v + epsilon) * g
 * d <- decay d + (1 - decay) u^2
 * p <- p - learningRate u
 * ```
 *
 * from v = d = 0. The defaults are torch's; `convention` takes those of tfjs or keras, which
 * differ in the rate too. As published, the rate is 1. Both averages count as 0 below 2^-115 (float32) or 2^-1011
 * (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 1 (tfjs, keras: 1e-3), `decay` 0.9 in [0, 1), `epsilon` 1e-6, `rootPlacement`
 *   "each", `decoupledWeightDecay` false (keras: true); and the common ones, see {@link AdadeltaOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = adadelta({ w }, { decay: 0.75, epsilon: 1 });
 * optimizer.step({ w: new Float64Array([1]) }); // w is now [0.1056]: 1 less 1 / sqrt(1.25)
 * @see Zeiler, arXiv 1212.5701, 2012
 */
export function adadelta(target: Target, options: AdadeltaOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adadeltaRule, target, options) as Optimizer;
}
