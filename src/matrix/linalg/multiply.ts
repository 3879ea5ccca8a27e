import { checkBoolean, checkInteger, checkNumber, checkOptions, type Interval } from "../../check.js";
import { type Dtype, type FloatArray, typed } from "../../memory/dtype.js";
import { checkFloats, checkLength, checkRows, checkSameType, type LinalgOptions, Workspace } from "./workspace.js";

/** How a product enters a result that exists: C = alpha product + beta C. */
export interface Accumulation<A extends FloatArray> extends LinalgOptions {
  /** Factor of the product, any finite number. Default 1. */
  readonly alpha?: number;
  /** Factor of what `out` holds, any finite number. Default 0: it is not read. */
  readonly beta?: number;
  /** Where the result goes. Default: a new array. */
  readonly out?: A;
}

export interface MultiplyOptions<A extends FloatArray> extends Accumulation<A> {
  /** Take the transpose of A. Default false. */
  readonly transposeA?: boolean;
  /** Take the transpose of B. Default false. */
  readonly transposeB?: boolean;
}

const finite: Interval = { from: -Number.MAX_VALUE, to: Number.MAX_VALUE };

const MOST = 2 ** 31 - 1;

/** alpha and beta, and what C holds: `out` if it is to be read, room for it otherwise. */
export function checkAccumulation<A extends FloatArray>(
  where: string,
  { alpha = 1, beta = 0, out }: Accumulation<A>,
  dtype: Dtype,
  length: number,
  shape: string,
): { alpha: number; beta: number; c: A | number } {
  checkNumber(where, "alpha", alpha, finite);
  checkNumber(where, "beta", beta, finite);
  if (out === undefined) {
    if (beta !== 0) throw new RangeError(`${where}: out must be given for a beta other than 0, got beta ${beta}`);
    return { alpha, beta, c: length };
  }
  checkSameType(where, "out", out, "the first array", dtype);
  checkLength(where, "out", out, length, shape);
  return { alpha, beta, c: out };
}

/** Two views of one buffer with bytes in common. */
function overlap(a: FloatArray, b: FloatArray): boolean {
  if (a.buffer !== b.buffer) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

export function checkApart(where: string, name: string, value: FloatArray, out: FloatArray | undefined): void {
  if (out !== undefined && overlap(value, out)) throw new RangeError(`${where}: out must not overlap ${name}`);
}

/**
 * The product of two matrices.
 *
 * ```math
 * C = alpha op(A) op(B) + beta C      op(X) is X or X^T
 * ```
 *
 * op(A) is m x inner, op(B) inner x n, C m x n; m and n follow from how many elements A and B have. Packed, blocked and
 * tiled; every element is summed up in the order of the inner dimension, in blocks of 256, whatever the shapes. NaN and
 * infinities go where they enter. Arrays in the engine's memory are not copied.
 *
 * @param a A, row after row: m x inner, or inner x m if transposed
 * @param b B, row after row, of A's type: inner x n, or n x inner if transposed
 * @param inner the dimension that A and B share, >= 0
 * @param options.transposeA take A^T; default false
 * @param options.transposeB take B^T; default false
 * @param options.alpha factor of the product; default 1
 * @param options.beta factor of what `out` holds; default 0, and `out` is not read
 * @param options.out where C goes, m * n elements apart from A and B; default a new array
 * @param options.engine where to work; default `defaultEngine()`
 * @returns C, row after row: `out` if that was given
 * @throws TypeError for an argument that is no Float32Array or Float64Array, or for two types in one call; RangeError for lengths that
 *   are no multiples of `inner`, an `out` of another length or over A or B, a `beta` without `out`
 *
 * @example
 * const c = multiply(new Float32Array([1, 2, 3, 4]), new Float32Array([5, 6, 7, 8]), 2);
 * // [19, 22, 43, 50]
 * @see Goto, van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008
 */
export function multiply<A extends FloatArray>(a: A, b: A, inner: number, options: MultiplyOptions<A> = {}): A {
  const where = "multiply";
  const dtype = checkFloats(where, "a", a);
  checkSameType(where, "b", b, "a", dtype);
  checkInteger(where, "inner", inner, 0, MOST);
  checkOptions(where, options, ["transposeA", "transposeB", "alpha", "beta", "out", "engine"]);
  const transposeA = checkBoolean(where, "transposeA", options.transposeA ?? false);
  const transposeB = checkBoolean(where, "transposeB", options.transposeB ?? false);
  const m = checkRows(where, "a", a, inner, "the inner dimension");
  const n = checkRows(where, "b", b, inner, "the inner dimension");
  const { alpha, beta, c } = checkAccumulation(where, options, dtype, m * n, `${m} x ${n}`);
  checkApart(where, "a", a, options.out);
  checkApart(where, "b", b, options.out);
  const workspace = new Workspace(where, dtype, options, [a, b, c], (kernels, suffix) =>
    kernels[`gemmScratch_${suffix}`](m, n, inner),
  );
  try {
    const [A, B, C] = [0, 1, 2].map((k) => workspace.pointer(k)) as [number, number, number];
    const kernel = typed(workspace.kernels, "gemm", dtype);
    const [lda, ldb] = [transposeA ? m : inner, transposeB ? inner : n];
    const flags = [Number(transposeA), Number(transposeB)] as const;
    kernel(...flags, m, n, inner, alpha, A, lda, B, ldb, beta, C, n, workspace.scratch);
    return workspace.result(2, m * n, options.out) as A;
  } finally {
    workspace.dispose();
  }
}
