import { belowOne, checkNumber, checkOneOf, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import type { UpdateRule } from "../rule.js";

export interface AdamaxOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the greatest gradient, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** >= 0. Default 1e-8 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /**
   * Whether epsilon is added to the gradient, before the maximum is taken and kept, or to the maximum when it divides.
   * Default `"inside"` (tfjs, keras: `"outside"`).
   */
  readonly epsilonPlacement?: "inside" | "outside";
}

type Own = Required<Pick<AdamaxOptions, "beta1" | "beta2" | "epsilon" | "epsilonPlacement">>;

const outside = { epsilon: 1e-7, epsilonPlacement: "outside" } as const;

export const adamaxRule: UpdateRule<Own> = {
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
