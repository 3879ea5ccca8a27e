// Householder tridiagonalisation of a symmetric matrix: A = Q T Q^T with Q = H_(n-1) ... H_3 H_2, H_k = I - tau_k v_k v_k^T
// (Golub, Van Loan, Matrix Computations, 4th ed., 8.3.1, from the other end).
//
// In f64 also for matrices of f32: of all errors of an f32 decomposition those made here were the greatest, ten times the
// others in inverse roots, and this is the smaller part of the work.
//
// The last row is reduced first, so that reflector k is the contiguous row k: v_k has entries 0 .. k - 1, the last of them 1.
//
// The two-sided update by H_k and the product that the next reflector needs, A' v', are one pass over the lower triangle:
// row k - 1 is brought up to date ahead of the others and gives v'. One pass reads and writes a row once where a symv
// and a syr2 read it twice.
//
// Of each square of 2 x 2 on the diagonal both triangles are kept, so that every row is whole vectors:
//
//     a a              A pair of rows in a pass: columns before the square count twice, as A_ij and as A_ji, those in it
//     a a              once.
//     b b c c          A row and column k that fills up the last square takes no part, since v, w and u are 0 there:
//     b b c c          x - (0 w + v 0) = x.
//     ...
//
// The vectors of a step lie side by side, so that one address moves along them (the loop is bound by instructions):
//
//     v v  w w  u u  p p     columns 0 and 1 of v, w, u = v' and p = A' u
//     v v  w w  u u  p p     the next two

import { QUAD, VECTOR, multiplyAdd, splat, subtractProduct, sumLanes, zero } from "../simd/lanes";
import { makeReflector, wholeVectors } from "./reflector";

const V: usize = 0, W: usize = VECTOR, U: usize = 2 * VECTOR, P: usize = 3 * VECTOR;

const ELEMENT: usize = sizeof<f64>();

/** Where in the vectors of a step the column stands that is so many bytes from the start of a row. */
// @ts-ignore: decorator
@inline
function column(offset: usize): usize {
  return ((offset & ~(VECTOR - 1)) << 2) + (offset & (VECTOR - 1));
}

/** x - v_i w_j - w_i v_j */
// @ts-ignore: decorator
@inline
function rankTwo(x: v128, vi: v128, wi: v128, vj: v128, wj: v128): v128 {
  return subtractProduct<f64>(wi, vj, subtractProduct<f64>(vi, wj, x));
}

/** Row k, of k + 1 elements, catches up with the last update. */
// @ts-ignore: decorator
@inline
function catchUp(k: i32, row: usize, vectors: usize): void {
  const own = vectors + column(<usize>k * ELEMENT);
  const vk = v128.load64_splat(own, V), wk = v128.load64_splat(own, W);
  const end = row + wholeVectors<f64>(k + 1);
  do {
    v128.store(row, rankTwo(v128.load(row), vk, wk, v128.load(vectors, V), v128.load(vectors, W)));
    row += VECTOR;
    vectors += QUAD;
  } while (row < end);
}

/** u <- the row x of k elements */
// @ts-ignore: decorator
@inline
function setU(k: i32, x: usize, vectors: usize): void {
  const end = x + wholeVectors<f64>(k);
  do {
    v128.store(vectors, v128.load(x), U);
    x += VECTOR;
    vectors += QUAD;
  } while (x < end);
}

/**
 * Two rows of the pass: A <- A - v w^T - w v^T, and of p <- A u what these rows give. `square` is where the square on the
 * diagonal begins, in bytes from the row's start.
 */
