import { type MinimizeOptions, type MinimizeResult, minimize, type Problem } from "../finite-sum/index.js";
import type { TaskContext } from "./task-context.js";

/** What crosses from a pass report: that which is at hand, and plain. */
export interface ThreadReport {
  readonly passes: number;
  readonly seconds: number;
}

export interface MinimizeInput {
  readonly problem: Problem;
  readonly options: Omit<MinimizeOptions, "order" | "onPass" | "signal" | "engine">;
  readonly reports: boolean;
}

/** `minimize` as a task. */
export function minimizeTask(
  { problem, options, reports }: MinimizeInput,
  { engine, signal, progress }: TaskContext,
): Promise<MinimizeResult<number | Float64Array>> {
  return minimize(problem, {
    ...options,
    engine,
    signal,
    ...(reports && { onPass: ({ passes, seconds }) => progress({ passes, seconds } satisfies ThreadReport) }),
  });
}
