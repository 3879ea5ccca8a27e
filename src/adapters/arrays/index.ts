/**
 * Trainers of libraries that hold flat typed arrays. One line of a program with ConvNetJS or toygrad is changed:
 *
 * ```diff
 * - const trainer = new convnetjs.Trainer(net, { method: "adadelta", batch_size: 10 });
 * + const trainer = new Trainer(net, { method: "adadelta", batch_size: 10 });
 * ```
 * @module schuss/arrays
 */

export type { MethodName } from "./methods.js";
export type { Net, ParamsAndGrads } from "./net.js";
export type { TrainerOptions } from "./options.js";
export { type SparseRows, type SparseRowsOptions, sparseRows } from "./sparse-rows.js";
export { Trainer, type TrainerResult } from "./trainer.js";
