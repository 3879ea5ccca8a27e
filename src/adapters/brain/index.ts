export { type AccelerateOptions, accelerate, release } from "./accelerate.js";
