// How matrices lie in scratch: rows of whole vectors, matrices of whole lines.

import { QUAD, VECTOR, bytes } from "../simd/lanes";

/** Elements from row to row. */
// @ts-ignore: decorator
@inline
export function leading<T>(columns: i32): i32 {
  const lanes = <i32>(VECTOR / sizeof<T>());
  return (columns + lanes - 1) & -lanes;
}

/** Bytes of a matrix. */
// @ts-ignore: decorator
@inline
export function matrixBytes<T>(rows: i32, columns: i32): usize {
  return (<usize>rows * bytes<T>(leading<T>(columns)) + (QUAD - 1)) & ~(QUAD - 1);
}
