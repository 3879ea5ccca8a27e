import { checkOneOf, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { type Accumulation, checkAccumulation, checkApart } from "./multiply.js";
import { checkFloats, checkRows, checkSameType, checkSquare, Workspace } from "./workspace.js";

export interface SymmetricMultiplyOptions<A extends FloatArray> extends Accumulation<A> {
  /** On which side of B the symmetric matrix stands. Default `"left"`. */
  readonly side?: "left" | "right";
}

/**
 * The product of a symmetric matrix and another one.
 *
 * ```math
 * C = alpha S B + beta C      on the left
 * C = alpha B S + beta C      on the right
 * ```
 *
 * Of S the lower triangle is read, so that what makes only that (a rank-k update) need not mirror it.
 *
 * @param matrix S, n * n elements, row after row
 * @param b B of S's type, row after row: n rows, or n columns if S stands on the right
 * @param options.side `"left"` (default) or `"right"`
 * @param options.alpha factor of the product; default 1
 * @param options.beta factor of what `out` holds; default 0, and `out` is not read
 * @param options.out where C goes, as many elements as B has, apart from S and B; default a new array
 * @param options.engine where to work; default `defaultEngine()`
 * @returns C, of B's shape: `out` if that was given
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for an S that is not
 *   square, lengths that don't fit together, an `out` over S or B, a `beta` without `out`
 *
 * @example
 * const c = symmetricMultiply(new Float64Array([1, 0, 2, 3]), new Float64Array([1, 1]));
 * // [3, 5]: the 0 above the diagonal is not read
 * @see Dongarra, Du Croz, Hammarling, Duff, "A Set of Level 3 Basic Linear Algebra Subprograms", 1990
 */
export function symmetricMultiply<A extends FloatArray>(matrix: A, b: A, options: SymmetricMultiplyOptions<A> = {}): A {
  const where = "symmetricMultiply";
  const dtype = checkFloats(where, "matrix", matrix);
  checkSameType(where, "b", b, "matrix", dtype);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["side", "alpha", "beta", "out", "engine"]);
  const side = checkOneOf(where, "side", options.side ?? "left", ["left", "right"]);
  const other = checkRows(where, "b", b, n, "a side of matrix");
  const { alpha, beta, c } = checkAccumulation(where, options, dtype, n * other, "as b has");
  checkApart(where, "matrix", matrix, options.out);
  checkApart(where, "b", b, options.out);
  const [rows, columns] = side === "left" ? [n, other] : [other, n];
  const workspace = new Workspace(where, dtype, options, [n * n, b, c], (kernels, suffix) =>
    kernels[`gemmScratch_${suffix}`](rows, columns, n),
  );
  try {
    const [S, B, C] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(0, n * n).set(matrix);
    typed(workspace.kernels, "mirrorLower", dtype)(n, S, n);
    const [left, right] = side === "left" ? [S, B] : [B, S];
    const product = typed(workspace.kernels, "gemm", dtype);
    product(0, 0, rows, columns, n, alpha, left, n, right, columns, beta, C, columns, workspace.scratch);
    return workspace.result(2, n * other, options.out) as A;
  } finally {
    workspace.dispose();
  }
}
