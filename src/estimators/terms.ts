import type { LossName, Problem } from "../finite-sum/index.js";

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
  readonly loss?: Problem["loss"];
}

export const PROBLEM_OPTIONS = ["loss", "l1", "l2", "scaleColumns"] as const;

/** Those of the options that `minimize` takes as terms, with a loss. */
export function termsOf(options: ProblemOptions, standard: Problem["loss"]): Terms {
  const given = Object.entries(options).filter(
    ([name, value]) => PROBLEM_OPTIONS.includes(name as (typeof PROBLEM_OPTIONS)[number]) && value !== undefined,
  );
  return { loss: standard, ...Object.fromEntries(given) };
}
