/**
 * Networks of brain.js, trained by kernels.
 * @module schuss/brain
 */

export { type AccelerateOptions, accelerate, release } from "./accelerate.js";
