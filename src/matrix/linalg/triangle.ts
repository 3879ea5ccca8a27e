import { checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

/**
 * A symmetric matrix as its lower triangle, in half the memory: row i, its elements 0 to i, behind row i - 1.
 *
 * @param matrix n * n elements, row after row; the lower triangle is read
 * @param options.engine where to work; default `defaultEngine()`
 * @returns n (n + 1) / 2 elements of the matrix's own type
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for one that is not square
 *
 * @example
 * const packed = packSymmetric(new Float64Array([1, 2, 2, 3]));
 * // [1, 2, 3]
 * @see LAPACK's packed storage
 */
export function packSymmetric<A extends FloatArray>(matrix: A, options: LinalgOptions = {}): A {
  const where = "packSymmetric";
  const dtype = checkFloats(where, "matrix", matrix);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["engine"]);
  const length = (n * (n + 1)) / 2;
  const workspace = new Workspace(where, dtype, options, [matrix, length], () => 0);
  try {
    typed(workspace.kernels, "packLower", dtype)(n, workspace.pointer(0), n, workspace.pointer(1));
    return workspace.read(1, length) as A;
  } finally {
    workspace.dispose();
  }
}

/**
 * Both triangles of a symmetric matrix from its packed lower one.
 *
 * @param packed n (n + 1) / 2 elements, as of `packSymmetric`
 * @param options.engine where to work; default `defaultEngine()`
 * @returns n * n elements of the same type, row after row
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for a length that no triangle has
 *
 * @example
 * const matrix = unpackSymmetric(new Float64Array([1, 2, 3]));
 * // [1, 2, 2, 3]
 * @see LAPACK's packed storage
 */
export function unpackSymmetric<A extends FloatArray>(packed: A, options: LinalgOptions = {}): A {
  const where = "unpackSymmetric";
  const dtype = checkFloats(where, "packed", packed);
  const n = Math.floor(Math.sqrt(2 * packed.length));
  if ((n * (n + 1)) / 2 !== packed.length) {
    throw new RangeError(`${where}: packed must be a triangle, n (n + 1) / 2 elements, got ${packed.length}`);
  }
  checkOptions(where, options, ["engine"]);
  const workspace = new Workspace(where, dtype, options, [packed, n * n], () => 0);
  try {
    typed(workspace.kernels, "unpackLower", dtype)(n, workspace.pointer(0), workspace.pointer(1), n);
    return workspace.read(1, n * n) as A;
  } finally {
    workspace.dispose();
  }
}
