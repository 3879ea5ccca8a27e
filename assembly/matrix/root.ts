// A symmetric matrix from eigenvectors and new eigenvalues: functions of a matrix, f(A) = V^T diag(f(values)) V. With
// (value + ridge)^(-1/p) that is the inverse p-th root; the powers come from the caller, since a kernel has no pow.

import { VECTOR, bytes, splat } from "../simd/lanes";
import { checkMatrix, gemmLower, gemmScratch } from "./multiply";
import { rowBytes } from "./scale";
import { mirrorLower } from "./symmetric";

/**
 * C = sum_k weights_k v_k v_k^T, symmetric to the bit.
 *
 * @param vectors T[n][ldv], v_k as rows
 * @param weights T[n]
 * @param c       T[n][ldc]
 * @param scratch recomposeScratch(n) bytes on a multiple of 16
 */
// @ts-ignore: decorator
@inline
function recompose<T>(n: i32, vectors: usize, ldv: i32, weights: usize, c: usize, ldc: i32, scratch: usize): void {
  checkMatrix<T>(n, n, vectors, ldv);
  checkMatrix<T>(n, n, c, ldc);
  const stride = rowBytes<T>(n);
  const whole = bytes<T>(n) & ~(VECTOR - 1);
  for (let k = 0; k < n; ++k) {
    const row = vectors + <usize>k * bytes<T>(ldv), weighted = scratch + <usize>k * stride;
    const weight = <f64>load<T>(weights + bytes<T>(k));
    const w = splat<T>(<T>weight);
    for (let j: usize = 0; j < whole; j += VECTOR) v128.store(weighted + j, v128.mul<T>(w, v128.load(row + j)));
    for (let j = whole; j < bytes<T>(n); j += sizeof<T>()) store<T>(weighted + j, <T>(weight * <f64>load<T>(row + j)));
  }
  const ld = <i32>(stride / sizeof<T>());
  gemmLower<T>(true, false, n, n, <T>1, vectors, ldv, scratch, ld, <T>0, c, ldc, scratch + <usize>n * stride, true);
  mirrorLower<T>(n, c, ldc);
}

export function recomposeScratch_f32(n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f32>(n)) + gemmScratch<f32>(n, n, n);
}
export function recomposeScratch_f64(n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f64>(n)) + gemmScratch<f64>(n, n, n);
}
export function recompose_f32(n: i32, vectors: usize, ldv: i32, weights: usize, c: usize, ldc: i32, scratch: usize): void {
  recompose<f32>(n, vectors, ldv, weights, c, ldc, scratch);
}
export function recompose_f64(n: i32, vectors: usize, ldv: i32, weights: usize, c: usize, ldc: i32, scratch: usize): void {
  recompose<f64>(n, vectors, ldv, weights, c, ldc, scratch);
}
