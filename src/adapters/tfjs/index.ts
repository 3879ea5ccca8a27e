/**
 * Optimizers for TensorFlow.js.
 * @module schuss/tfjs
 */

export type { Memory } from "./choose-bridge.js";
export { createOptimizers, type TfjsOptimizers, type TfjsOptions } from "./create.js";
export type { TfjsOptimizer } from "./optimizer.js";
export type { TensorFlow } from "./tensorflow.js";
