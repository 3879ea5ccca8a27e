/**
 * Optimizers and their parameters, schedules, and the engine below.
 * @module schuss
 */

export type { Variant } from "./engine/tables.js";
export * from "./matrix/index.js";
export type { ArrayOf, Dtype, FloatArray } from "./memory/dtype.js";
export { defaultEngine, type Engine, type EngineOptions, load } from "./memory/engine.js";
export type { GrowableMemory } from "./memory/heap.js";
export type { Allocator } from "./memory/host-heap.js";
export type { Shape } from "./memory/layout.js";
export { type ParameterSet, type ParametersOptions, parameters } from "./memory/parameters.js";
export * from "./optimizers/index.js";
export type { Schedule } from "./schedules/index.js";
export * as schedules from "./schedules/index.js";
