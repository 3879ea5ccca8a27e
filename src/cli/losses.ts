import type { Problem } from "../finite-sum/problem.js";
import type { MethodName } from "../finite-sum/solver.js";

type Loss = Problem["loss"];

/** The losses that can be named, and whether their labels are classes. */
export const losses: Readonly<Record<Loss, boolean>> = { logistic: true, squared: false };

export function isForClasses(loss: Loss): boolean {
  return losses[loss];
}

export const methods: readonly MethodName[] = ["sag", "svrg"];
