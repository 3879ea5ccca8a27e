// Every kernel in plain TypeScript, over the same memory and with the same signature as its WebAssembly twin: the
// specification, the oracle of the tests, and what runs where WebAssembly is barred. Written to be read.

import { f32, f64, type LinearMemory } from "./element.js";
import * as finiteSum from "./finite-sum/index.js";
import * as matrix from "./matrix/index.js";
import * as reduction from "./reduction.js";
import * as update from "./update/index.js";
import * as vector from "./vector.js";

const { settleCsr, ...typedFiniteSum } = finiteSum;

/** Kernels that exist once for each element type. */
const families = { ...vector, ...reduction, ...update, ...matrix, ...typedFiniteSum };

type Families = typeof families;

/**
 * Every kernel by name: `axpy_f32`, `axpy_f64`, ... Pointers are byte offsets into the memory, aligned to their element;
 * counts are integers. A kernel allocates nothing and keeps nothing between calls.
 */
export type KernelTable = {
  [Name in keyof Families as `${Name}_${"f32" | "f64"}`]: ReturnType<Families[Name]>;
} & { settleCsr: ReturnType<typeof settleCsr> };

/** The kernel table over `memory` in plain JavaScript. Survives a growth of the memory: every call reads its buffer anew. */
export function referenceKernels(memory: LinearMemory): KernelTable {
  const table: Record<string, unknown> = { settleCsr: settleCsr(memory) };
  for (const [name, family] of Object.entries(families)) {
    table[`${name}_f32`] = family(memory, f32);
    table[`${name}_f64`] = family(memory, f64);
  }
  return table as KernelTable;
}

export type { LinearMemory };
