// The spectral norm of a symmetric matrix, from below, by power iteration: a few per cent low after a dozen steps where the
// greatest eigenvalues lie close together, which is what scaling needs of it.

import { VECTOR, bytes, load as loadLanes, quotient, splat, store as storeLanes } from "../simd/lanes";
import { gemv } from "./gemv";
import { checkMatrix } from "./multiply";
import { frobeniusNorm } from "./norm";
import { matrixBytes } from "./scratch";

/** x <- x / by */
function shrink<T>(n: i32, x: usize, by: f64): void {
  const divisor = splat<T>(<T>by);
  const end = x + bytes<T>(n), vectors = x + (bytes<T>(n) & ~(VECTOR - 1));
  for (; x < vectors; x += VECTOR) v128.store(x, quotient<T>(v128.load(x), divisor));
  for (; x < end; x += sizeof<T>()) storeLanes<T, T>(x, quotient<T>(loadLanes<T, T>(x), divisor));
}

/**
 * |A x| for the unit vector x that `steps` steps from A's longest row lead to; A, n x n, in both triangles. 0 for a matrix
 * of zeros, NaN or infinite for one that is not finite. scratch: spectralNormScratch(n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function spectralNorm<T>(n: i32, a: usize, lda: i32, steps: i32, scratch: usize): f64 {
  checkMatrix<T>(n, n, a, lda);
  let longest = a;
  let norm: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = a + <usize>i * bytes<T>(lda);
    const length = frobeniusNorm<T>(1, n, row, 0);
    if (!(length <= norm)) {
      norm = length;
      longest = row;
    }
    if (isNaN<f64>(norm)) return norm;
  }
  let x = scratch, y = scratch + matrixBytes<T>(1, n);
  memory.copy(x, longest, bytes<T>(n));
  for (; steps > 0 && norm > 0 && norm < Infinity; --steps) {
    shrink<T>(n, x, norm);
    gemv<T>(false, n, n, <T>1, a, lda, x, <T>0, y);
    norm = frobeniusNorm<T>(1, n, y, 0);
    const swap = x;
    x = y;
    y = swap;
  }
  return norm;
}

export function spectralNormScratch_f32(n: i32): i32 {
  return 2 * <i32>matrixBytes<f32>(1, n);
}
export function spectralNormScratch_f64(n: i32): i32 {
  return 2 * <i32>matrixBytes<f64>(1, n);
}
export function spectralNorm_f32(n: i32, a: usize, lda: i32, steps: i32, scratch: usize): f64 {
  return spectralNorm<f32>(n, a, lda, steps, scratch);
}
export function spectralNorm_f64(n: i32, a: usize, lda: i32, steps: i32, scratch: usize): f64 {
  return spectralNorm<f64>(n, a, lda, steps, scratch);
}
