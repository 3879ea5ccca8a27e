/**
 * Trainers of libraries that hold flat typed arrays.
 * @module schuss/arrays
 */

export type { MethodName } from "./methods.js";
export type { Net, ParamsAndGrads } from "./net.js";
export type { TrainerOptions } from "./options.js";
export { type SparseRows, type SparseRowsOptions, sparseRows } from "./sparse-rows.js";
export { Trainer, type TrainerResult } from "./trainer.js";
