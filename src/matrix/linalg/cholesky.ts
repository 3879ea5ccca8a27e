import { checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

/**
 * The Cholesky factor of a symmetric positive definite matrix.
 *
 * ```math
 * A = L L^T      L lower triangular, l_ii > 0
 * ```
 *
 * @param matrix A, n * n elements, row after row; the lower triangle is read
 * @param options.engine where to work; default `defaultEngine()`
 * @returns L, n * n elements of the matrix's own type, 0 above the diagonal
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for one that is not square or not positive
 *   definite to rounding, naming the row
 *
 * @example
 * const l = cholesky(new Float64Array([4, 2, 2, 5]));
 * // [2, 0, 1, 2]
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., section 4.2
 */
export function cholesky<A extends FloatArray>(matrix: A, options: LinalgOptions = {}): A {
  const where = "cholesky";
  const dtype = checkFloats(where, "matrix", matrix);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["engine"]);
  const workspace = new Workspace(where, dtype, options, [matrix, n * n], (kernels, suffix) =>
    kernels[`choleskyScratch_${suffix}`](n),
  );
  try {
    const kernel = typed(workspace.kernels, "cholesky", dtype);
    const failed = kernel(n, workspace.pointer(0), n, workspace.pointer(1), n, workspace.scratch);
    if (failed !== 0) {
      throw new RangeError(
        `${where}: matrix must be positive definite: the pivot of row ${failed - 1} is not positive`,
      );
    }
    return workspace.read(1, n * n) as A;
  } finally {
    workspace.dispose();
  }
}
