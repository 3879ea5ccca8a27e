import { belowOne, checkNumber, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import { oneMinusPower } from "../one-minus-power.js";
import type { UpdateRule } from "../rule.js";

export interface YogiOptions extends CommonOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** 1 less the share of g^2 by which the second moment moves, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root, >= 0. Default 1e-3. */
  readonly epsilon?: number;
  /** What both moments start from, >= 0. Default 1e-6. */
  readonly initialAccumulator?: number;
}

type Own = Required<Pick<YogiOptions, "beta1" | "beta2" | "epsilon" | "initialAccumulator">>;

export const yogiRule: UpdateRule<Own> = {
  name: "yogi",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-3,
    initialAccumulator: 1e-6,
  },
  validate(where, { beta1, beta2, epsilon, initialAccumulator }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkNumber(where, "initialAccumulator", initialAccumulator, nonNegative);
  },
  kernel: () => "yogi",
  slots: ({ beta1, initialAccumulator }) => [
    { name: "firstMoment", initial: initialAccumulator, decay: beta1 },
    // Without a gradient it stays as it is.
    { name: "secondMoment", initial: initialAccumulator },
  ],
  scalars(t, learningRate, { beta1, beta2, epsilon }) {
    const stepSize = learningRate / oneMinusPower(beta1, t);
    return [beta1, 1 - beta1, 1 - beta2, stepSize, 1 / Math.sqrt(oneMinusPower(beta2, t)), epsilon];
  },
};
