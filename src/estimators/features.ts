import { given } from "../check.js";
import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import { checkFinite, type Features, nestedRows } from "../finite-sum/features.js";
import { dtypeOf, type FloatArray } from "../memory/dtype.js";

export type { Features };

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
  if (Array.isArray(features)) return nestedRows(where, features);
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
