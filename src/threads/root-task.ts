import type { RootJob } from "../matrix/root-worker.js";
import { InverseRoots } from "../matrix/roots.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";
import type { TaskContext } from "./task-context.js";

/** A root of Shampoo's as a task. */
export async function rootTask(
  { size, statistics, options }: RootJob,
  { engine }: TaskContext,
): Promise<FloatArray | "zero" | "failed"> {
  return new InverseRoots({ engine, dtype: dtypeOf(statistics)! }).ofArray(statistics, size, options);
}
