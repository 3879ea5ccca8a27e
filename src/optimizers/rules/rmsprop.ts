import { belowOne, checkBoolean, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import { updateMore } from "../../engine/families/update-more.js";
import type { CommonOptions } from "../common-options.js";
import { Optimizer } from "../optimizer.js";
import type { UpdateRule } from "../rule.js";
import type { Target } from "../target.js";
import type { WithEngine } from "../with-engine.js";

export interface RmspropOptions extends CommonOptions {
  /** Decay of the averages (torch: alpha, keras: rho), in [0, 1). Default 0.99 (optax, tfjs, keras: 0.9). */
  readonly decay?: number;
  /** Keeps what divides away from 0; >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /** Whether epsilon is added to the root or under it. Default `"outside"` (optax, tfjs, keras: `"inside"`). */
  readonly epsilonPlacement?: "outside" | "inside";
  /**
   * Divide by the root of the gradient's variance rather than of its mean square. Under gradients that hardly vary the
   * variance is near 0, and epsilon alone bounds the step. Default `false`.
   */
  readonly centered?: boolean;
  /** Factor of a velocity along the scaled gradients, in [0, 1). Default 0: none. */
  readonly momentum?: number;
  /**
   * Whether the velocity sums scaled gradients, to be multiplied by the rate of the step, or steps, multiplied by the
   * rate of their time; the same for a constant rate. Default `"outside"` (optax, tfjs, keras: `"inside"`).
   */
  readonly learningRatePlacement?: "outside" | "inside";
  /**
   * `"tfjsSubtractedEpsilon"`: take epsilon away from the variance, as TensorFlow.js 4.22 does in the centred form. NaN
   * where the variance is less: see {@link deviations}. Default `"none"`.
   */
  readonly faithfulToBug?: "none" | "tfjsSubtractedEpsilon";
}

type Own = Required<
  Pick<
    RmspropOptions,
    "decay" | "epsilon" | "epsilonPlacement" | "centered" | "momentum" | "learningRatePlacement" | "faithfulToBug"
  >
>;

const inside = { decay: 0.9, epsilonPlacement: "inside", learningRatePlacement: "inside" } as const;

const rmspropRule: UpdateRule<Own> = {
  name: "rmsprop",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    decay: 0.99,
    epsilon: 1e-8,
    epsilonPlacement: "outside",
    centered: false,
    momentum: 0,
    learningRatePlacement: "outside",
    faithfulToBug: "none",
  },
  conventions: {
    optax: inside,
    tfjs: { ...inside, epsilon: 1e-7 },
    keras: { ...inside, epsilon: 1e-7, learningRate: 1e-3, decoupledWeightDecay: true },
  },
  validate(where, { decay, epsilon, epsilonPlacement, centered, momentum, learningRatePlacement, faithfulToBug }) {
    checkNumber(where, "decay", decay, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["outside", "inside"]);
    checkBoolean(where, "centered", centered);
    checkNumber(where, "momentum", momentum, belowOne);
    checkOneOf(where, "learningRatePlacement", learningRatePlacement, ["outside", "inside"]);
    checkOneOf(where, "faithfulToBug", faithfulToBug, ["none", "tfjsSubtractedEpsilon"]);
    if (faithfulToBug !== "none" && !(centered && epsilonPlacement === "inside")) {
      throw new RangeError(`${where}: faithfulToBug needs centered and epsilonPlacement "inside"`);
    }
  },
  family: updateMore,
  kernel({ centered, momentum }) {
    if (momentum === 0) return centered ? "centeredRmsprop" : "rmsprop";
    return centered ? "centeredRmspropMomentum" : "rmspropMomentum";
  },
  slots: ({ decay, centered, momentum }) => [
    { name: "squaredAverage", initial: 0, decay, squared: true },
    ...(centered ? [{ name: "meanGradient", initial: 0, decay }] : []),
    ...(momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  ],
  scalars(_t, learningRate, options) {
    const { decay, epsilon, epsilonPlacement, momentum, learningRatePlacement, faithfulToBug } = options;
    const sign = faithfulToBug === "none" ? 1 : -1;
    const epsilons = epsilonPlacement === "inside" ? [sign * epsilon, 0] : [0, epsilon];
    const rates = learningRatePlacement === "inside" ? [learningRate, 1] : [1, learningRate];
    return [decay, 1 - decay, ...epsilons, ...(momentum === 0 ? [learningRate] : [momentum, ...rates])];
  },
};

/**
 * RMSProp, plain or centred, with or without momentum:
 *
 * ```math
 * v <- decay v + (1 - decay) g^2
 * m <- decay m + (1 - decay) g                if centered
 * w = max(v - m^2, 0)                         if centered
 * w = v                                       otherwise
 * u = g / (sqrt(w) + epsilon)                 if epsilonPlacement = "outside"
 * u = g / sqrt(w + epsilon)                   otherwise
 * b <- momentum b + u
 * p <- p - learningRate b
 * ```
 *
 * Without momentum b is u, and kept nowhere. The variance v - m^2 is held at 0, since rounding can make m^2 the greater; torch
 * has NaN there. The defaults are torch's; `convention` takes those of optax, tfjs or keras. tfjs takes epsilon away from the
 * variance in the centred form; here it is added, unless `faithfulToBug` asks for the error. In float32 m and b count as 0
 * below 2^-100 and v below 2^-115, in float64 below 2^-960 and 2^-1011.
 *
 * @param target a parameter set, or a record or list of typed arrays
 * @param options `learningRate` 0.01 (keras: 1e-3), `decay` 0.99 in [0, 1), `epsilon` 1e-8, `epsilonPlacement`
 *   "outside", `centered` false, `momentum` 0 in [0, 1), `learningRatePlacement` "outside", `decoupledWeightDecay`
 *   false (keras: true); and the common ones, see {@link RmspropOptions}
 * @throws TypeError or RangeError for options or targets that are none, naming them
 *
 * @example
 * const w = new Float64Array([1]);
 * const optimizer = rmsprop({ w }, { learningRate: 0.25, decay: 0.75 });
 * optimizer.step({ w: new Float64Array([4]) }); // w is now [0.5], but for epsilon
 * @see Tieleman, Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012; Graves, arXiv 1308.0850, 2013
 */
export function rmsprop(target: Target, options: RmspropOptions & WithEngine = {}): Optimizer {
  return new Optimizer(rmspropRule, target, options) as Optimizer;
}
