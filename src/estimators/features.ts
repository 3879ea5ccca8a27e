import { given } from "../check.js";
import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";

/**
 * Rows of numbers: a typed array in row-major order, a `csr` matrix, or an array with one array a row. Computation is in
 * the element type of the typed array or the matrix, float64 for arrays of arrays.
 */
export type Features = FloatArray | CsrMatrix | readonly ArrayLike<number>[];

/** Features with their shape, every number finite. */
export interface Matrix {
  readonly features: FloatArray | CsrMatrix;
  readonly rows: number;
  readonly columns: number;
}

/** What is known of the shape: `fit` knows the rows by the labels, `predict` the columns by `fit`. */
export interface KnownShape {
  readonly rows?: number;
  readonly columns?: number;
}

/** Features as a matrix whose shape is the known one. */
export function matrixOf(where: string, features: Features, known: KnownShape): Matrix {
  const matrix = shaped(where, features, known);
  if (known.rows !== undefined && matrix.rows !== known.rows) {
    throw new RangeError(`${where}: there must be as many labels as rows: ${matrix.rows}, got ${known.rows}`);
  }
  if (known.columns !== undefined && matrix.columns !== known.columns) {
    throw new RangeError(`${where}: features must have the ${known.columns} columns of the fit, got ${matrix.columns}`);
  }
  return matrix;
}

function shaped(where: string, features: Features, known: KnownShape): Matrix {
  if (features instanceof CsrMatrix) return { features, rows: features.rows, columns: features.columns };
  if (dtypeOf(features) !== undefined) return flat(where, features as FloatArray, known);
  if (Array.isArray(features)) return nested(where, features);
  throw new TypeError(
    `${where}: features must be a Float32Array, a Float64Array, a csr matrix or an array of rows, got ${given(features)}`,
  );
}

function flat(where: string, features: FloatArray, known: KnownShape): Matrix {
  const rows = known.rows ?? features.length / known.columns!;
  const columns = known.columns ?? features.length / known.rows!;
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || (known.columns === undefined && columns === 0)) {
    const unit = known.columns === undefined ? `${known.rows} rows` : `rows of ${known.columns} columns`;
    throw new RangeError(`${where}: ${features.length} features can't be ${unit}`);
  }
  checkFinite(where, features, columns);
  return { features, rows, columns };
}

function nested(where: string, list: readonly ArrayLike<number>[]): Matrix {
  const rows = list.length;
  const columns = list[0]?.length ?? 0;
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

function checkFinite(where: string, features: FloatArray, columns: number): void {
  for (let k = 0; k < features.length; k++) {
    if (!Number.isFinite(features[k])) {
      throw new RangeError(
        `${where}: features are ${features[k]} in row ${Math.floor(k / columns)}, column ${k % columns}`,
      );
    }
  }
}
