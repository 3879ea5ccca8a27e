import { checkBoolean, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkRows, checkSameType, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

export interface SolveTriangularOptions extends LinalgOptions {
  /** T is upper triangular. Default false: lower. */
  readonly upper?: boolean;
  /** Take the transpose of T. Default false. */
  readonly transpose?: boolean;
}

/**
 * Solves a triangular system for one or more right-hand sides.
 *
 * ```math
 * op(T) X = B      op(T) is T or T^T
 * ```
 *
 * What lies on the other side of T's diagonal is not read. With L from `cholesky` a system A x = b takes two of them:
 * L y = b and L^T x = y.
 *
 * @param triangle T, n * n elements, row after row
 * @param b B of T's type, n rows, row after row; a vector for a single right-hand side
 * @param options.upper T is upper triangular; default false
 * @param options.transpose take T^T; default false
 * @param options.engine where to work; default `defaultEngine()`
 * @returns X, of B's shape
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for a T that is not
 *   square or has a 0 on its diagonal, naming the row, or a B without n rows
 *
 * @example
 * const x = solveTriangular(new Float64Array([2, 0, 1, 2]), new Float64Array([2, 5]));
 * // [1, 2]
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., section 3.1
 */
export function solveTriangular<A extends FloatArray>(triangle: A, b: A, options: SolveTriangularOptions = {}): A {
  const where = "solveTriangular";
  const dtype = checkFloats(where, "triangle", triangle);
  checkSameType(where, "b", b, "triangle", dtype);
  const n = checkSquare(where, "triangle", triangle);
  checkOptions(where, options, ["upper", "transpose", "engine"]);
  const upper = checkBoolean(where, "upper", options.upper ?? false);
  const transpose = checkBoolean(where, "transpose", options.transpose ?? false);
  const columns = checkRows(where, "b", b, n, "as many rows as triangle");
  for (let i = 0; i < n; i++) {
    if (triangle[i * n + i] === 0)
      throw new RangeError(`${where}: triangle must not have 0 on its diagonal, got it in row ${i}`);
  }
  const workspace = new Workspace(where, dtype, options, [triangle, b.length], (kernels, suffix) =>
    kernels[`solveTriangularScratch_${suffix}`](n, columns),
  );
  try {
    const [T, X] = [workspace.pointer(0), workspace.pointer(1)];
    workspace.view(1, b.length).set(b);
    const kernel = typed(workspace.kernels, "solveTriangular", dtype);
    kernel(Number(upper), Number(transpose), n, columns, T, n, X, columns, workspace.scratch);
    return workspace.read(1, n * columns) as A;
  } finally {
    workspace.dispose();
  }
}
