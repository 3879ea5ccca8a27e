// schuss/kernels: the raw table for authors of libraries.

export { type KernelOptions, type Variant, kernels } from "./engine/kernels.js";
export type { KernelTable, LinearMemory } from "./reference/index.js";
