import { checkNumber, checkOneOf, nonNegative } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import type { UpdateRule } from "../rule.js";

export interface AdagradOptions extends CommonOptions {
  /** Gamma >= 0 in learningRate / (1 + (t - 1) gamma) for step t = 1, 2, ... Default 0. */
  readonly learningRateDecay?: number;
  /** What the sums of squares start from, >= 0. Default 0 (optax, tfjs, keras: 0.1). */
  readonly initialAccumulator?: number;
  /** >= 0. Default 1e-10 (optax, tfjs, keras: 1e-7). */
  readonly epsilon?: number;
  /** Whether epsilon is added to the root or under it. Default `"outside"` (optax, tfjs, keras: `"inside"`). */
  readonly epsilonPlacement?: "outside" | "inside";
}

type Own = Required<Pick<AdagradOptions, "learningRateDecay" | "initialAccumulator" | "epsilon" | "epsilonPlacement">>;

const inside = { initialAccumulator: 0.1, epsilon: 1e-7, epsilonPlacement: "inside" } as const;

export const adagradRule: UpdateRule<Own> = {
  name: "adagrad",
  defaults: {
    learningRate: 0.01,
    weightDecay: 0,
    decoupledWeightDecay: false,
    learningRateDecay: 0,
    initialAccumulator: 0,
    epsilon: 1e-10,
    epsilonPlacement: "outside",
  },
  conventions: { optax: inside, tfjs: inside, keras: { ...inside, learningRate: 1e-3, decoupledWeightDecay: true } },
  validate(where, { learningRateDecay, initialAccumulator, epsilon, epsilonPlacement }) {
    checkNumber(where, "learningRateDecay", learningRateDecay, nonNegative);
    checkNumber(where, "initialAccumulator", initialAccumulator, nonNegative);
    checkNumber(where, "epsilon", epsilon, nonNegative);
    checkOneOf(where, "epsilonPlacement", epsilonPlacement, ["outside", "inside"]);
  },
  kernel: () => "adagrad",
  slots: ({ initialAccumulator }) => [{ name: "sum", initial: initialAccumulator }],
  scalars(t, learningRate, { learningRateDecay, epsilon, epsilonPlacement }) {
    const rate = learningRate / (1 + (t - 1) * learningRateDecay);
    return epsilonPlacement === "inside" ? [rate, epsilon, 0] : [rate, 0, epsilon];
  },
};
