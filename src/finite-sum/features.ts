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
  if (allFinite(features)) return;
  const k = features.findIndex((value) => !Number.isFinite(value));
  throw new RangeError(
    `${where}: features are ${features[k]} in row ${Math.floor(k / columns)}, column ${k % columns}`,
  );
}

/** x - x is 0, or NaN: in four sums, which wait for nothing but memory, where a test a number takes seven times as long. */
function allFinite(x: FloatArray): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = x.length - (x.length % 4);
  for (let k = 0; k < whole; k += 4) {
    a += x[k]! - x[k]!;
    b += x[k + 1]! - x[k + 1]!;
    c += x[k + 2]! - x[k + 2]!;
    d += x[k + 3]! - x[k + 3]!;
  }
  for (let k = whole; k < x.length; k++) a += x[k]! - x[k]!;
  return a + b + c + d === 0;
}
