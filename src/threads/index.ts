/**
 * Independent problems side by side in worker threads.
 * @module schuss/threads
 */

export type { Fold } from "../estimators/folds.js";
export { type CrossValidateOptions, crossValidate, type FoldResult } from "./cross-validate.js";
export { type HogwildOptions, type HogwildProblem, type HogwildResult, hogwild } from "./hogwild.js";
export type { HogwildLoss } from "./hogwild-task.js";
export {
  type AnyMinimizeResult,
  minimizeAll,
  type SideBySideOptions,
  type ThreadMinimizeOptions,
} from "./minimize-all.js";
export type { ThreadReport } from "./minimize-task.js";
export { type PathOptions, type PathPenalty, path } from "./path.js";
export { RootThread } from "./root-thread.js";
export type { WorkerLike } from "./thread.js";
export { Threads, type ThreadsOptions } from "./threads.js";
