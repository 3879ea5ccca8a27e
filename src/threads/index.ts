/**
 * Independent problems side by side in worker threads.
 * @module schuss/threads
 */

export { type CrossValidateOptions, crossValidate, type FoldResult } from "./cross-validate.js";
export type { Fold } from "./folds.js";
export {
  type AnyMinimizeResult,
  minimizeAll,
  type SideBySideOptions,
  type ThreadMinimizeOptions,
} from "./minimize-all.js";
export type { ThreadReport } from "./minimize-task.js";
export type { WorkerLike } from "./thread.js";
export { Threads, type ThreadsOptions } from "./threads.js";
