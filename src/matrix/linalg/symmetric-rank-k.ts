import { checkBoolean, checkInteger, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { type Accumulation, checkAccumulation, checkApart } from "./multiply.js";
import { checkFloats, checkRows, Workspace } from "./workspace.js";

export interface SymmetricRankKOptions<A extends FloatArray> extends Accumulation<A> {
  /** Take A^T A of an A that is k x n. Default false: A A^T of one that is n x k. */
  readonly transpose?: boolean;
}

const MOST = 2 ** 31 - 1;

/**
 * The product of a matrix and its transpose, added to a symmetric matrix: the symmetric rank-k update.
 *
 * ```math
 * C = alpha A A^T + beta C
 * ```
 *
 * Made as a lower triangle, in little more than half the time of the full product, and mirrored: C is symmetric to the bit.
 * Of what `out` holds the lower triangle is read. Arrays in the engine's memory are not copied.
 *
 * @param matrix A, row after row: n x k, or k x n if transposed
 * @param n rows and columns of C
 * @param options.transpose take A^T A instead; default false
 * @param options.alpha factor of the product; default 1
 * @param options.beta factor of what `out` holds; default 0, and `out` is not read
 * @param options.out where C goes, n * n elements apart from A; default a new array
 * @param options.engine where to work; default `defaultEngine()`
 * @returns C, n x n, both triangles: `out` if that was given
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for a length that is no multiple of n, an `out`
 *   of another length or over A, a `beta` without `out`
 *
 * @example
 * const c = symmetricRankK(new Float64Array([1, 2, 3, 4]), 2);
 * // [5, 11, 11, 25]
 * @see Dongarra, Du Croz, Hammarling, Duff, "A Set of Level 3 Basic Linear Algebra Subprograms", 1990
 */
export function symmetricRankK<A extends FloatArray>(matrix: A, n: number, options: SymmetricRankKOptions<A> = {}): A {
  const where = "symmetricRankK";
  const dtype = checkFloats(where, "matrix", matrix);
  checkInteger(where, "n", n, 0, MOST);
  checkOptions(where, options, ["transpose", "alpha", "beta", "out", "engine"]);
  const transpose = checkBoolean(where, "transpose", options.transpose ?? false);
  const k = checkRows(where, "matrix", matrix, n, "a side of the result");
  const { alpha, beta, c } = checkAccumulation(where, options, dtype, n * n, `${n} x ${n}`);
  checkApart(where, "matrix", matrix, options.out);
  const workspace = new Workspace(where, dtype, options, [matrix, c], (kernels, suffix) =>
    kernels[`symmetricRankKScratch_${suffix}`](n, k),
  );
  try {
    const [A, C] = [workspace.pointer(0), workspace.pointer(1)];
    const kernel = typed(workspace.kernels, "symmetricRankK", dtype);
    kernel(Number(transpose), n, k, alpha, A, transpose ? n : k, beta, C, n, workspace.scratch);
    typed(workspace.kernels, "mirrorLower", dtype)(n, C, n);
    return workspace.result(1, n * n, options.out) as A;
  } finally {
    workspace.dispose();
  }
}
