import { belowOne, checkBoolean, checkNumber } from "../../check.js";
import { update } from "../../engine/families/update.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface StormOptions extends CommonOptions {
  /** Share beta of the corrected estimate that stays, in [0, 1). Default 0.9. */
  readonly momentum?: number;
  /** Divide the estimate by its norm, so that every step has the length of the rate. Default `false`. */
  readonly normalize?: boolean;
}

type Own = Required<Pick<StormOptions, "momentum" | "normalize">>;

const estimate = { slot: "estimate" };
const next = { slot: "nextEstimate" };
const previous = { slot: "previousParameters" };

/** A pass that only takes in the gradient: the kernel's velocity is m of this step, and the parameters stay. */
const intake = { slots: [next.slot], settings: { averages: 0, shrink: 0, box: Number.POSITIVE_INFINITY } };

const stormRule: UpdateRule<Own> = {
  name: "storm",
  defaults: { learningRate: 1e-3, weightDecay: 0, decoupledWeightDecay: false, momentum: 0.9, normalize: false },
  validate(where, { momentum, normalize }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkBoolean(where, "normalize", normalize);
  },
  family: update,
  kernel: () => "momentum",
  slots: ({ momentum }) => [
    { name: estimate.slot, initial: 0, decay: momentum },
    { name: previous.slot, initial: "parameters" },
    { name: next.slot, initial: 0, temporary: true },
  ],
  // m + g, and a step along it.
  scalars: (_t, learningRate) => [learningRate, 1, 1, 0, 1],
  stages: () => [
    {
      gradient: false,
      run(step) {
        step.keepParameters();
        step.copy(previous, "parameters");
      },
    },
    {
      // At the previous parameters: beta (m - g).
      run(step) {
        const beta = step.t === 1 ? 0 : step.options.momentum;
        step.copy(estimate, next);
        step.update("momentum", [0, beta, -beta, 0, 0], intake);
        step.restoreParameters();
      },
    },
    {
      run(step) {
        const { t, learningRate, options, memory } = step;
        step.copy("parameters", previous);
        const scalars = stormRule.scalars(t, learningRate, options, memory);
        if (!options.normalize) step.update("momentum", scalars, { slots: [next.slot] });
        else {
          step.update("momentum", stormRule.scalars(t, 0, options, memory), intake);
          const length = step.norm(next);
          step.clearTensorFactors();
          step.update("sgd", [length === 0 ? 0 : learningRate / length], {
            slots: [],
            along: next,
            settings: { gradientScale: 1, clipValue: Number.POSITIVE_INFINITY, l2: 0, clear: false },
          });
        }
        step.copy(next, estimate);
      },
    },
  ],
};

/**
 * STORM: momentum with the bias taken out, so that the estimate m follows the gradient with less and less variance. With
 * the gradients g of one sample at the parameters p and at those before the last step, q:
 *
 * ```math
 * m <- g                                  if t = 1
 * m <- g(p) + momentum (m - g(q))         otherwise
 * q <- p
 * p <- p - learningRate m / ||m||         if normalize
 * p <- p - learningRate m                 otherwise
 * ```
 *
 * Without noise m is the gradient, whatever the momentum. Two gradients a step: `step` takes a closure, which is called at q and then
 * at p with the same number, and must take the same sample both times. The norm is taken over all parameters of a group;
 * while it is 0 there is no step. The estimate counts as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of `Float32Array`s or `Float64Array`s
 * @param options `learningRate` 1e-3, `momentum` 0.9 in [0, 1), `normalize` false; and the common ones, see
 *   {@link StormOptions}. In theory the rate goes with T^(-1/3) and 1 - momentum with T^(-2/3) for T steps; normalised, the rate
 *   with T^(-2/3)
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const samples = [0.5, -0.5, 1];
 * const optimizer = storm({ w }, { learningRate: 0.1 });
 * for (let t = 0; t < 3; t++) optimizer.step((sample) => ({ w: w.map((value) => value - samples[sample % 3]) }));
 * @see Cutkosky, Orabona, Momentum-Based Variance Reduction in Non-Convex SGD, NeurIPS 2019
 */
export function storm(target: Target, options: StormOptions & WithEngine = {}): Optimizer {
  return new Optimizer(stormRule, target, options) as Optimizer;
}
