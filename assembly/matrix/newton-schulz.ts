// The square root of a symmetric positive definite matrix and its inverse by the coupled Newton-Schulz iteration (Higham 2008,
// "Functions of Matrices", section 6.7):
//
//   Y_0 = B / norm, Z_0 = I, B = A + ridge I                 norm must be at least half of B's spectral norm
//   T = (3 I - Z Y) / 2;  Y <- Y T;  Z <- T Z               Y -> (B / norm)^(1/2), Z -> (B / norm)^(-1/2)
//
// Products only, but with full products: made as lower triangles and mirrored, as the matrices would allow in exact
// arithmetic, the iteration diverges from a condition of 1e6 even in f64.

import { bytes } from "../simd/lanes";
import { checkMatrix, gemm, gemmScratch } from "./multiply";
import { leading, matrixBytes } from "./scratch";
import { distanceFromIdentity, scaledSum } from "./square";
import { mirrorLower } from "./symmetric";

/** Below this an error that grows is one of rounding, and the end. */
const NEAR: f64 = 0.5;

// @ts-ignore: decorator
@inline
function newtonSchulzScratch<T>(n: i32): i32 {
  return 4 * <i32>matrixBytes<T>(n, n) + gemmScratch<T>(n, n, n);
}

// @ts-ignore: decorator
@inline
function product<T>(n: i32, a: usize, b: usize, c: usize, ld: i32, scratch: usize): void {
  gemm<T>(false, false, n, n, n, <T>1, a, ld, b, ld, <T>0, c, ld, scratch);
}

/** X <- factor Y */
// @ts-ignore: decorator
@inline
function copyScaled<T>(n: i32, factor: f64, y: usize, ld: i32, x: usize, ldx: i32): void {
  scaledSum<T>(n, 0, factor, y, y, ld);
  for (let i = 0; i < n; i++) memory.copy(x + <usize>i * bytes<T>(ldx), y + <usize>i * bytes<T>(ld), bytes<T>(n));
}

/**
 * root <- (A + ridge I)^(1/2) and inverse <- (A + ridge I)^(-1/2) from the lower triangle of A, n x n. Ends when
 * max |Z Y - I| <= tolerance, when it grows again, or after `most` steps; returns it. root or inverse may be A.
 * scratch: newtonSchulzScratch(n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function newtonSchulz<T>(
  n: i32, a: usize, lda: i32, ridge: f64, norm: f64, tolerance: f64, most: i32, root: usize, ldr: i32, inverse: usize, ldi: i32, scratch: usize,
): f64 {
  checkMatrix<T>(n, n, a, lda);
  checkMatrix<T>(n, n, root, ldr);
  checkMatrix<T>(n, n, inverse, ldi);
  const ld = leading<T>(n), square = matrixBytes<T>(n, n);
  let y = scratch, z = y + square, t = z + square, spare = t + square;
  const work = spare + square;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes<T>(ld);
    memory.copy(y + row, a + <usize>i * bytes<T>(lda), bytes<T>(i + 1));
    memory.fill(z + row, 0, bytes<T>(n));
    store<T>(z + row + bytes<T>(i), <T>1);
  }
  mirrorLower<T>(n, y, ld);
  scaledSum<T>(n, ridge / norm, 1 / norm, y, y, ld);
  product<T>(n, z, y, t, ld, work);
  let error = distanceFromIdentity<T>(n, t, ld);
  for (let step = 0; step < most && error > tolerance; step++) {
    scaledSum<T>(n, 1.5, -0.5, t, t, ld);
    product<T>(n, y, t, spare, ld, work);
    let swap = y;
    y = spare;
    spare = swap;
    product<T>(n, t, z, spare, ld, work);
    swap = z;
    z = spare;
    spare = swap;
    product<T>(n, z, y, t, ld, work);
    const next = distanceFromIdentity<T>(n, t, ld);
    const ended = next >= error && error < NEAR;
    error = next;
    if (ended) break;
  }
  copyScaled<T>(n, sqrt(norm), y, ld, root, ldr);
  copyScaled<T>(n, 1 / sqrt(norm), z, ld, inverse, ldi);
  return error;
}

export function newtonSchulzScratch_f32(n: i32): i32 {
  return newtonSchulzScratch<f32>(n);
}
export function newtonSchulzScratch_f64(n: i32): i32 {
  return newtonSchulzScratch<f64>(n);
}
export function newtonSchulz_f32(
  n: i32, a: usize, lda: i32, ridge: f64, norm: f64, tolerance: f64, most: i32, root: usize, ldr: i32, inverse: usize, ldi: i32, scratch: usize,
): f64 {
  return newtonSchulz<f32>(n, a, lda, ridge, norm, tolerance, most, root, ldr, inverse, ldi, scratch);
}
export function newtonSchulz_f64(
  n: i32, a: usize, lda: i32, ridge: f64, norm: f64, tolerance: f64, most: i32, root: usize, ldr: i32, inverse: usize, ldi: i32, scratch: usize,
): f64 {
  return newtonSchulz<f64>(n, a, lda, ridge, norm, tolerance, most, root, ldr, inverse, ldi, scratch);
}
