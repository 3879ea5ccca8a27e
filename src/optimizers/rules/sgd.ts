import { belowOne, checkBoolean, checkNumber, checkOneOf, unit } from "../../check.js";
import type { CommonOptions } from "../common-options.js";
import type { UpdateRule } from "../rule.js";

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

export const sgdRule: UpdateRule<Own> = {
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
  kernel: ({ momentum }) => (momentum === 0 ? "sgd" : "momentum"),
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  scalars(t, learningRate, { momentum, dampening, nesterov, learningRatePlacement }) {
    if (momentum === 0) return [learningRate];
    const [outside, inside] = learningRatePlacement === "outside" ? [learningRate, 1] : [1, learningRate];
    const intake = t === 1 ? 1 : 1 - dampening;
    return [outside, momentum, inside * intake, nesterov ? inside : 0, nesterov ? momentum : 1];
  },
};
