/**
 * Networks of brain.js, trained by kernels.
 * @module schuss/brain
 */

export { type AccelerateOptions, accelerate, release } from "./accelerate.js";
export type { Mode } from "./network.js";
export { resumeTraining, type TrainingState, trainingState } from "./training-state.js";
