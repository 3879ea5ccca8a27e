import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface AdamaxOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the greatest gradient, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /**
   * Whether epsilon is added to the gradient, before the maximum is taken and kept, or to the maximum when it divides.
   * Default `"inside"` (tfjs, keras: `"outside"`).
   */
  readonly epsilonPlacement?: "inside" | "outside";
}

type Own = Required<Pick<AdamaxOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement">>;

const outside = { epsilon: 1e-7, epsilonPlacement: "outside" } as const;

const adamaxRule: UpdateRule<Own> = {
  name: "adamax",
  defaults: {
    learningRate: 2e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    epsilonPlacement: "inside",
  },
  conventions: { tfjs: outside, keras: { ...outside, learningRate: 1e-3, decoupledWeightDecay: true } },
  validate(where, { beta1, beta2, epsilon, epsilonPlacement }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["inside", "outside"]);
  },
  family: updateMore,
  kernel: () => "adamax",
  slots: ({ beta1, beta2 }) => [
    { name: "firstMoment", initial: 0, decay: beta1 },
    { name: "infinityNorm", initial: 0, decay: beta2 },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon, epsilonPlacement }) {
    const epsilons = epsilonPlacement === "inside" ? [epsilon, 0] : [0, epsilon];
    return [beta1, 1 - beta1, beta2, ...epsilons, learningRate / oneMinusPower(beta1, t)];
  },
};

/**
 * Adamax: Adam with the greatest gradient, which decays, in the place of the root of the second moment:
 *
 * ```math
 * m <- beta1 m + (1 - beta1) g
 * u <- max(beta2 u, |g| + epsilon)            if epsilonPlacement = "inside"
 * u <- max(beta2 u, |g|)                      otherwise
 * mHat = m / (1 - beta1^t)
 * p <- p - learningRate mHat / u              if epsilonPlacement = "inside"
 * p <- p - learningRate mHat / (u + epsilon)  otherwise
 * ```
 *
 * The defaults are torch's; `convention` takes those of optax, tfjs or keras.
 * Both state tensors count as 0 below 2^-100 (float32) or 2^-960 (float64).
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 2e-3 (keras: 1e-3), `beta1` 0.9 and `beta2` 0.999 in [0, 1), `epsilon` 1e-8,
 *   `epsilonPlacement` "inside", `decoupledWeightDecay` false (keras: true); and the common ones, see
 *   {@link AdamaxOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float32Array([1, 2]);
 * const optimizer = adamax({ w }, { learningRate: 0.1 });
 * optimizer.step({ w: new Float32Array([3, -4]) }); // w is now [0.9, 2.1]
 * @see Kingma, Ba, ICLR 2015, section 7.1
 */
export function adamax(target: Target, options: AdamaxOptions & WithEngine = {}): Optimizer {
  return new Optimizer(adamaxRule, target, options) as Optimizer;
}
