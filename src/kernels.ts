/**
 * The raw table for authors of libraries, with the kernels of every family.
 * @module schuss/kernels
 */

export {
  type CoreKernels,
  type FiniteSumKernels,
  type KernelOptions,
  type KernelTable,
  kernels,
  type LinearMemory,
  type MatrixKernels,
  type NetworkKernels,
  type Selection,
  selectKernels,
  type UpdateCompressedKernels,
  type UpdateKernels,
  type UpdateMoreKernels,
  type UpdateTensorsKernels,
  type Variant,
} from "./engine/kernels.js";
