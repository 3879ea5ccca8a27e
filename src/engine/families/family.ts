import type { LinearMemory } from "../../reference/element.js";
import type { Binaries } from "../binaries/binaries.js";

/** The names of all families: the files directly in `assembly/`. */
export const FAMILY_NAMES = [
  "core",
  "update",
  "update-more",
  "update-compressed",
  "update-tensors",
  "finite-sum",
  "matrix",
  "network",
] as const;

export type FamilyName = (typeof FAMILY_NAMES)[number];

/**
 * Kernels that are compiled, downloaded and instantiated together. Who imports the object has its binaries in the bundle,
 * so whoever needs few kernels imports few families.
 */
export interface KernelFamily<Table extends object> {
  readonly name: FamilyName;
  readonly binaries: Binaries;
  /** The same kernels in plain JavaScript. */
  reference(memory: LinearMemory): Table;
}
