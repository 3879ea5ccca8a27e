import { given } from "../check.js";
import type { FloatArray } from "../memory/dtype.js";
import type { CsrMatrix } from "./csr-matrix.js";

/**
 * Rows of numbers: a typed array in row-major order, a `csr` matrix, or an array with one array a row. Computation is in
 * the element type of the typed array or the matrix, float64 for arrays of arrays.
 */
export type Features = FloatArray | CsrMatrix | readonly ArrayLike<number>[];

/** An array of rows, each as long as the first, side by side. */
export function nestedRows(where: string, list: readonly ArrayLike<number>[]) {
  const rows = list.length;
  const [first] = list;
  if (rows > 0 && typeof first?.length !== "number") {
    throw new TypeError(`${where}: row 0 of the features must be an array of numbers, got ${given(first)}`);
  }
  const columns = first?.length ?? 0;
  if (columns === 0) throw new RangeError(`${where}: features must have at least one row and one column`);
  const features = new Float64Array(rows * columns);
  for (const [i, row] of list.entries()) {
    if (row?.length !== columns) {
      throw new RangeError(`${where}: row ${i} must have ${columns} columns as row 0 has, got ${row?.length}`);
    }
    features.set(row, i * columns);
  }
  checkFinite(where, features, columns);
  return { features, rows, columns };
}

export function checkFinite(where: string, features: FloatArray, columns: number): void {
  for (let k = 0; k < features.length; k++) {
    if (!Number.isFinite(features[k])) {
      throw new RangeError(
        `${where}: features are ${features[k]} in row ${Math.floor(k / columns)}, column ${k % columns}`,
      );
    }
  }
}
