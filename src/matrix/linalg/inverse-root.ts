import { checkNumber, checkOptions, nonNegative, positive } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkMethod, type RootMethod, rootByIteration } from "./root-iterations.js";
import { checkDecomposed } from "./symmetric-eigen.js";
import { checkFloats, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

export interface Ridge {
  /** Part of the greatest eigenvalue that is added to all of them, >= 0. Default 1e-6, below which float32 has no meaning. */
  readonly relativeRidge?: number;
  /** What is added to all eigenvalues besides, >= 0. Default 0. */
  readonly absoluteRidge?: number;
}

export interface InverseRootOptions extends LinalgOptions, Ridge {
  /** `{ kind: "eigen" }` (default), `{ kind: "coupledNewton" }` or `{ kind: "newtonSchulz" }`, the two with limits. */
  readonly method?: RootMethod;
}

/** The default of Shampoo, and the least that float32 statistics bear. */
const RELATIVE_RIDGE = 1e-6;

/**
 * Eigenvalues, ascending, to those of the inverse p-th root, in place: x <- (max(x, 0) + ridge)^(-1/p). A sum of outer
 * products has no negative eigenvalues but by rounding. False, and values of no use, if one of them has no inverse.
 */
export function invertRoots(
  values: FloatArray,
  p: number,
  { relativeRidge = RELATIVE_RIDGE, absoluteRidge = 0 }: Ridge = {},
): boolean {
  const greatest = Math.max(values.at(-1) ?? 0, 0);
  const ridge = relativeRidge * greatest + absoluteRidge;
  // An eigenvalue that has overflowed would come out as 0, which is finite.
  if (!Number.isFinite(greatest + ridge)) return false;
  const power = inversePower(p);
  let allFinite = true;
  for (let k = 0; k < values.length; k++) {
    values[k] = power(Math.max(values[k]!, 0) + ridge);
    allFinite &&= Number.isFinite(values[k]);
  }
  return allFinite;
}

/** x^(-1/p): of roots of statistics almost always by square roots, which every engine rounds alike, as it does no power. */
function inversePower(p: number): (x: number) => number {
  if (p === 4) return (x) => 1 / Math.sqrt(Math.sqrt(x));
  if (p === 2) return (x) => 1 / Math.sqrt(x);
  return (x) => x ** (-1 / p);
}

/**
 * The inverse p-th root of a symmetric positive semidefinite matrix, regularised.
 *
 * ```math
 * A = V^T diag(values) V
 * ridge = relativeRidge max(values) + absoluteRidge
 * P = V^T diag((max(values, 0) + ridge)^(-1/p)) V
 * ```
 *
 * By eigendecomposition: the same work for every p, and negative eigenvalues, which rounding leaves of those that are 0, are
 * clamped. P is symmetric to the bit. With float32 and the default ridge P is off by some 1e-3 at most in directions of small
 * eigenvalues, and by 1e-4 on gradients drawn with covariance A. The iterations of `method` know no eigenvalues: the ridge is
 * relative to an estimate of the greatest, nothing is clamped, and with a ridge too small they don't converge, and say so.
 *
 * @param matrix n * n elements, row after row; the lower triangle is read
 * @param p the order of the root, > 0 and not only whole: 2 for A^(-1/2), 4 for A^(-1/4), 1 for the inverse
 * @param options `relativeRidge`, part of the greatest eigenvalue, >= 0, default 1e-6, and less than 1e-7 wants float64;
 *   `absoluteRidge`, added besides, >= 0, default 0; `method`, how, default `{ kind: "eigen" }`, see {@link RootMethod};
 *   `engine`, where to work, default `defaultEngine()`
 * @returns P, n * n elements of the matrix's own type
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for one that is not square, has elements that are
 *   NaN or infinite, or has no inverse root: an eigenvalue <= 0, and no ridge; for a p that the method can't do, or if it does
 *   not converge
 *
 * @example
 * const root = inverseRoot(new Float64Array([4, 0, 0, 16]), 2, { relativeRidge: 0 });
 * // [0.5, 0, 0, 0.25]
 * @see Gupta, Koren, Singer, "Shampoo: Preconditioned Stochastic Tensor Optimization", 2018; Guo, Higham, "A Schur-Newton
 *   Method for the Matrix p-th Root and its Inverse", 2006
 */
export function inverseRoot<A extends FloatArray>(matrix: A, p: number, options: InverseRootOptions = {}): A {
  const where = "inverseRoot";
  const dtype = checkFloats(where, "matrix", matrix);
  const n = checkSquare(where, "matrix", matrix);
  checkNumber(where, "p", p, positive);
  checkOptions(where, options, ["engine", "method", "relativeRidge", "absoluteRidge"]);
  for (const name of ["relativeRidge", "absoluteRidge"] as const) {
    if (options[name] !== undefined) checkNumber(where, name, options[name], nonNegative);
  }
  const method = checkMethod(where, options.method ?? { kind: "eigen" }, p);
  if (method.kind !== "eigen") {
    const { relativeRidge = RELATIVE_RIDGE, absoluteRidge = 0 } = options;
    return rootByIteration(matrix, { where, dtype, n, p, relativeRidge, absoluteRidge, method }, options);
  }
  const workspace = new Workspace(where, dtype, options, [n * n, n, n * n], (kernels, suffix) =>
    Math.max(kernels[`symmetricEigenScratch_${suffix}`](n), kernels[`recomposeScratch_${suffix}`](n)),
  );
  try {
    const [a, values, vectors] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    workspace.view(0, n * n).set(matrix);
    const decompose = typed(workspace.kernels, "symmetricEigen", dtype);
    checkDecomposed(where, decompose(n, a, n, values, vectors, n, workspace.scratch));
    if (!invertRoots(workspace.view(1, n), p, options)) {
      throw new RangeError(`${where}: matrix has no inverse root: an eigenvalue is 0 or less, and so is the ridge`);
    }
    typed(workspace.kernels, "recompose", dtype)(n, vectors, n, values, a, n, workspace.scratch);
    return workspace.read(0, n * n) as A;
  } finally {
    workspace.dispose();
  }
}
