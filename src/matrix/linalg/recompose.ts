import { checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import type { Eigendecomposition } from "./symmetric-eigen.js";
import { checkFloats, checkLength, checkSameType, type LinalgOptions, Workspace } from "./workspace.js";

/**
 * A symmetric matrix from its eigenvalues and eigenvectors, or from others in their place: f(A) of any function f.
 *
 * ```math
 * f(A) = V^T diag(f(values)) V
 * ```
 *
 * Made as a lower triangle and mirrored: symmetric to the bit.
 *
 * @param decomposition `values`, n elements, and `vectors`, n * n elements with those vectors as rows, as from `symmetricEigen`
 * @param options.engine where to work; default `defaultEngine()`
 * @returns n * n elements of the same type
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for lengths that
 *   don't fit together
 *
 * @example
 * const { values, vectors } = symmetricEigen(new Float64Array([2, 1, 1, 2]));
 * const exponential = recompose({ values: values.map(Math.exp), vectors });
 * // [11.4019, 8.6836, 8.6836, 11.4019]
 * @see Higham, "Functions of Matrices", 2008, section 4.5
 */
export function recompose<A extends FloatArray>(decomposition: Eigendecomposition<A>, options: LinalgOptions = {}): A {
  const where = "recompose";
  const { values, vectors } = decomposition;
  const dtype = checkFloats(where, "values", values);
  checkSameType(where, "vectors", vectors, "values", dtype);
  const n = values.length;
  checkLength(where, "vectors", vectors, n * n, `${n} x ${n}`);
  checkOptions(where, options, ["engine"]);
  const workspace = new Workspace(where, dtype, options, [values, vectors, n * n], (kernels, suffix) =>
    kernels[`recomposeScratch_${suffix}`](n),
  );
  try {
    const [weights, V, C] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    typed(workspace.kernels, "recompose", dtype)(n, V, n, weights, C, n, workspace.scratch);
    return workspace.read(2, n * n) as A;
  } finally {
    workspace.dispose();
  }
}
