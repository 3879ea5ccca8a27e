// schuss/kernels: the raw table for authors of libraries.

export { type KernelOptions, type KernelTable, type LinearMemory, type Variant, kernels } from "./engine/kernels.js";
