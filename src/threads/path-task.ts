import { type MinimizeOptions, type MinimizeResult, minimize, type Problem } from "../finite-sum/index.js";
import type { MinimizeInput } from "./minimize-task.js";
import type { TaskContext } from "./task-context.js";

export interface PathInput extends Omit<MinimizeInput, "where"> {
  readonly penalties: readonly Pick<Problem, "l1" | "l2">[];
}

/** A chain of penalties as a task: every solution is where the next one starts. */
export async function pathTask(
  { problem, penalties, options, reports }: PathInput,
  { engine, signal, progress }: TaskContext,
): Promise<MinimizeResult<number | Float64Array>[]> {
  const results: MinimizeResult<number | Float64Array>[] = [];
  let start: Pick<MinimizeOptions, "start"> = {};
  for (const [link, penalty] of penalties.entries()) {
    const result: MinimizeResult<number | Float64Array> = await minimize(
      { ...problem, ...penalty },
      {
        ...options,
        ...start,
        engine,
        signal,
        ...(reports && { onPass: ({ passes, seconds }) => progress({ link, passes, seconds }) }),
      },
    );
    start = { start: { weights: result.weights, intercept: result.intercept } };
    results.push(result);
  }
  return results;
}
