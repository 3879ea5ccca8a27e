/**
 * Networks of brain.js, trained by kernels.
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
