// schuss/kernels: the raw table for authors of libraries.

export {
  type KernelOptions,
  type KernelTable,
  kernels,
  type LinearMemory,
  type Selection,
  selectKernels,
  type Variant,
} from "./engine/kernels.js";
