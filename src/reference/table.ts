// From kernels that exist once for each element type to the table of a family.

import { type Element, f32, f64, type LinearMemory } from "./element.js";

/** A kernel over a memory, in either element type. */
type Generic = (memory: LinearMemory, T: Element) => (...args: never[]) => unknown;

/**
 * Kernels by name: `axpy_f32`, `axpy_f64`, ... Pointers are byte offsets into the memory, aligned to their element; counts
 * are integers. A kernel allocates nothing and keeps nothing between calls.
 */
export type Typed<Kernels extends Record<string, Generic>> = {
  [Name in keyof Kernels as `${Name & string}_${"f32" | "f64"}`]: ReturnType<Kernels[Name]>;
};

/** The table over `memory`. Survives a growth of the memory: every call reads its buffer anew. */
export function typedTable<Kernels extends Record<string, Generic>>(
  kernels: Kernels,
  memory: LinearMemory,
): Typed<Kernels> {
  const table: Record<string, unknown> = {};
  for (const [name, kernel] of Object.entries(kernels)) {
    table[`${name}_f32`] = kernel(memory, f32);
    table[`${name}_f64`] = kernel(memory, f64);
  }
  return table as Typed<Kernels>;
}
