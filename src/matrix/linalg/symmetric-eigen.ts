import { checkOptions } from "../../check.js";
import { type Dtype, type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

export interface Eigendecomposition<A extends FloatArray> {
  /** The eigenvalues, ascending. */
  readonly values: A;
  /** n x n; row k is the eigenvector of `values[k]`, of length 1: `vectors.subarray(k * n, (k + 1) * n)`. */
  readonly vectors: A;
}

/** What the kernel's status says of the matrix. */
export function checkDecomposed(where: string, status: number): void {
  if (status === 1) throw new RangeError(`${where}: matrix has elements that are NaN or infinite`);
  if (status !== 0) throw new Error(`${where}: the iteration for the eigenvalues did not end`);
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix.
 *
 * ```math
 * A = V^T diag(values) V      values ascending
 * V V^T = I
 * ```
 *
 * Householder tridiagonalisation, then divide and conquer, with the scalars in float64 for either element type. Errors of the
 * eigenvalues are some roundings of the greatest, those of a vector so much over the distance of its value from the others.
 * The sign of a vector is not determined, nor is the basis of vectors with equal values. NumPy's `eigh` has the vectors as columns.
 *
 * @param matrix n * n elements, row after row; the lower triangle is read. Any n >= 0
 * @param options.engine where to work; default `defaultEngine()`
 * @returns `values` and `vectors`, of the matrix's own type
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for one that is not square or has elements that
 *   are NaN or infinite
 *
 * @example
 * const { values, vectors } = symmetricEigen(new Float64Array([2, 1, 1, 2]));
 * // values is [1, 3]; rows of vectors are +-[0.7071, -0.7071] and +-[0.7071, 0.7071]
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., chapter 8; Gu, Eisenstat, "A Divide-and-Conquer Algorithm for the
 *   Symmetric Tridiagonal Eigenproblem", 1995
 */
export function symmetricEigen<A extends FloatArray>(matrix: A, options: LinalgOptions = {}): Eigendecomposition<A> {
  const where = "symmetricEigen";
  const dtype: Dtype = checkFloats(where, "matrix", matrix);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["engine"]);
  const workspace = new Workspace(where, dtype, options, [n * n, n, n * n], (kernels, suffix) =>
    kernels[`symmetricEigenScratch_${suffix}`](n),
  );
  try {
    const [a, values, vectors] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(0, n * n).set(matrix);
    const kernel = typed(workspace.kernels, "symmetricEigen", dtype);
    checkDecomposed(where, kernel(n, a, n, values, vectors, n, workspace.scratch));
    return { values: workspace.read(1, n) as A, vectors: workspace.read(2, n * n) as A };
  } finally {
    workspace.dispose();
  }
}
