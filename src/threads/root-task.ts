import type { RootJob } from "../matrix/root-worker.js";
import { inverseRootOfArray } from "../matrix/roots.js";
import type { FloatArray } from "../memory/dtype.js";
import type { TaskContext } from "./task-context.js";

/** A root of Shampoo's as a task. */
export async function rootTask(
  { size, statistics, options }: RootJob,
  { engine }: TaskContext,
): Promise<FloatArray | "zero" | "failed"> {
  return inverseRootOfArray(engine, statistics, size, options);
}
