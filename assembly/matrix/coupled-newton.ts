// The inverse p-th root of a symmetric positive definite matrix by Newton's iteration, coupled (Iannazzo 2006; Guo, Higham
// 2006; in Shampoo: Anil et al. 2020):
//
//   X_0 = start I, M_0 = scale A, start = scale^(1/p)       scale A must have its eigenvalues in (0, p + 1)
//   T = ((p + 1) I - M) / p;  X <- X T;  M <- T^p M          M -> I, X -> A^(-1/p)
//
// All are polynomials of A and commute, so every product is made as a lower triangle and mirrored. (This iteration bears
// that. Others, that of ./newton-schulz.ts for one, need the full products: what rounding takes from symmetry grows there.)

import { bytes } from "../simd/lanes";
import { checkMatrix, gemmScratch } from "./multiply";
import { leading, matrixBytes } from "./scratch";
import { distanceFromIdentity, scaledSum } from "./square";
import { mirrorLower, symmetricProduct } from "./symmetric";

/** Below this an error that grows is one of rounding, and the end. */
const NEAR: f64 = 0.5;

/** A row of matrices in scratch: X, M, T and two powers of T. */
// @ts-ignore: decorator
@inline
function coupledNewtonScratch<T>(n: i32): i32 {
  return 5 * <i32>matrixBytes<T>(n, n) + gemmScratch<T>(n, n, n);
}

/**
 * X <- (A + ridge I)^(-1/p) from the lower triangle of A, n x n; p >= 1. Ends when max |M - I| <= tolerance, when it grows
 * again, or after `most` steps; returns it. X may be A.
 * scratch: coupledNewtonScratch(n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function coupledNewton<T>(
  n: i32, p: i32, a: usize, lda: i32, ridge: f64, scale: f64, start: f64, tolerance: f64, most: i32, x: usize, ldx: i32, scratch: usize,
): f64 {
  checkMatrix<T>(n, n, a, lda);
  checkMatrix<T>(n, n, x, ldx);
  const ld = leading<T>(n), square = matrixBytes<T>(n, n);
  let root = scratch, m = root + square, t = m + square, power = t + square, spare = power + square;
  const work = spare + square;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes<T>(ld);
    memory.copy(m + row, a + <usize>i * bytes<T>(lda), bytes<T>(i + 1));
    memory.fill(root + row, 0, bytes<T>(n));
    store<T>(root + row + bytes<T>(i), <T>start);
  }
  mirrorLower<T>(n, m, ld);
  scaledSum<T>(n, scale * ridge, scale, m, m, ld);
  let error = distanceFromIdentity<T>(n, m, ld);
  for (let step = 0; step < most && error > tolerance; step++) {
    scaledSum<T>(n, (<f64>p + 1) / <f64>p, -1 / <f64>p, m, t, ld);
    symmetricProduct<T>(n, root, t, spare, ld, work);
    let swap = root;
    root = spare;
    spare = swap;
    // M <- T^p M: the factors of the binary digits of p, T's squares made in place as they are needed.
    for (let digits = p; ; ) {
      if (digits & 1) {
        symmetricProduct<T>(n, t, m, spare, ld, work);
        swap = m;
        m = spare;
        spare = swap;
      }
      digits >>= 1;
      if (digits == 0) break;
      symmetricProduct<T>(n, t, t, power, ld, work);
      swap = t;
      t = power;
      power = swap;
    }
    const next = distanceFromIdentity<T>(n, m, ld);
    const ended = next >= error && error < NEAR;
    error = next;
    if (ended) break;
  }
  for (let i = 0; i < n; i++) memory.copy(x + <usize>i * bytes<T>(ldx), root + <usize>i * bytes<T>(ld), bytes<T>(n));
  return error;
}

export function coupledNewtonScratch_f32(n: i32): i32 {
  return coupledNewtonScratch<f32>(n);
}
export function coupledNewtonScratch_f64(n: i32): i32 {
  return coupledNewtonScratch<f64>(n);
}
export function coupledNewton_f32(
  n: i32, p: i32, a: usize, lda: i32, ridge: f64, scale: f64, start: f64, tolerance: f64, most: i32, x: usize, ldx: i32, scratch: usize,
): f64 {
  return coupledNewton<f32>(n, p, a, lda, ridge, scale, start, tolerance, most, x, ldx, scratch);
}
export function coupledNewton_f64(
  n: i32, p: i32, a: usize, lda: i32, ridge: f64, scale: f64, start: f64, tolerance: f64, most: i32, x: usize, ldx: i32, scratch: usize,
): f64 {
  return coupledNewton<f64>(n, p, a, lda, ridge, scale, start, tolerance, most, x, ldx, scratch);
}
