// Products of matrices, as exported: ./multiply.ts.

import { bytes } from "../simd/lanes";
import { gemm, gemmLower, gemmScratch } from "./multiply";

/**
 * `count` products of one shape, scratch as for one of them. strideA, strideB, strideC: elements from a matrix to the next;
 * with 0 for A or B all use the same.
 */
// @ts-ignore: decorator
@inline
function gemmBatched<T>(
  count: i32, transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32, alpha: T, a: usize, lda: i32, strideA: i32,
  b: usize, ldb: i32, strideB: i32, beta: T, c: usize, ldc: i32, strideC: i32, scratch: usize,
): void {
  for (; count > 0; --count) {
    gemm<T>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch);
    a += bytes<T>(strideA);
    b += bytes<T>(strideB);
    c += bytes<T>(strideC);
  }
}

export function gemmScratch_f32(m: i32, n: i32, k: i32): i32 {
  return gemmScratch<f32>(m, n, k);
}
export function gemmScratch_f64(m: i32, n: i32, k: i32): i32 {
  return gemmScratch<f64>(m, n, k);
}
export function gemm_f32(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  alpha: f32, a: usize, lda: i32, b: usize, ldb: i32, beta: f32, c: usize, ldc: i32, scratch: usize,
): void {
  gemm<f32>(transposeA != 0, transposeB != 0, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch);
}
export function gemm_f64(
  transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32,
  alpha: f64, a: usize, lda: i32, b: usize, ldb: i32, beta: f64, c: usize, ldc: i32, scratch: usize,
): void {
  gemm<f64>(transposeA != 0, transposeB != 0, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch);
}
export function gemmLower_f32(
  transposeA: i32, transposeB: i32, n: i32, k: i32,
  alpha: f32, a: usize, lda: i32, b: usize, ldb: i32, beta: f32, c: usize, ldc: i32, scratch: usize,
): void {
  gemmLower<f32>(transposeA != 0, transposeB != 0, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch);
}
export function gemmLower_f64(
  transposeA: i32, transposeB: i32, n: i32, k: i32,
  alpha: f64, a: usize, lda: i32, b: usize, ldb: i32, beta: f64, c: usize, ldc: i32, scratch: usize,
): void {
  gemmLower<f64>(transposeA != 0, transposeB != 0, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch);
}
export function gemmBatched_f32(
  count: i32, transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, strideA: i32,
  b: usize, ldb: i32, strideB: i32, beta: f32, c: usize, ldc: i32, strideC: i32, scratch: usize,
): void {
  gemmBatched<f32>(
    count, transposeA != 0, transposeB != 0, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, scratch,
  );
}
export function gemmBatched_f64(
  count: i32, transposeA: i32, transposeB: i32, m: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, strideA: i32,
  b: usize, ldb: i32, strideB: i32, beta: f64, c: usize, ldc: i32, strideC: i32, scratch: usize,
): void {
  gemmBatched<f64>(
    count, transposeA != 0, transposeB != 0, m, n, k, alpha, a, lda, strideA, b, ldb, strideB, beta, c, ldc, strideC, scratch,
  );
}
