// Householder reflectors H_i = I - tau_i v_i v_i^T, in blocks (Schreiber, Van Loan 1989, compact WY; Puglisi 1992 for the
// inverse of the triangular factor):
//
//     H_0 H_1 ... H_(b-1) = I - V^T X,   X = S V,   S^-1 = diag(1 / tau) + the part of V V^T above the diagonal
//
// with the v_i as rows of V. X comes by substitution, from the last row up, so that S is never made.

import { PAIR, VECTOR, bytes, multiplyAdd, splat, subtractProduct, sumLanes, zero } from "../simd/lanes";
import { gemm, gemmLower } from "./multiply";

/** The reflectors of a block at most. */
// @ts-ignore: decorator
@inline export const BLOCK: i32 = 32;

/** Bytes of a row of vectors that hold n elements. */
// @ts-ignore: decorator
@inline
export function wholeVectors<T>(n: i32): usize {
  return (bytes<T>(n) + (VECTOR - 1)) & ~(VECTOR - 1);
}

/** sums + x x, in f64 */
// @ts-ignore: decorator
@inline
function addSquares<T>(x: v128, sums: v128): v128 {
  if (sizeof<T>() == sizeof<f64>()) return multiplyAdd<f64>(x, x, sums);
  const low = f64x2.promote_low_f32x4(x), high = f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
  return multiplyAdd<f64>(high, high, multiplyAdd<f64>(low, low, sums));
}

/** The sum of the squares of whole vectors, one at least, in f64. */
// @ts-ignore: decorator
@inline
export function squaredNorm<T>(x: usize, end: usize): f64 {
  let sums = zero();
  do {
    sums = addSquares<T>(v128.load(x), sums);
    x += VECTOR;
  } while (x < end);
  return sumLanes<f64>(sums);
}

/** Below this norm, in a matrix whose greatest element is about 1, a row counts as 0: its reciprocal must be finite in T. */
// @ts-ignore: decorator
@inline
function negligible<T>(): f64 {
  return sizeof<T>() == sizeof<f32>() ? 1e-30 : 1e-140;
}

/**
 * Turns the row x into v with 1 at `unit`, and returns tau, 0 where x has nothing else: x H is `element` there and 0
 * elsewhere. tau is that of v as rounded, 2 / v.v, so that H is orthogonal to a rounding of tau.
 *
 * @param x       whole vectors up to `end`, one at least
 * @param element f64[1]
 */
// @ts-ignore: decorator
@inline
export function makeReflector<T>(x: usize, end: usize, unit: usize, element: usize): f64 {
  const alpha = <f64>load<T>(unit);
  store<T>(unit, <T>0);
  const squared = squaredNorm<T>(x, end);
  const norm = Math.sqrt(squared + alpha * alpha);
  if (squared == 0 || norm < negligible<T>()) {
    store<f64>(element, alpha);
    store<T>(unit, <T>1);
    return 0;
  }
  const reduced = alpha > 0 ? -norm : norm;
  store<f64>(element, reduced);
  const scale = splat<T>(<T>(1 / (alpha - reduced)));
  let sums = zero();
  do {
    const v = v128.mul<T>(v128.load(x), scale);
    v128.store(x, v);
    sums = addSquares<T>(v, sums);
    x += VECTOR;
  } while (x < end);
  store<T>(unit, <T>1);
  return 2 / (1 + sumLanes<f64>(sums));
}

/** One row of X, in strips of two vectors: x_j = tau_j (v_j - sum_(i > j) (v_i.v_j) x_i). */
function substitute<T>(
  later: i32, width: usize, v: usize, x: usize, stride: usize, products: usize, productStride: usize, tau: T,
): void {
  const factor = splat<T>(tau);
  for (let j: usize = 0; j < width; j += PAIR) {
    let low = v128.load(v + j), high = v128.load(v + j, VECTOR);
    let row = x + stride + j, product = products;
    for (let i = 0; i < later; ++i) {
      const s = v128.load_splat<T>(product);
      low = subtractProduct<T>(s, v128.load(row), low);
      high = subtractProduct<T>(s, v128.load(row, VECTOR), high);
      row += stride;
      product += productStride;
    }
    v128.store(x + j, v128.mul<T>(factor, low));
    v128.store(x + j, v128.mul<T>(factor, high), VECTOR);
  }
}

/**
 * X of a block.
 *
 * @param count       reflectors, <= BLOCK
 * @param columns     of V
 * @param v           T[count][stride], on a multiple of 16, 0 from `columns` to the next multiple of 32 bytes
 * @param stride      bytes from row to row, of v and x: a multiple of 32
 * @param factors     f64[count], tau
 * @param x           T[count][stride], on a multiple of 16
 * @param products    T[BLOCK][BLOCK], to work in
 * @param gemmScratch for count x count x columns
 */
export function blockReflector<T>(
  count: i32, columns: i32, v: usize, stride: usize, factors: usize, x: usize, products: usize, gemmScratch: usize,
): void {
  const ld = <i32>(stride / sizeof<T>());
  const width = (bytes<T>(columns) + (PAIR - 1)) & ~(PAIR - 1);
  const productStride = bytes<T>(BLOCK);
  gemmLower<T>(false, true, count, columns, <T>1, v, ld, v, ld, <T>0, products, BLOCK, gemmScratch);
  for (let j = count - 1; j >= 0; --j) {
    const at = <usize>j;
    substitute<T>(
      count - 1 - j, width, v + at * stride, x + at * stride, stride,
      products + (at + 1) * productStride + bytes<T>(j), productStride, <T>load<f64>(factors + (at << 3)),
    );
  }
}

/**
 * Z <- Z (I - V^T X)
 *
 * @param z           T[rows][ldz], its columns those of V
 * @param work        T[rows][BLOCK]
 * @param gemmScratch for rows x columns x columns
 */
export function applyReflectors<T>(
  count: i32, rows: i32, columns: i32, v: usize, x: usize, ld: i32, z: usize, ldz: i32, work: usize, gemmScratch: usize,
): void {
  gemm<T>(false, true, rows, count, columns, <T>1, z, ldz, v, ld, <T>0, work, BLOCK, gemmScratch);
  gemm<T>(false, false, rows, columns, count, <T>-1, work, BLOCK, x, ld, <T>1, z, ldz, gemmScratch);
}

/** Z <- Z (I - X^T V): the reflectors in the opposite order. The arguments as those of applyReflectors. */
export function applyTransposed<T>(
  count: i32, rows: i32, columns: i32, v: usize, x: usize, ld: i32, z: usize, ldz: i32, work: usize, gemmScratch: usize,
): void {
  gemm<T>(false, true, rows, count, columns, <T>1, z, ldz, x, ld, <T>0, work, BLOCK, gemmScratch);
  gemm<T>(false, false, rows, columns, count, <T>-1, work, BLOCK, v, ld, <T>1, z, ldz, gemmScratch);
}
