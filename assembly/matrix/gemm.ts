// Products of matrices, as exported: ./multiply.ts.

import { gemm, gemmLower, gemmScratch } from "./multiply";

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
