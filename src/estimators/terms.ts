import { checkBoolean, checkNumber, nonNegative } from "../check.js";
import type { LossName, Problem } from "../finite-sum/index.js";
import { checkLoss } from "../finite-sum/losses.js";

/** The terms of F that an estimator's options come to. */
export type Terms = Pick<Problem, "loss" | "l1" | "l2" | "scaleColumns">;

/** A penalty of weight `strength` in F, shared out between |w|_1 and |w|^2 / 2. */
export function elasticNet(strength: number, l1Ratio: number): { l1: number; l2: number } {
  return { l1: strength * l1Ratio, l2: strength * (1 - l1Ratio) };
}

/** The name of a loss that may have a parameter. */
export function lossName(loss: Problem["loss"]): LossName {
  return typeof loss === "string" ? loss : loss.kind;
}

/** The terms of a problem, as `minimize` has them. */
export interface ProblemOptions extends Pick<Problem, "l1" | "l2" | "scaleColumns"> {
  /** A loss by its name, or with its parameter as `{ kind: "huber", delta: 1 }`. */
  readonly loss?: Problem["loss"];
}

export const PROBLEM_OPTIONS = ["loss", "l1", "l2", "scaleColumns"] as const;

/** Losses by what they are for, of those that say so; `"sigmoid"` takes shares of 1, and so either. */
const FOR_CLASSES = ["signs", "classes", "shares"];
const FOR_NUMBERS = ["numbers", "counts", "shares"];

/** Those of the options that `minimize` takes as terms, with a loss, which must be one for classes or one for numbers. */
export function termsOf(
  where: string,
  options: ProblemOptions,
  standard: Problem["loss"],
  target: "classes" | "numbers",
): Terms {
  const { name, labels } = checkLoss(where, options.loss ?? standard);
  if (!(target === "classes" ? FOR_CLASSES : FOR_NUMBERS).includes(labels)) {
    const other = target === "classes" ? "numbers, as LinearRegressor is" : "classes, as LinearClassifier is";
    throw new RangeError(`${where}: the loss "${name}" is for ${other}`);
  }
  if (options.l1 !== undefined) checkNumber(where, "l1", options.l1, nonNegative);
  if (options.l2 !== undefined) checkNumber(where, "l2", options.l2, nonNegative);
  if (options.scaleColumns !== undefined) checkBoolean(where, "scaleColumns", options.scaleColumns);
  const given = Object.entries(options).filter(
    ([name, value]) => PROBLEM_OPTIONS.includes(name as (typeof PROBLEM_OPTIONS)[number]) && value !== undefined,
  );
  return { loss: standard, ...Object.fromEntries(given) };
}
