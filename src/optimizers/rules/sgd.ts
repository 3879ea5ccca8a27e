import { belowOne, checkBoolean, checkNumber, unit } from "../../check.js";
import type { CommonOptions, UpdateRule } from "../rule.js";

export interface SgdOptions extends CommonOptions {
  /** Factor of the velocity, in [0, 1). Default 0: plain descent without a state. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the velocity, in [0, 1]. Default 0. */
  readonly dampening?: number;
  /** Step along the gradient plus `momentum` times the velocity. Default `false`. */
  readonly nesterov?: boolean;
}

type Own = Required<Pick<SgdOptions, "momentum" | "dampening" | "nesterov">>;

export const sgdRule: UpdateRule<Own> = {
  name: "sgd",
  defaults: {
    learningRate: 1e-3,
    weightDecay: 0,
    decoupledWeightDecay: false,
    momentum: 0,
    dampening: 0,
    nesterov: false,
  },
  conventions: { keras: { learningRate: 0.01 } },
  validate(where, { momentum, dampening, nesterov }) {
    checkNumber(where, "momentum", momentum, belowOne);
    checkNumber(where, "dampening", dampening, unit);
    checkBoolean(where, "nesterov", nesterov);
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(`${where}: nesterov needs momentum > 0 and dampening 0, got ${momentum} and ${dampening}`);
    }
  },
  kernel: ({ momentum }) => (momentum === 0 ? "sgd" : "momentum"),
  slots: ({ momentum }) => (momentum === 0 ? [] : [{ name: "velocity", initial: 0, decay: momentum }]),
  scalars(t, learningRate, { momentum, dampening, nesterov }) {
    if (momentum === 0) return [learningRate];
    const intake = t === 1 ? 1 : 1 - dampening;
    return [learningRate, momentum, intake, nesterov ? 1 : 0, nesterov ? momentum : 1];
  },
};
