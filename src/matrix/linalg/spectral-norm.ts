import { checkInteger, checkOptions } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkSquare, type LinalgOptions, Workspace } from "./workspace.js";

export interface SpectralNormOptions extends LinalgOptions {
  /** Steps of power iteration, >= 0. Default 24. */
  readonly steps?: number;
}

/**
 * An estimate of a symmetric matrix's spectral norm, its greatest eigenvalue in magnitude, by power iteration.
 *
 * ```math
 * x <- (A x) / ||A x||      from the longest row of A
 * norm = ||A x||
 * ```
 *
 * Never above the norm but by rounding; some per cent below it where the greatest eigenvalues lie close together.
 *
 * @param matrix n * n elements, row after row; both triangles are read
 * @param options.steps >= 0; default 24
 * @param options.engine where to work; default `defaultEngine()`
 * @returns the estimate; NaN or infinite for a matrix with such elements
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for one that is not square
 *
 * @example
 * const norm = spectralNorm(new Float64Array([2, 1, 1, 2])); // 3
 * @see Golub, Van Loan, "Matrix Computations", 4th ed., section 8.2
 */
export function spectralNorm(matrix: FloatArray, options: SpectralNormOptions = {}): number {
  const where = "spectralNorm";
  const dtype = checkFloats(where, "matrix", matrix);
  const n = checkSquare(where, "matrix", matrix);
  checkOptions(where, options, ["steps", "engine"]);
  const steps = checkInteger(where, "steps", options.steps ?? 24, 0, 2 ** 31 - 1);
  const workspace = new Workspace(where, dtype, options, [matrix], (kernels, suffix) =>
    kernels[`spectralNormScratch_${suffix}`](n),
  );
  try {
    const kernel = typed(workspace.kernels, "spectralNorm", dtype);
    return kernel(n, workspace.pointer(0), n, steps, workspace.scratch);
  } finally {
    workspace.dispose();
  }
}
