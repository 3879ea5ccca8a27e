import { given } from "../check.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";
import { CsrMatrix } from "./csr-matrix.js";

/**
 * Rows of numbers: a typed array in row-major order, a `csr` matrix, or an array with one array a row. Computation is in
 * the element type of the typed array or the matrix, float64 for arrays of arrays.
 */
export type Features = FloatArray | CsrMatrix | readonly ArrayLike<number>[];

/** Features with their shape. */
export interface Matrix {
  readonly features: FloatArray | CsrMatrix;
  readonly rows: number;
  readonly columns: number;
}

/** What is known of the shape beside the features. A typed array needs one of the two. */
export interface KnownShape {
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
}

/**
 * Features as a matrix: of the shape that they have, or for a typed array of the one that is known. Whether the numbers are
 * finite is left to whoever reads them next: see `checkFinite`.
 */
export function matrixOf(where: string, features: Features, known: KnownShape): Matrix {
  if (features instanceof CsrMatrix) return { features, rows: features.rows, columns: features.columns };
  if (dtypeOf(features) !== undefined) return flat(where, features as FloatArray, known);
  if (Array.isArray(features)) return nested(where, features);
  throw new TypeError(
    `${where}: features must be a Float32Array, a Float64Array, a csr matrix or an array of rows, got ${given(features)}`,
  );
}

function flat(where: string, features: FloatArray, known: KnownShape): Matrix {
  const { length } = features;
  const rows = known.rows ?? length / known.columns!;
  const columns = known.columns ?? length / rows;
  // No rows at all are a matrix where the columns are known: there is nothing to predict.
  const fits = Number.isInteger(rows) && Number.isInteger(columns) && columns > 0 && rows * columns === length;
  if (fits) return { features, rows, columns };
  const of = known.columns === undefined ? "of the same length" : `of ${columns} columns`;
  throw new RangeError(`${where}: ${length} features can't be ${known.rows === undefined ? "" : `${rows} `}rows ${of}`);
}

/** An array of rows, each as long as the first, side by side. */
function nested(where: string, list: readonly ArrayLike<number>[]): Matrix {
  const rows = list.length;
  const [first] = list;
  if (rows > 0) checkRow(where, first, 0);
  const columns = first?.length ?? 0;
  if (columns === 0) throw new RangeError(`${where}: features must have at least one row and one column`);
  const features = new Float64Array(rows * columns);
  for (const [i, row] of list.entries()) {
    checkRow(where, row, i);
    if (row.length !== columns) {
      throw new RangeError(`${where}: row ${i} must have ${columns} columns as row 0 has, got ${row.length}`);
    }
    if (Array.isArray(row)) checkNumbers(where, row, i);
    features.set(row, i * columns);
  }
  return { features, rows, columns };
}

function checkRow(where: string, row: unknown, i: number): void {
  if (Array.isArray(row) || ArrayBuffer.isView(row)) return;
  const hint = typeof row === "number" ? "; one row is [[...]], one column [[...], [...]]" : "";
  throw new TypeError(`${where}: row ${i} of the features must be an array of numbers, got ${given(row)}${hint}`);
}

/** A typed array would take null for 0 and "1" for 1. */
function checkNumbers(where: string, row: readonly unknown[], i: number): void {
  const column = row.findIndex((value) => typeof value !== "number");
  if (column >= 0) {
    const what = `the feature in row ${i}, column ${column}`;
    throw new TypeError(`${where}: ${what} must be a number, got ${given(row[column])}`);
  }
}

/**
 * Looks at every number of dense rows; `csr` has done so for sparse ones. That takes a pass over the data, so it is asked only
 * where rows are about to be renumbered, or where a sum that has been taken of all of them anyway (squared norms, scores)
 * isn't finite: it is, unless one of the numbers is not, or so large that its square is not.
 */
export function checkFinite(where: string, { features, columns }: Matrix): void {
  if (features instanceof CsrMatrix || allFinite(features)) return;
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
