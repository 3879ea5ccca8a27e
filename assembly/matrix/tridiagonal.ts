// Householder tridiagonalisation of a symmetric matrix: A = Q T Q^T with Q = H_(n-1) ... H_3 H_2, H_k = I - tau_k v_k v_k^T
// (Golub, Van Loan, Matrix Computations, 4th ed., 8.3.1, from the other end).
//
// The last row is reduced first, so that reflector k is the contiguous row k: v_k has entries 0 .. k - 1, the last of them 1.
//
// The two-sided update by H_k and the product that the next reflector needs, A' v', are one pass over the lower triangle:
// row k - 1 is brought up to date ahead of the others and gives v'. One pass reads and writes a row once where a symv
// and a syr2 read it twice.
//
// Of each square of LANES x LANES on the diagonal both triangles are kept, so that every row is whole vectors:
//
//     a a a a                     Rows i, i + 1 of a pass: columns before the square count twice, as A_ij and as A_ji,
//     a a a a                     those in the square once.
//     a a a a
//     a a a a
//     b b b b c c c c             Rows and columns from k on that fill up the last square take no part, since v, w and u
//     b b b b c c c c             are 0 there: x - (0 w + v 0) = x.
//     ...
//
// The vectors of a step lie side by side, so that one address moves along them (the loop is bound by instructions):
//
//     v v v v  w w w w  u u u u  p p p p     columns 0 .. LANES - 1 of v, w, u = v' and p = A' u
//     v v v v  w w w w  u u u u  p p p p     the next

import { QUAD, VECTOR, bytes, multiplyAdd, splat, subtractProduct, sumLanes, zero } from "../simd/lanes";
import { makeReflector, wholeVectors } from "./reflector";

const V: usize = 0, W: usize = VECTOR, U: usize = 2 * VECTOR, P: usize = 3 * VECTOR;

/** Where in the vectors of a step the column stands that is so many bytes from the start of a row. */
// @ts-ignore: decorator
@inline
function column(offset: usize): usize {
  return ((offset & ~(VECTOR - 1)) << 2) + (offset & (VECTOR - 1));
}

/** x - v_i w_j - w_i v_j */
// @ts-ignore: decorator
@inline
function rankTwo<T>(x: v128, vi: v128, wi: v128, vj: v128, wj: v128): v128 {
  return subtractProduct<T>(wi, vj, subtractProduct<T>(vi, wj, x));
}

/** Row k, of k + 1 elements, catches up with the last update. */
// @ts-ignore: decorator
@inline
function catchUp<T>(k: i32, row: usize, vectors: usize): void {
  const own = vectors + column(bytes<T>(k));
  const vk = v128.load_splat<T>(own, V), wk = v128.load_splat<T>(own, W);
  const end = row + wholeVectors<T>(k + 1);
  do {
    v128.store(row, rankTwo<T>(v128.load(row), vk, wk, v128.load(vectors, V), v128.load(vectors, W)));
    row += VECTOR;
    vectors += QUAD;
  } while (row < end);
}

/** u <- the row x of k elements */
// @ts-ignore: decorator
@inline
function setU<T>(k: i32, x: usize, vectors: usize): void {
  const end = x + wholeVectors<T>(k);
  do {
    v128.store(vectors, v128.load(x), U);
    x += VECTOR;
    vectors += QUAD;
  } while (x < end);
}

/**
 * Two rows of the pass: A <- A - v w^T - w v^T, and of p <- A u what these rows give. `square` is where the square on
 * the diagonal begins, in bytes from the row's start, `own` where the first of the two diagonal elements stands.
 */
