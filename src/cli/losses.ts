import type { LossName, MethodName, Problem, SamplingName } from "../finite-sum/index.js";
import { METHOD_NAMES, SAMPLINGS } from "../finite-sum/methods/index.js";
import { UsageError } from "./errors.js";

/** The losses that can be named, and whether their labels are classes. */
export const losses: Readonly<Record<LossName, boolean>> = {
  logistic: true,
  softmax: true,
  squared: false,
  absolute: false,
  hinge: true,
  squaredHinge: true,
  smoothedHinge: true,
  huber: false,
  modifiedHuber: true,
  epsilonInsensitive: false,
  poisson: false,
  perceptron: true,
  sigmoid: true,
};

export const methods: readonly MethodName[] = METHOD_NAMES;

export const samplings: readonly SamplingName[] = SAMPLINGS;

export function isForClasses(loss: LossName): boolean {
  return losses[loss];
}

/** The parameters of losses as the command line has them. */
export interface LossFlags {
  readonly loss: LossName;
  readonly delta?: number;
  readonly epsilon?: number;
  readonly smoothing?: number;
}

const PARAMETERS = { delta: "huber", epsilon: "epsilonInsensitive", smoothing: "smoothedHinge" } as const;

/** The loss with its parameter, if one is given. */
export function lossOf(flags: LossFlags): Problem["loss"] {
  let loss: Problem["loss"] = flags.loss;
  for (const [name, owner] of Object.entries(PARAMETERS)) {
    const value = flags[name as keyof typeof PARAMETERS];
    if (value === undefined) continue;
    if (owner !== flags.loss) throw new UsageError(`--${name} is for the loss ${owner}, and --loss is ${flags.loss}`);
    loss = { kind: owner, [name]: value } as Problem["loss"];
  }
  return loss;
}
