// Optimizers: one line a rule, then what they have in common.

export type { AdaptiveClipOptions } from "./adaptive-clip.js";
export type { AverageOptions } from "./average.js";
export type { CommonOptions, Convention } from "./common-options.js";
export type { ParameterGroup } from "./group.js";
export type { LookaheadOptions } from "./lookahead.js";
export type { LossScaleOptions } from "./loss-scale.js";
export type { Multiplier } from "./multiplier.js";
export type { Closure, Optimizer } from "./optimizer.js";
export { type AdabeliefOptions, adabelief } from "./rules/adabelief.js";
export { type AdadeltaOptions, adadelta } from "./rules/adadelta.js";
export { type AdagradOptions, adagrad } from "./rules/adagrad.js";
export { type AdamOptions, adam, adamw } from "./rules/adam.js";
export { type AdamaxOptions, adamax } from "./rules/adamax.js";
export { type LionOptions, lion } from "./rules/lion.js";
export { type NadamOptions, nadam } from "./rules/nadam.js";
export { type RadamOptions, radam } from "./rules/radam.js";
export { type RmspropOptions, rmsprop } from "./rules/rmsprop.js";
export { type SgdOptions, sgd } from "./rules/sgd.js";
export { type YogiOptions, yogi } from "./rules/yogi.js";
export type { SharpnessOptions } from "./sharpness.js";
export type { StateDict } from "./state.js";
export type { Arrays, Target } from "./target.js";
export type { WithEngine } from "./with-engine.js";
