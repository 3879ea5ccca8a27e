import type { ClassWeights } from "../estimators/class-weights.js";
import type { MinimizeOptions, Problem } from "../finite-sum/index.js";
import type { ReadOptions } from "./input/read.js";
import type { LossFlags } from "./losses.js";

/** How to solve, as the command line has it. */
export interface SolverFlags
  extends LossFlags,
    Pick<MinimizeOptions, "method" | "passes" | "tolerance" | "stepSize" | "sampling" | "seed" | "maximumSeconds">,
    Pick<Problem, "scaleColumns"> {
  readonly intercept: boolean;
  readonly classWeights?: ClassWeights;
}

/** What all commands that read data and its labels take. */
export interface DataFlags extends ReadOptions {
  readonly test?: string;
  readonly testLabels?: string;
  readonly json?: boolean;
}

/** Those of an object's entries that have a value. */
export function defined<T extends object>(entries: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as never;
}

/** The flags that `minimize` takes. */
export function solverOptions(flags: SolverFlags): MinimizeOptions {
  const { method, passes, tolerance, stepSize, sampling, seed } = flags;
  return defined({ method, passes, tolerance, stepSize, sampling, seed });
}
