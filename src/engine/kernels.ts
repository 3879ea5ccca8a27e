import type { LinearMemory } from "../reference/element.js";
import type { CoreKernels } from "./families/core.js";
import { type FiniteSumKernels, finiteSum } from "./families/finite-sum.js";
import { type MatrixKernels, matrix } from "./families/matrix.js";
import { type NetworkKernels, network } from "./families/network.js";
import { type UpdateKernels, update } from "./families/update.js";
import { type UpdateCompressedKernels, updateCompressed } from "./families/update-compressed.js";
import { type UpdateMoreKernels, updateMore } from "./families/update-more.js";
import { type UpdateTensorsKernels, updateTensors } from "./families/update-tensors.js";
import { type KernelOptions, select } from "./select.js";
import type { Variant } from "./tables.js";

export type {
  CoreKernels,
  FiniteSumKernels,
  KernelOptions,
  LinearMemory,
  MatrixKernels,
  NetworkKernels,
  UpdateCompressedKernels,
  UpdateKernels,
  UpdateMoreKernels,
  UpdateTensorsKernels,
  Variant,
};

/**
 * Every kernel by name: `axpy_f32`, `axpy_f64`, ... Pointers are byte offsets into the memory, aligned to their element;
 * counts are integers. A kernel allocates nothing and keeps nothing between calls.
 */
export type KernelTable = CoreKernels &
  UpdateKernels &
  UpdateMoreKernels &
  UpdateCompressedKernels &
  UpdateTensorsKernels &
  FiniteSumKernels &
  MatrixKernels &
  NetworkKernels;

export interface Selection {
  readonly variant: Variant;
  /** Why this variant, in a sentence. */
  readonly reason: string;
  readonly kernels: KernelTable;
}

/**
 * The kernels over a memory, with the variant that was chosen and the reason. As {@link kernels} otherwise.
 *
 * @example
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const { variant, reason, kernels } = selectKernels(memory);
 */
export function selectKernels(memory: LinearMemory, options?: KernelOptions): Selection {
  const tables = select(memory, options);
  const { variant, reason, core } = tables;
  return {
    variant,
    reason,
    kernels: {
      ...core,
      ...tables.of(update),
      ...tables.of(updateMore),
      ...tables.of(updateCompressed),
      ...tables.of(updateTensors),
      ...tables.of(finiteSum),
      ...tables.of(matrix),
      ...tables.of(network),
    },
  };
}

/**
 * The kernels over a memory of your own: the heap of your library, any `WebAssembly.Memory` that is not shared between
 * threads (a module is compiled for the one kind or for the other).
 *
 * The table is typed; every kernel takes byte offsets into the memory, element counts and scalars, allocates nothing
 * and keeps nothing between calls, so any number of tables may work on one memory. Offsets must be multiples of the
 * element size, arrays must lie inside the memory: the kernels check neither.
 *
 * A slot that decays (Adam's moments, momentum's buffer) should be passed to `flush_f32` (threshold 2^-100) or
 * `flush_f64` (2^-960) every 64 steps or so: in the subnormal range a step takes up to 60 times as long.
 *
 * @param memory what to work on. For `variant: "reference"` any object with a `buffer` will do.
 * @param options the variant, or compiled modules
 * @returns the table: `axpy_f32(n, alpha, x, y)` and so on. The sources in the package's folder `assembly/` say of each
 *   kernel what it does and how its arguments are laid out: `update/step.ts` for the update rules, `finite-sum/dense.ts`
 *   and `csr.ts` for the solvers, `matrix/*.ts` for linear algebra.
 * @throws TypeError for a memory that is none or is shared, or a module that is none; RangeError for an unknown variant;
 *   Error for a variant that the runtime refuses
 *
 * @example
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const { axpy_f32 } = kernels(memory);
 * const x = new Float32Array(memory.buffer, 0, 4).fill(1);
 * const y = new Float32Array(memory.buffer, 64, 4).fill(2);
 * axpy_f32(4, 3, 0, 64); // y is now [5, 5, 5, 5]
 */
export function kernels(memory: LinearMemory, options?: KernelOptions): KernelTable {
  return selectKernels(memory, options).kernels;
}
