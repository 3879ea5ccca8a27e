// The same for many small matrices of one size in one array, one behind the other: memory is asked for once.

import { checkBoolean, checkInteger, checkNumber, checkOptions, nonNegative, positive } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { invertRoots, type Ridge } from "./inverse-root.js";
import { checkAccumulation, checkApart, type MultiplyOptions } from "./multiply.js";
import { checkDecomposed, type Eigendecomposition } from "./symmetric-eigen.js";
import { checkFloats, checkRows, checkSameType, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

const MOST = 2 ** 31 - 1;

/** Elements of one of `count` matrices. */
function checkBatch(where: string, name: string, value: FloatArray, count: number): number {
  checkInteger(where, "count", count, 1, MOST);
  return checkRows(where, name, value, count, "the matrices");
}

/** Rows of each of `count` square matrices. */
function checkSquares(where: string, value: FloatArray, count: number): number {
  const length = checkBatch(where, "matrices", value, count);
  return checkSquare(where, "each of matrices", value.subarray(0, length));
}

/**
 * Products of many matrices of one size.
 *
 * ```math
 * C_i = alpha op(A_i) op(B_i) + beta C_i      for i from 0 to count - 1
 * ```
 *
 * @param count how many, >= 1
 * @param a A_0, A_1, ... one behind the other, row after row: each m x inner, or inner x m if transposed
 * @param b B_0, B_1, ... of A's type, each inner x n, or n x inner if transposed
 * @param inner the dimension that A_i and B_i share, >= 0
 * @param options as of `multiply`: `transposeA`, `transposeB`, `alpha`, `beta`, `out` of count m * n elements, `engine`
 * @returns C_0, C_1, ...: `out` if that was given
 * @throws as `multiply`, and RangeError for lengths that are no multiples of `count`
 *
 * @example
 * const c = multiplyBatched(2, new Float64Array([2, 3]), new Float64Array([5, 7]), 1);
 * // [10, 21]
 * @see Dongarra et al., "The Design and Performance of Batched BLAS", 2017
 */
export function multiplyBatched<A extends FloatArray>(
  count: number,
  a: A,
  b: A,
  inner: number,
  options: MultiplyOptions<A> = {},
): A {
  const where = "multiplyBatched";
  const dtype = checkFloats(where, "a", a);
  checkSameType(where, "b", b, "a", dtype);
  checkInteger(where, "inner", inner, 0, MOST);
  checkOptions(where, options, ["transposeA", "transposeB", "alpha", "beta", "out", "engine"]);
  const transposeA = checkBoolean(where, "transposeA", options.transposeA ?? false);
  const transposeB = checkBoolean(where, "transposeB", options.transposeB ?? false);
  const [lengthA, lengthB] = [checkBatch(where, "a", a, count), checkBatch(where, "b", b, count)];
  const m = checkRows(where, "each of a", a.subarray(0, lengthA), inner, "the inner dimension");
  const n = checkRows(where, "each of b", b.subarray(0, lengthB), inner, "the inner dimension");
  const { alpha, beta, c } = checkAccumulation(where, options, dtype, count * m * n, `${count} times ${m} x ${n}`);
  checkApart(where, "a", a, options.out);
  checkApart(where, "b", b, options.out);
  const workspace = new Workspace(where, dtype, options, [a, b, c], (kernels, suffix) =>
    kernels[`gemmScratch_${suffix}`](m, n, inner),
  );
  try {
    const [A, B, C] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    const [lda, ldb] = [transposeA ? m : inner, transposeB ? inner : n];
    const shape = [Number(transposeA), Number(transposeB), m, n, inner] as const;
    const kernel = typed(workspace.kernels, "gemmBatched", dtype);
    kernel(count, ...shape, alpha, A, lda, lengthA, B, ldb, lengthB, beta, C, n, m * n, workspace.scratch);
    return workspace.result(2, count * m * n, options.out) as A;
  } finally {
    workspace.dispose();
  }
}

/**
 * Eigenvalues and eigenvectors of many symmetric matrices of one size.
 *
 * ```math
 * A_i = V_i^T diag(values_i) V_i      for i from 0 to count - 1
 * ```
 *
 * @param matrices A_0, A_1, ... one behind the other, n * n elements each; the lower triangles are read
 * @param count how many, >= 1
 * @param options.engine where to work; default `defaultEngine()`
 * @returns as of `symmetricEigen`, one behind the other: `values`, count * n, and `vectors`, count * n * n
 * @throws as `symmetricEigen`, and RangeError for a length that is no multiple of `count`
 *
 * @example
 * const { values } = symmetricEigenBatched(new Float64Array([2, 1, 1, 2, 5, 0, 0, 4]), 2);
 * // [1, 3, 4, 5]
 * @see Gu, Eisenstat, "A Divide-and-Conquer Algorithm for the Symmetric Tridiagonal Eigenproblem", 1995
 */
export function symmetricEigenBatched<A extends FloatArray>(
  matrices: A,
  count: number,
  options: LinalgOptions = {},
): Eigendecomposition<A> {
  const where = "symmetricEigenBatched";
  const dtype = checkFloats(where, "matrices", matrices);
  const n = checkSquares(where, matrices, count);
  checkOptions(where, options, ["engine"]);
  const { length, BYTES_PER_ELEMENT: bytes } = matrices;
  const workspace = new Workspace(where, dtype, options, [length, count * n, length], (kernels, suffix) =>
    kernels[`symmetricEigenScratch_${suffix}`](n),
  );
  try {
    const [a, values, vectors] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(0, length).set(matrices);
    const kernel = typed(workspace.kernels, "symmetricEigen", dtype);
    for (let i = 0; i < count; i++) {
      const [square, list] = [i * n * n * bytes, i * n * bytes];
      checkDecomposed(where, kernel(n, a + square, n, values + list, vectors + square, n, workspace.scratch));
    }
    return { values: workspace.read(1, count * n) as A, vectors: workspace.read(2, length) as A };
  } finally {
    workspace.dispose();
  }
}

/**
 * Inverse p-th roots of many symmetric positive semidefinite matrices of one size, by eigendecomposition.
 *
 * ```math
 * P_i = (A_i + ridge_i I)^(-1/p)      for i from 0 to count - 1
 * ```
 *
 * @param matrices A_0, A_1, ... one behind the other, n * n elements each; the lower triangles are read
 * @param count how many, >= 1
 * @param p the order of the root, > 0 and not only whole
 * @param options as of `inverseRoot`: `relativeRidge` 1e-6, of the greatest eigenvalue of each matrix, `absoluteRidge` 0,
 *   `engine`
 * @returns the roots, one behind the other, of the matrices' own type
 * @throws as `inverseRoot`, and RangeError for a length that is no multiple of `count`
 *
 * @example
 * const roots = inverseRootBatched(new Float64Array([4, 16]), 2, 2, { relativeRidge: 0 });
 * // [0.5, 0.25]
 * @see Gupta, Koren, Singer, "Shampoo: Preconditioned Stochastic Tensor Optimization", 2018
 */
export function inverseRootBatched<A extends FloatArray>(
  matrices: A,
  count: number,
  p: number,
  options: LinalgOptions & Ridge = {},
): A {
  const where = "inverseRootBatched";
  const dtype = checkFloats(where, "matrices", matrices);
  const n = checkSquares(where, matrices, count);
  checkNumber(where, "p", p, positive);
  checkOptions(where, options, ["engine", "relativeRidge", "absoluteRidge"]);
  for (const name of ["relativeRidge", "absoluteRidge"] as const) {
    if (options[name] !== undefined) checkNumber(where, name, options[name], nonNegative);
  }
  const { length, BYTES_PER_ELEMENT: bytes } = matrices;
  const workspace = new Workspace(where, dtype, options, [length, n, n * n], (kernels, suffix) =>
    Math.max(kernels[`symmetricEigenScratch_${suffix}`](n), kernels[`recomposeScratch_${suffix}`](n)),
  );
  try {
    const [first, values, vectors] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(0, length).set(matrices);
    const decompose = typed(workspace.kernels, "symmetricEigen", dtype);
    const recompose = typed(workspace.kernels, "recompose", dtype);
    for (let i = 0; i < count; i++) {
      const a = first + i * n * n * bytes;
      checkDecomposed(where, decompose(n, a, n, values, vectors, n, workspace.scratch));
      if (!invertRoots(workspace.view(1, n), p, options)) {
        throw new RangeError(
          `${where}: matrix ${i} has no inverse root: an eigenvalue is 0 or less, and so is the ridge`,
        );
      }
      recompose(n, vectors, n, values, a, n, workspace.scratch);
    }
    return workspace.read(0, length) as A;
  } finally {
    workspace.dispose();
  }
}
