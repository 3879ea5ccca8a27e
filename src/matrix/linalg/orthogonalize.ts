import { checkArray, checkInteger, checkNumber, checkOneOf, checkOptions, type Interval } from "../../check.js";
import { type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkRows, type LinalgOptions, Workspace } from "./workspace.js";

export interface OrthogonalizeOptions extends LinalgOptions {
  /** How many steps, >= 0. Default 5. */
  readonly steps?: number;
  /** a, b, c of the polynomial. Default 3.4445, -4.775, 2.0315. */
  readonly coefficients?: readonly [number, number, number];
  /**
   * `"direct"` multiplies the matrix in every step, `"gram"` its Gram matrix and itself once. Default: `"gram"` if one side is
   * at least 1.5 times the other.
   */
  readonly form?: "direct" | "gram";
}

/** Muon's: they take singular values in [0.001, 1] to [0.68, 1.13] in 5 steps, faster than any that converge. */
export const MUON_COEFFICIENTS = [3.4445, -4.775, 2.0315] as const;

/** From this ratio of the sides on the Gram form takes less work than the direct one, by more than its products cost. */
const GRAM_FROM = 1.5;

const finite: Interval = { from: -Number.MAX_VALUE, to: Number.MAX_VALUE };

const MOST = 2 ** 31 - 1;

/** Which form takes less work. */
export const cheaperForm = (rows: number, columns: number): "direct" | "gram" =>
  Math.max(rows, columns) >= GRAM_FROM * Math.min(rows, columns) ? "gram" : "direct";

/**
 * A matrix with the singular vectors of the given one and all singular values near 1: Muon's orthogonalisation, by
 * Newton-Schulz steps of a quintic polynomial.
 *
 * ```math
 * X <- A / ||A||_F        at the start
 * S = X X^T
 * X <- (a I + b S + c S^2) X
 * ```
 *
 * or from the right, with S = X^T X, if A has more rows than columns. With the default coefficients the singular values
 * do not converge: those above 0.001 of the norm end between 0.68 and 1.13, which an optimizer does not mind. With
 * 1.875, -1.25, 0.375 and more steps they go to 1. Zeros stay zeros; NaN and infinities make all of it NaN.
 *
 * @param matrix A, rows * columns elements, row after row
 * @param rows how many rows; the columns follow
 * @param options.steps >= 0; default 5, Muon's
 * @param options.coefficients a, b, c; default 3.4445, -4.775, 2.0315, Muon's
 * @param options.form `"direct"` or `"gram"`, which rounds the squares of singular values: those 1000 times below the
 *   greatest come out less exactly. Default: `"gram"` where it is faster, from a ratio of the sides of 1.5
 * @param options.engine where to work; default `defaultEngine()`
 * @returns X, of A's type and shape
 * @throws TypeError for an argument that is no Float32Array or Float64Array; RangeError for rows that don't divide its length, or
 *   options out of range
 *
 * @example
 * const x = orthogonalize(new Float64Array([3, 0, 0, 4]), 2, { steps: 20, coefficients: [1.875, -1.25, 0.375] });
 * // [1, 0, 0, 1] to rounding
 * @see Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; Bernstein, Newhouse, "Old Optimizer,
 *   New Norm", 2024
 */
export function orthogonalize<A extends FloatArray>(matrix: A, rows: number, options: OrthogonalizeOptions = {}): A {
  const where = "orthogonalize";
  const dtype = checkFloats(where, "matrix", matrix);
  checkInteger(where, "rows", rows, 0, MOST);
  const columns = checkRows(where, "matrix", matrix, rows, "its rows of equal length");
  checkOptions(where, options, ["steps", "coefficients", "form", "engine"]);
  const { coefficients = MUON_COEFFICIENTS, form = cheaperForm(rows, columns) } = options;
  const steps = checkInteger(where, "steps", options.steps ?? 5, 0, MOST);
  checkArray(where, "coefficients", coefficients, 3, "a, b and c");
  coefficients.forEach((value, k) => void checkNumber(where, `coefficients[${k}]`, value, finite));
  checkOneOf(where, "form", form, ["direct", "gram"]);
  const family = form === "gram" ? "orthogonalizeGram" : "orthogonalize";
  const workspace = new Workspace(where, dtype, options, [matrix, matrix.length], (kernels, suffix) =>
    kernels[`${family}Scratch_${suffix}`](rows, columns),
  );
  try {
    const [A, X] = [workspace.pointer(0), workspace.pointer(1)];
    const kernel = typed(workspace.kernels, family, dtype);
    kernel(rows, columns, steps, ...coefficients, A, columns, X, columns, workspace.scratch);
    return workspace.read(1, rows * columns) as A;
  } finally {
    workspace.dispose();
  }
}
