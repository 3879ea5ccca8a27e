import { given } from "../../check.js";

/** What is needed of a `Matrix` of ml-matrix. */
export interface HostMatrix {
  readonly rows: number;
  readonly columns: number;
  to1DArray(): number[];
}

/** The elements of a matrix, row after row. */
export function toArray(where: string, name: string, matrix: HostMatrix): Float64Array {
  if (typeof matrix?.to1DArray !== "function") {
    throw new TypeError(`${where}: ${name} must be a Matrix of ml-matrix, got ${given(matrix)}`);
  }
  return Float64Array.from(matrix.to1DArray());
}

/**
 * A matrix of ml-matrix as the features of a problem of `schuss/finite-sum`, or a matrix of `schuss/linalg`. A copy.
 *
 * @param matrix any matrix of ml-matrix, views included
 * @returns `features`, row after row; `rows`; `columns`
 * @throws TypeError for what is no matrix
 *
 * @example
 * const { weights } = await minimize({ ...fromMatrix(X), labels: y.to1DArray(), loss: "squared" });
 */
export function fromMatrix(matrix: HostMatrix): { features: Float64Array; rows: number; columns: number } {
  const features = toArray("fromMatrix", "matrix", matrix);
  return { features, rows: matrix.rows, columns: matrix.columns };
}

/** The class of ml-matrix. */
export interface MatrixClass<Matrix> {
  from1DArray(rows: number, columns: number, values: ArrayLike<number>): Matrix;
}

/**
 * Numbers of this package as a matrix of ml-matrix. A copy.
 *
 * @param Matrix the class, of `ml-matrix`
 * @param values row after row
 * @param columns how many a row has; default 1: a column vector
 * @returns a `Matrix`
 * @throws TypeError for what is no such class; RangeError for values that don't fill rows
 *
 * @example
 * const Q = toMatrix(Matrix, qr(features).q, columns);
 */
export function toMatrix<Matrix>(Matrix: MatrixClass<Matrix>, values: ArrayLike<number>, columns = 1): Matrix {
  const where = "toMatrix";
  if (typeof Matrix?.from1DArray !== "function") {
    throw new TypeError(`${where}: Matrix must be the class of ml-matrix, got ${given(Matrix)}`);
  }
  if (!(columns >= 1) || values.length % columns !== 0) {
    throw new RangeError(`${where}: values must fill rows of ${columns}, got ${values.length}`);
  }
  return Matrix.from1DArray(values.length / columns, columns, values);
}
