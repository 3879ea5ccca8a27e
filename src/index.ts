// The public surface.

export type { Variant } from "./engine/tables.js";
export type { ArrayOf, Dtype, FloatArray } from "./memory/dtype.js";
export { defaultEngine, type Engine, type EngineOptions, load } from "./memory/engine.js";
export type { GrowableMemory } from "./memory/heap.js";
export type { Shape } from "./memory/layout.js";
export { type ParameterSet, type ParametersOptions, parameters } from "./memory/parameters.js";
export type { AverageOptions } from "./optimizers/average.js";
export type { CommonOptions, Convention } from "./optimizers/common-options.js";
export type { ParameterGroup } from "./optimizers/group.js";
export {
  adabelief,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  lion,
  nadam,
  radam,
  rmsprop,
  sgd,
  type WithEngine,
  yogi,
} from "./optimizers/index.js";
export type { LookaheadOptions } from "./optimizers/lookahead.js";
export type { LossScaleOptions } from "./optimizers/loss-scale.js";
export type { Multiplier } from "./optimizers/multiplier.js";
export type { Closure, Optimizer } from "./optimizers/optimizer.js";
export type { AdabeliefOptions } from "./optimizers/rules/adabelief.js";
export type { AdadeltaOptions } from "./optimizers/rules/adadelta.js";
export type { AdagradOptions } from "./optimizers/rules/adagrad.js";
export type { AdamOptions } from "./optimizers/rules/adam.js";
export type { AdamaxOptions } from "./optimizers/rules/adamax.js";
export type { LionOptions } from "./optimizers/rules/lion.js";
export type { NadamOptions } from "./optimizers/rules/nadam.js";
export type { RadamOptions } from "./optimizers/rules/radam.js";
export type { RmspropOptions } from "./optimizers/rules/rmsprop.js";
export type { SgdOptions } from "./optimizers/rules/sgd.js";
export type { YogiOptions } from "./optimizers/rules/yogi.js";
export type { SharpnessOptions } from "./optimizers/sharpness.js";
export type { StateDict } from "./optimizers/state.js";
export type { Arrays, Target } from "./optimizers/target.js";
export type { Schedule } from "./schedules/index.js";
export * as schedules from "./schedules/index.js";
