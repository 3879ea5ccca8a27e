import { belowOne, checkNumber } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import type { UpdateRule } from "../rule.js";

export interface LionOptions extends CommonOptions {
  /** Share of the average in the direction of the step, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the average, in [0, 1). Default 0.99. */
  readonly beta2?: number;
}

type Own = Required<Pick<LionOptions, "beta1" | "beta2">>;

export const lionRule: UpdateRule<Own> = {
  name: "lion",
  defaults: { learningRate: 1e-4, weightDecay: 0, decoupledWeightDecay: true, beta1: 0.9, beta2: 0.99 },
  conventions: { optax: { weightDecay: 1e-3 }, keras: { learningRate: 1e-3 } },
  validate(where, { beta1, beta2 }) {
    checkNumber(where, "beta1", beta1, belowOne);
    checkNumber(where, "beta2", beta2, belowOne);
  },
  kernel: () => "lion",
  slots: ({ beta2 }) => [{ name: "firstMoment", initial: 0, decay: beta2 }],
  scalars: (_t, learningRate, { beta1, beta2 }) => [beta1, 1 - beta1, beta2, 1 - beta2, learningRate],
};
