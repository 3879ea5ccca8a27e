import { checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkRows, checkSameType, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

/**
 * Solves a system with a symmetric positive definite matrix for one or more right-hand sides.
 *
 * ```math
 * A X = B
 * A = L L^T
 * L Y = B
 * L^T X = Y
 * ```
 *
 * @param matrix A, n * n elements, row after row; the lower triangle is read
 * @param b B of A's type, n rows, row after row; a vector for a single right-hand side. With the identity X is A's inverse
 * @param options.engine where to work; default `defaultEngine()`
 * @returns X, of B's shape
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for a matrix that is
 *   not square or not positive definite to rounding, naming the row, or a B without n rows
 *
 * @example
 * const x = solvePositiveDefinite(new Float64Array([4, 2, 2, 5]), new Float64Array([8, 12]));
 * // [1, 2]
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., section 4.2
 */
export function solvePositiveDefinite<A extends FloatArray>(matrix: A, b: A, options: LinalgOptions = {}): A {
  const where = "solvePositiveDefinite";
  const dtype = checkFloats(where, "matrix", matrix);
  checkSameType(where, "b", b, "matrix", dtype);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["engine"]);
  const columns = checkRows(where, "b", b, n, "as many rows as matrix");
  const workspace = new Workspace(where, dtype, options, [matrix, n * n, b.length], (kernels, suffix) =>
    Math.max(kernels[`choleskyScratch_${suffix}`](n), kernels[`solveTriangularScratch_${suffix}`](n, columns)),
  );
  try {
    const [A, L, X] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(2, b.length).set(b);
    const failed = typed(workspace.kernels, "cholesky", dtype)(n, A, n, L, n, workspace.scratch);
    if (failed !== 0) {
      throw new RangeError(
        `${where}: matrix must be positive definite: the pivot of row ${failed - 1} is not positive`,
      );
    }
    const solve = typed(workspace.kernels, "solveTriangular", dtype);
    for (const transposed of [0, 1]) solve(0, transposed, n, columns, L, n, X, columns, workspace.scratch);
    return workspace.read(2, n * columns) as A;
  } finally {
    workspace.dispose();
  }
}
