import type { MinimizeOptions } from "../finite-sum/minimize.js";
import type { Problem } from "../finite-sum/problem.js";
import type { ReadOptions } from "./input/read.js";

/** How to solve, as the command line has it. */
export interface SolverFlags
  extends Pick<MinimizeOptions, "method" | "passes" | "tolerance" | "stepSize" | "seed" | "maximumSeconds"> {
  readonly loss: Problem["loss"];
  readonly l2?: number;
  readonly intercept: boolean;
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
export function solverOptions({ method, passes, tolerance, stepSize, seed }: SolverFlags): MinimizeOptions {
  return defined({ method, passes, tolerance, stepSize, seed });
}
