import type { CommonOptions } from "../../optimizers/common-options.js";
import { Optimizer } from "../../optimizers/optimizer.js";
import { adadelta } from "../../optimizers/rules/adadelta.js";
import { adagrad } from "../../optimizers/rules/adagrad.js";
import { type AdamOptions, adam, adamRule } from "../../optimizers/rules/adam.js";
import { rmsprop } from "../../optimizers/rules/rmsprop.js";
import { sgd } from "../../optimizers/rules/sgd.js";
import type { Target } from "../../optimizers/target.js";

/** The numbers of a method, whatever the library calls them. */
export interface Settings {
  readonly momentum: number;
  readonly ro: number;
  readonly eps: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly faithfulToBug: "none" | "multipliedBiasCorrection";
}

type Method = (target: Target, settings: Settings, common: CommonOptions) => Optimizer;

/** Adam that multiplies the moments by what it should divide them by, and counts samples, as toygrad 2.6 does. */
function adamWithMultipliedCorrection(target: Target, options: AdamOptions): Optimizer {
  const batchSize = options.lossScale as number;
  const rule: typeof adamRule = {
    ...adamRule,
    scalars(t, learningRate, { beta1, beta2, epsilon }) {
      const k = t * batchSize;
      const rate = learningRate * (1 - beta1 ** k);
      return [beta1, 1 - beta1, beta2, 1 - beta2, rate, Math.sqrt(1 - beta2 ** k), epsilon];
    },
  };
  return new Optimizer(rule, target, options) as Optimizer;
}

const inside = { learningRatePlacement: "inside" } as const;

export type MethodName = "sgd" | "nesterov" | "adagrad" | "windowgrad" | "adadelta" | "adam";

/** The trainers of ConvNetJS 0.3 and toygrad 2.6 by their names. In all of them the velocity sums steps. */
export const methods: Record<MethodName, Method> = {
  sgd: (target, { momentum }, common) => sgd(target, { ...common, ...inside, momentum }),
  nesterov: (target, { momentum }, common) => sgd(target, { ...common, ...inside, momentum, nesterov: momentum > 0 }),
  adagrad: (target, { eps }, common) => adagrad(target, { ...common, epsilon: eps, epsilonPlacement: "inside" }),
  windowgrad: (target, { eps, ro }, common) =>
    rmsprop(target, { ...common, decay: ro, epsilon: eps, epsilonPlacement: "inside" }),
  adadelta: (target, { eps, ro }, common) =>
    adadelta(target, { ...common, learningRate: 1, decay: ro, epsilon: eps, rootPlacement: "quotient" }),
  adam(target, { eps, beta1, beta2, faithfulToBug }, common) {
    const create = faithfulToBug === "none" ? adam : adamWithMultipliedCorrection;
    return create(target, { ...common, beta1, beta2, epsilon: eps });
  },
};
