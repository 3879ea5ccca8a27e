/**
 * Optimizers for TensorFlow.js. One line of a program is changed:
 *
 * ```diff
 * - const optimizer = tf.train.adam(0.001);
 * + const optimizer = createOptimizers(tf).adam(0.001);
 * ```
 * @module schuss/tfjs
 */

export type { Memory } from "./choose-bridge.js";
export { createOptimizers, type TfjsOptimizers, type TfjsOptions } from "./create.js";
export type { TfjsOptimizer } from "./optimizer.js";
export type { TensorFlow } from "./tensorflow.js";
