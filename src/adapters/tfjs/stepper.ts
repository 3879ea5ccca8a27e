import type { CommonOptions } from "../../optimizers/common-options.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { StateDict } from "../../optimizers/state.js";
import type { Target } from "../../optimizers/target.js";
import type { Entry } from "./place.js";

/** A function of this package that makes an optimizer, with whatever options it has. */
export type Create = (target: Target, options: CommonOptions) => Optimizer;

/** What makes the steps of an optimizer on one of TensorFlow.js's backends. */
export interface Stepper {
  /** Where the work is done, in a sentence; undefined before the first step. */
  readonly reason: string | undefined;
  readonly bytesInUse: number;
  /** One step of these variables. */
  step(entries: readonly Entry[]): void;
  /** Runs the body with averages in the variables' places. */
  withAverages<Result>(body: () => Result): Result;
  /** The state of all variables so far. */
  stateDict(): StateDict | undefined;
  /** Takes over a state; what it has of variables that have not come yet waits for them. */
  loadStateDict(state: StateDict): void;
  dispose(): void;
}
