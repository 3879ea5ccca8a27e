import { belowOne, checkBoolean, checkNumber, checkOneOf, unit } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface SgdOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0: plain descent without a state. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the velocity, in [0, 1]. Default 0. */
  readonly dampening?: number;
  /** Step along the gradient plus `momentum` times the velocity. Default `false`. */
  readonly nesterov?: boolean;
  /**
   * Whether the velocity sums gradients, to be multiplied by the rate of the step, or steps, multiplied by the rate of
   * their time; the same for a constant rate. Default `"outside"` (keras: `"inside"`).
   */
  readonly learningRatePlacement?: "outside" | "inside";
}

type Own = Required<Pick<SgdOptions, "momentum" | "dampening" | "nesterov" | "learningRatePlacement">>;

const sgdRule: UpdateRule<Own> = {
  name: "sgd",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0,
    dampening: 0,
    nesterov: false,
    learningRatePlacement: "outside",
  },
  conventions: { keras: { learningRate: 0.01, learningRatePlacement: "inside", decoupledWeightDecay: true } },
  validate(where, { momentum, dampening, nesterov, learningRatePlacement }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkNumber(where, "dampening", dampening, unit);
    checkBoolean(where, "nesterov", nesterov);
    checkOneOf(where, "learningRatePlacement", learningRatePlacement, ["outside", "inside"]);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(`${where}: nesterov needs momentum > 0 and dampening 0, got ${momentum} and ${dampening}`);
    }
  },
  family: update,
  compressible: ({ momentum }) => momentum > 0,
  kernel: ({ momentum }) => (momentum === 0 ? "sgd" : "momentum"),
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  scalars(t, learningRate, { momentum, dampening, nesterov, learningRatePlacement }) {
    if (momentum === 0) return [learningRate];
    const [outside, inside] = learningRatePlacement === "outside" ? [learningRate, 1] : [1, learningRate];
    const intake = t === 1 ? 1 : 1 - dampening;
    return [outside, momentum, inside * intake, nesterov ? inside : 0, nesterov ? momentum : 1];
  },
};

/**
 * Stochastic gradient descent, plain, with heavy-ball or Nesterov momentum. With the gradient g, at step t = 1, 2, ...:
 *
 * ```math
 * b <- g                                      if t = 1
 * b <- momentum b + (1 - dampening) g         otherwise
 * p <- p - learningRate (g + momentum b)      if nesterov
 * p <- p - learningRate b                     otherwise
 * ```
 *
 * Without momentum b is g, whatever `dampening` is, and there is no state. The defaults are torch's; `convention` takes those of
 * keras, where the rate is inside the velocity. The velocity counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3 (keras: 0.01), `momentum` 0 in [0, 1), `dampening` 0 in [0, 1], `nesterov`
 *   false, `decoupledWeightDecay` false (keras: true); and the common ones, see {@link SgdOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const model = parameters({ w: 2 });
 * model.values.w.set([1, -1]);
 * const optimizer = sgd(model, { learningRate: 0.1, momentum: 0.9 });
 * model.gradients.w.set([1, 1]);
 * optimizer.step(); // model.values.w is now [0.9, -1.1]
 * @see Polyak 1964; Sutskever et al. 2013
 */
export function sgd(target: Target, options: SgdOptions & WithEngine = {}): Optimizer {
  return new Optimizer(sgdRule, target, options) as Optimizer;
}
