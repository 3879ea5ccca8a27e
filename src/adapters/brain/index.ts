/**
 * Networks of brain.js, trained by kernels. One line of a program is changed:
 *
 * ```diff
 * - const net = new brain.NeuralNetwork({ hiddenLayers: [3] });
 * + const net = accelerate(new brain.NeuralNetwork({ hiddenLayers: [3] }));
 * ```
 * @module schuss/brain
 */

export { type AccelerateOptions, accelerate, release } from "./accelerate.js";
export type { Mode } from "./mode.js";
export {
  type FeedForwardState,
  type NeuralNetworkState,
  resumeTraining,
  type TrainingState,
  trainingState,
} from "./training-state.js";
