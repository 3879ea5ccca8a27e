import { typed } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";

/** A vector in the layout of a set. */
export interface Placed {
  readonly set: ParameterSet;
  readonly pointer: number;
}

/** The Euclidean norm of some vectors together. Finite where they and their norm are, even if squares overflow. */
export function norm(vectors: readonly Placed[]): number {
  let squares = 0;
  for (const { set, pointer } of vectors) {
    squares += typed(set.engine.kernels, "squaredNorm", set.dtype)(set.layout.length, pointer);
  }
  if (Number.isFinite(squares)) return Math.sqrt(squares);
  let greatest = 0;
  for (const { set, pointer } of vectors) {
    const maximum = typed(set.engine.kernels, "absoluteMaximum", set.dtype)(set.layout.length, pointer);
    greatest = Math.max(greatest, maximum);
  }
  if (!Number.isFinite(greatest)) return greatest;
  let scaled = 0;
  for (const { set, pointer } of vectors) {
    for (const x of set.engine.view(set.dtype, pointer, set.layout.length)) scaled += (x / greatest) ** 2;
  }
  return greatest * Math.sqrt(scaled);
}