function twoRows<T>(row: usize, stride: usize, square: usize, own: usize, vectors: usize): void {
  const here = vectors + column(own);
  const v0 = v128.load_splat<T>(here, V), w0 = v128.load_splat<T>(here, W), u0 = v128.load_splat<T>(here, U);
  const v1 = v128.load_splat<T>(here + sizeof<T>(), V), w1 = v128.load_splat<T>(here + sizeof<T>(), W), u1 = v128.load_splat<T>(here + sizeof<T>(), U);
  let sum0 = zero(), sum1 = zero();
  let next = row + stride;
  const before = row + square;
  if (row < before) do {
    const v = v128.load(vectors, V), w = v128.load(vectors, W), u = v128.load(vectors, U);
    const x0 = rankTwo<T>(v128.load(row), v0, w0, v, w);
    const x1 = rankTwo<T>(v128.load(next), v1, w1, v, w);
    v128.store(row, x0);
    v128.store(next, x1);
    sum0 = multiplyAdd<T>(x0, u, sum0);
    sum1 = multiplyAdd<T>(x1, u, sum1);
    v128.store(vectors, multiplyAdd<T>(x1, u1, multiplyAdd<T>(x0, u0, v128.load(vectors, P))), P);
    row += VECTOR;
    next += VECTOR;
    vectors += QUAD;
  } while (row < before);
  const v = v128.load(vectors, V), w = v128.load(vectors, W), u = v128.load(vectors, U);
  const x0 = rankTwo<T>(v128.load(row), v0, w0, v, w);
  const x1 = rankTwo<T>(v128.load(next), v1, w1, v, w);
  v128.store(row, x0);
  v128.store(next, x1);
  sum0 = multiplyAdd<T>(x0, u, sum0);
  sum1 = multiplyAdd<T>(x1, u, sum1);
  store<T>(here, <T>(<f64>load<T>(here, P) + sumLanes<T>(sum0)), P);
  store<T>(here + sizeof<T>(), <T>(<f64>load<T>(here + sizeof<T>(), P) + sumLanes<T>(sum1)), P);
}

/** A <- A - v w^T - w v^T;  p <- p + A u;  over the leading k rows and columns. */
function pass<T>(k: i32, rows: usize, stride: usize, vectors: usize): void {
  const end = bytes<T>(k);
  for (let own: usize = 0; own < end; own += 2 * sizeof<T>()) {
    twoRows<T>(rows, stride, own & ~(VECTOR - 1), own, vectors);
    rows += 2 * stride;
  }
}

/**
 * v <- u and w <- tau (p - (tau / 2) (p.u) u), so that H A H = A - v w^T - w v^T; u and p are 0 behind it, v and w from
 * column k on.
 */
// @ts-ignore: decorator
@inline
function companion<T>(k: i32, tau: f64, vectors: usize): void {
  const end = vectors + (wholeVectors<T>(k) << 2);
  let sum = zero();
  let at = vectors;
  do {
    sum = multiplyAdd<T>(v128.load(at, P), v128.load(at, U), sum);
    at += QUAD;
  } while (at < end);
  const factor = splat<T>(<T>tau), share = splat<T>(<T>(-0.5 * tau * sumLanes<T>(sum)));
  at = vectors;
  do {
    const u = v128.load(at, U);
    v128.store(at, u, V);
    v128.store(at, v128.mul<T>(factor, multiplyAdd<T>(share, u, v128.load(at, P))), W);
    v128.store(at, zero(), U);
    v128.store(at, zero(), P);
    at += QUAD;
  } while (at < end);
}

/**
 * @param rows     T[n][stride], on a multiple of 16; on entry A, its lower triangle and the squares on the diagonal,
 *                 |a_ij| <= 1; on exit v_k in row k, and 0 from column k on
 * @param stride   bytes from row to row, a multiple of 16
 * @param diagonal f64[n], of T
 * @param beside   f64[n], the elements next to the diagonal: beside[k] at (k + 1, k); the last is 0
 * @param factors  f64[n], tau_k; 0 where H_k = I
 * @param scratch  four rows
 */
export function tridiagonalize<T>(
  n: i32, rows: usize, stride: usize, diagonal: usize, beside: usize, factors: usize, scratch: usize,
): void {
  for (let j: usize = 0; j < 4 * stride; j += VECTOR) v128.store(scratch + j, zero());
  store<f64>(beside + (<usize>(n - 1) << 3), 0);
  for (let k = n - 1; k > 0; --k) {
    const row = rows + <usize>k * stride;
    const width = bytes<T>(k);
    const at = <usize>k << 3;
    catchUp<T>(k, row, scratch);
    store<f64>(diagonal + at, <f64>load<T>(row + width));
    for (let j = width; j < stride; j += sizeof<T>()) store<T>(row + j, <T>0);
    // Rows and columns from k on take no part in the pass.
    const own = scratch + column(width);
    store<T>(own, <T>0, V);
    store<T>(own, <T>0, W);
    const tau = makeReflector<T>(row, row + wholeVectors<T>(k), row + width - sizeof<T>(), beside + at - 8);
    store<f64>(factors + at, tau);
    setU<T>(k, row, scratch);
    pass<T>(k, rows, stride, scratch);
    companion<T>(k, tau, scratch);
  }
  catchUp<T>(0, rows, scratch);
  store<f64>(diagonal, <f64>load<T>(rows));
  store<f64>(factors, 0);
  for (let j: usize = 0; j < stride; j += sizeof<T>()) store<T>(rows + j, <T>0);
}