function twoRows(row: usize, stride: usize, square: usize, vectors: usize): void {
  const here = vectors + column(square);
  const v0 = v128.load64_splat(here, V), w0 = v128.load64_splat(here, W), u0 = v128.load64_splat(here, U);
  const v1 = v128.load64_splat(here, V + ELEMENT), w1 = v128.load64_splat(here, W + ELEMENT), u1 = v128.load64_splat(here, U + ELEMENT);
  let sum0 = zero(), sum1 = zero();
  let next = row + stride;
  const before = row + square;
  if (row < before) do {
    const v = v128.load(vectors, V), w = v128.load(vectors, W), u = v128.load(vectors, U);
    const x0 = rankTwo(v128.load(row), v0, w0, v, w);
    const x1 = rankTwo(v128.load(next), v1, w1, v, w);
    v128.store(row, x0);
    v128.store(next, x1);
    sum0 = multiplyAdd<f64>(x0, u, sum0);
    sum1 = multiplyAdd<f64>(x1, u, sum1);
    v128.store(vectors, multiplyAdd<f64>(x1, u1, multiplyAdd<f64>(x0, u0, v128.load(vectors, P))), P);
    row += VECTOR;
    next += VECTOR;
    vectors += QUAD;
  } while (row < before);
  const v = v128.load(vectors, V), w = v128.load(vectors, W), u = v128.load(vectors, U);
  const x0 = rankTwo(v128.load(row), v0, w0, v, w);
  const x1 = rankTwo(v128.load(next), v1, w1, v, w);
  v128.store(row, x0);
  v128.store(next, x1);
  sum0 = multiplyAdd<f64>(x0, u, sum0);
  sum1 = multiplyAdd<f64>(x1, u, sum1);
  const sums = f64x2.add(v128.shuffle<f64>(sum0, sum1, 0, 2), v128.shuffle<f64>(sum0, sum1, 1, 3));
  v128.store(vectors, f64x2.add(v128.load(vectors, P), sums), P);
}

/** A <- A - v w^T - w v^T;  p <- p + A u;  over the leading k rows and columns. */
// @ts-ignore: decorator
@inline
function pass(k: i32, rows: usize, stride: usize, vectors: usize): void {
  for (let square: usize = 0, end = <usize>k * ELEMENT; square < end; square += VECTOR) {
    twoRows(rows, stride, square, vectors);
    rows += 2 * stride;
  }
}

/** v <- u and w <- tau (p - (tau / 2) (p.u) u), so that H A H = A - v w^T - w v^T; u and p are 0 behind it. */
// @ts-ignore: decorator
@inline
function companion(k: i32, tau: f64, vectors: usize): void {
  const end = vectors + (wholeVectors<f64>(k) << 2);
  let sum = zero();
  let at = vectors;
  do {
    sum = multiplyAdd<f64>(v128.load(at, P), v128.load(at, U), sum);
    at += QUAD;
  } while (at < end);
  const factor = splat<f64>(tau), share = splat<f64>(-0.5 * tau * sumLanes<f64>(sum));
  at = vectors;
  do {
    const u = v128.load(at, U);
    v128.store(at, u, V);
    v128.store(at, f64x2.mul(factor, multiplyAdd<f64>(share, u, v128.load(at, P))), W);
    v128.store(at, zero(), U);
    v128.store(at, zero(), P);
    at += QUAD;
  } while (at < end);
}

/**
 * @param rows     f64[n][stride], on a multiple of 16; on entry A, its lower triangle and the squares on the diagonal,
 *                 |a_ij| <= 2; on exit v_k in row k, and 0 from column k on
 * @param stride   bytes from row to row, a multiple of 16
 * @param diagonal f64[n], of T
 * @param beside   f64[n], the elements next to the diagonal: beside[k] at (k + 1, k); the last is 0
 * @param factors  f64[n], tau_k; 0 where H_k = I
 * @param scratch  four rows
 */
export function tridiagonalize(
  n: i32, rows: usize, stride: usize, diagonal: usize, beside: usize, factors: usize, scratch: usize,
): void {
  for (let j: usize = 0; j < 4 * stride; j += VECTOR) v128.store(scratch + j, zero());
  store<f64>(beside + (<usize>(n - 1) << 3), 0);
  for (let k = n - 1; k > 0; --k) {
    const row = rows + <usize>k * stride;
    const at = <usize>k * ELEMENT;
    catchUp(k, row, scratch);
    store<f64>(diagonal + at, load<f64>(row + at));
    for (let j = at; j < stride; j += ELEMENT) store<f64>(row + j, 0);
    // Rows and columns from k on take no part in the pass.
    const own = scratch + column(at);
    store<f64>(own, 0, V);
    store<f64>(own, 0, W);
    const tau = makeReflector<f64>(row, row + wholeVectors<f64>(k), row + at - ELEMENT, beside + at - ELEMENT);
    store<f64>(factors + at, tau);
    setU(k, row, scratch);
    pass(k, rows, stride, scratch);
    companion(k, tau, scratch);
  }
  catchUp(0, rows, scratch);
  store<f64>(diagonal, load<f64>(rows));
  store<f64>(factors, 0);
  for (let j: usize = 0; j < stride; j += ELEMENT) store<f64>(rows + j, 0);
}
