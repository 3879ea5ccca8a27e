import { checkBoolean, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { type Accumulation, checkAccumulation, checkApart } from "./multiply.js";
import { checkFloats, checkRows, checkSameType, Workspace } from "./workspace.js";

export interface MultiplyVectorOptions<A extends FloatArray> extends Accumulation<A> {
  /** Take the transpose of A. Default false. */
  readonly transpose?: boolean;
}

/**
 * The product of a matrix and a vector.
 *
 * ```math
 * y = alpha op(A) x + beta y      op(A) is A or A^T
 * ```
 *
 * Arrays in the engine's memory are not copied.
 *
 * @param matrix A, row after row: its columns are as many as x has elements, or its rows if transposed
 * @param x of A's type
 * @param options.transpose take A^T; default false
 * @param options.alpha factor of the product; default 1
 * @param options.beta factor of what `out` holds; default 0, and `out` is not read
 * @param options.out where y goes, apart from A and x; default a new array
 * @param options.engine where to work; default `defaultEngine()`
 * @returns y: `out` if that was given
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for lengths that
 *   don't fit together, an `out` over A or x, a `beta` without `out`
 *
 * @example
 * const y = multiplyVector(new Float32Array([1, 2, 3, 4]), new Float32Array([1, 1]));
 * // [3, 7]
 * @see Lawson, Hanson, Kincaid, Krogh, "Basic Linear Algebra Subprograms", 1979
 */
export function multiplyVector<A extends FloatArray>(matrix: A, x: A, options: MultiplyVectorOptions<A> = {}): A {
  const where = "multiplyVector";
  const dtype = checkFloats(where, "matrix", matrix);
  checkSameType(where, "x", x, "matrix", dtype);
  checkOptions(where, options, ["transpose", "alpha", "beta", "out", "engine"]);
  const transpose = checkBoolean(where, "transpose", options.transpose ?? false);
  const other = checkRows(where, "matrix", matrix, x.length, "as many as x has");
  const { alpha, beta, c } = checkAccumulation(where, options, dtype, other, "one for each row of op(A)");
  checkApart(where, "matrix", matrix, options.out);
  checkApart(where, "x", x, options.out);
  const [m, n] = transpose ? [x.length, other] : [other, x.length];
  const workspace = new Workspace(where, dtype, options, [matrix, x, c], () => 0);
  try {
    const [A, X, Y] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    typed(workspace.kernels, "gemv", dtype)(Number(transpose), m, n, alpha, A, n, X, beta, Y);
    return workspace.result(2, other, options.out) as A;
  } finally {
    workspace.dispose();
  }
}
