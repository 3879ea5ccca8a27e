import { belowOne, checkNumber, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import type { UpdateRule } from "../rule.js";

export interface AdadeltaOptions extends CommonOptions {
  /** Decay of both averages (rho), in [0, 1). Default 0.9 (tfjs, keras: 0.95). */
  readonly decay?: number;
  /** Added under both roots, >= 0; with 0 nothing ever moves. Default 1e-6 (tfjs, keras: 1e-7). */
  readonly epsilon?: number;
}

type Own = Required<Pick<AdadeltaOptions, "decay" | "epsilon">>;

const tfjs = { learningRate: 1e-3, decay: 0.95, epsilon: 1e-7 };

export const adadeltaRule: UpdateRule<Own> = {
  name: "adadelta",
  defaults: { learningRate: 1, weightDecay: 0, decoupledWeightDecay: false, decay: 0.9, epsilon: 1e-6 },
  conventions: { tfjs, keras: { ...tfjs, decoupledWeightDecay: true } },
  validate(where, { decay, epsilon }) {
    checkNumber(where, "decay", decay, belowOne);
    checkNumber(where, "epsilon", epsilon, nonNegative);
  },
  kernel: () => "adadelta",
  slots: ({ decay }) => [
    { name: "squaredAverage", initial: 0, decay, squared: true },
    { name: "squaredDelta", initial: 0, decay, squared: true },
  ],
  scalars: (_t, learningRate, { decay, epsilon }) => [decay, 1 - decay, epsilon, learningRate],
};
