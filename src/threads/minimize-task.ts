import type { MinimizeOptions, MinimizeResult, Problem } from "../finite-sum/index.js";
import { minimizeFor } from "../finite-sum/minimize.js";
import type { TaskContext } from "./task-context.js";

/** What crosses from a pass report: that which is at hand, and plain. */
export interface ThreadReport {
  /** Passes over the data so far. */
  readonly passes: number;
  /** Seconds of work so far. */
  readonly seconds: number;
}

export interface MinimizeInput {
  /** The function in whose name it is done. Default `minimize`. */
  readonly where?: string;
  readonly problem: Problem;
  readonly options: Omit<MinimizeOptions, "order" | "onPass" | "signal" | "engine">;
  readonly reports: boolean;
}

/** `minimize` as a task. */
export function minimizeTask(
  { where = "minimize", problem, options, reports }: MinimizeInput,
  { engine, signal, progress }: TaskContext,
): Promise<MinimizeResult<number | Float64Array>> {
  return minimizeFor(where, problem, {
    ...options,
    engine,
    signal,
    ...(reports && { onPass: ({ passes, seconds }) => progress({ passes, seconds } satisfies ThreadReport) }),
  });
}
