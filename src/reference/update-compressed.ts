// assembly/update-compressed.ts in plain TypeScript. These kernels take float32 parameters only.

import { type Element, f32, type LinearMemory } from "./element.js";
import * as bfloat16 from "./update/compressed/bfloat16.js";
import * as int8 from "./update/compressed/int8.js";

const kernels = { ...bfloat16, ...int8 };

/** Update rules whose state takes 16 or 8 bits an element. */
export type UpdateCompressedKernels = {
  [Name in keyof typeof kernels as `${Name}_f32`]: ReturnType<(typeof kernels)[Name]>;
};

export function updateCompressedReference(memory: LinearMemory): UpdateCompressedKernels {
  const generic = Object.entries<(memory: LinearMemory, T: Element) => unknown>(kernels);
  return Object.fromEntries(
    generic.map(([name, kernel]) => [`${name}_f32`, kernel(memory, f32)]),
  ) as unknown as UpdateCompressedKernels;
}
