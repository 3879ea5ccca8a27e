// Products of a matrix and a vector, as exported: ./gemv.ts.

import { gemv } from "./gemv";

export function gemv_f32(
  transposed: i32, m: i32, n: i32, alpha: f32, a: usize, lda: i32, x: usize, beta: f32, y: usize,
): void {
  gemv<f32>(transposed != 0, m, n, alpha, a, lda, x, beta, y);
}
export function gemv_f64(
  transposed: i32, m: i32, n: i32, alpha: f64, a: usize, lda: i32, x: usize, beta: f64, y: usize,
): void {
  gemv<f64>(transposed != 0, m, n, alpha, a, lda, x, beta, y);
}
