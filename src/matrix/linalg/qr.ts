import { checkInteger, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, type LinalgOptions, Workspace } from "./workspace.js";

export interface QrDecomposition<A extends FloatArray> {
  /** rows x k, k = min(rows, columns), row after row; its columns are orthonormal. */
  readonly q: A;
  /** k x columns, row after row: 0 below the diagonal, not negative on it. */
  readonly r: A;
}

/**
 * The thin QR decomposition of a matrix of any shape.
 *
 * ```math
 * A = Q R        R upper triangular, r_ii >= 0
 * Q^T Q = I
 * ```
 *
 * By Householder reflectors, so that Q is orthogonal to rounding whatever A is. Where A's columns are independent Q and R are
 * unique; LAPACK and NumPy choose other signs.
 *
 * @param matrix rows * columns elements, row after row
 * @param rows how many rows; the columns follow
 * @param options.engine where to work; default `defaultEngine()`
 * @returns `q` and `r`, of the matrix's own type
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for rows that don't divide its length, or
 *   elements that are NaN or infinite
 *
 * @example
 * const { q, r } = qr(new Float64Array([3, 0, 4, 5]), 2);
 * // q is [0.6, -0.8, 0.8, 0.6], r is [5, 4, 0, 3]
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., section 5.2
 */
export function qr<A extends FloatArray>(matrix: A, rows: number, options: LinalgOptions = {}): QrDecomposition<A> {
  const where = "qr";
  const dtype = checkFloats(where, "matrix", matrix);
  checkInteger(where, "rows", rows, 0, Number.MAX_SAFE_INTEGER);
  if (rows === 0 ? matrix.length > 0 : matrix.length % rows > 0) {
    throw new RangeError(
      `${where}: matrix must have rows of equal length, got ${matrix.length} elements in ${rows} rows`,
    );
  }
  checkOptions(where, options, ["engine"]);
  const columns = rows === 0 ? 0 : matrix.length / rows;
  const k = Math.min(rows, columns);
  const workspace = new Workspace(where, dtype, options, [rows * columns, rows * k, k * columns], (kernels, suffix) =>
    kernels[`qrScratch_${suffix}`](rows, columns),
  );
  try {
    const [a, q, r] = [0, 1, 2].map((i) => workspace.pointer(i)) as [number, number, number];
    workspace.view(0, rows * columns).set(matrix);
    const kernel = typed(workspace.kernels, "qr", dtype);
    const status = kernel(rows, columns, a, columns, q, k, r, columns, workspace.scratch);
    if (status !== 0) throw new RangeError(`${where}: matrix has elements that are NaN or infinite`);
    return { q: workspace.read(1, rows * k) as A, r: workspace.read(2, k * columns) as A };
  } finally {
    workspace.dispose();
  }
}
