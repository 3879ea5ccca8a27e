// Symmetric matrices by their lower triangle: as half a product, packed, and mirrored. In a packed triangle row i, its
// elements 0 to i, follows row i - 1.

import { bytes } from "../simd/lanes";
import { checkMatrix, gemmLower, gemmScratch } from "./multiply";
import { mirrorLower } from "./symmetric";

/** The lower triangle of A, n x n, to T[n (n + 1) / 2]. */
// @ts-ignore: decorator
@inline
function packLower<T>(n: i32, a: usize, lda: i32, packed: usize): void {
  checkMatrix<T>(n, n, a, lda);
  for (let i = 0; i < n; i++) {
    memory.copy(packed, a + <usize>i * bytes<T>(lda), bytes<T>(i + 1));
    packed += bytes<T>(i + 1);
  }
}

/** A packed triangle to both triangles of A. */
// @ts-ignore: decorator
@inline
function unpackLower<T>(n: i32, packed: usize, a: usize, lda: i32): void {
  checkMatrix<T>(n, n, a, lda);
  for (let i = 0; i < n; i++) {
    memory.copy(a + <usize>i * bytes<T>(lda), packed, bytes<T>(i + 1));
    packed += bytes<T>(i + 1);
  }
  mirrorLower<T>(n, a, lda);
}

/**
 * The lower triangle of C <- alpha A A^T + beta C, A n x k; of A^T A, A k x n, if transpose is not 0. scratch: bytes as of
 * symmetricRankKScratch, on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function symmetricRankK<T>(
  transposed: bool, n: i32, k: i32, alpha: T, a: usize, lda: i32, beta: T, c: usize, ldc: i32, scratch: usize,
): void {
  gemmLower<T>(transposed, !transposed, n, k, alpha, a, lda, a, lda, beta, c, ldc, scratch);
}

export function mirrorLower_f32(n: i32, a: usize, lda: i32): void {
  mirrorLower<f32>(n, a, lda);
}
export function mirrorLower_f64(n: i32, a: usize, lda: i32): void {
  mirrorLower<f64>(n, a, lda);
}
export function packLower_f32(n: i32, a: usize, lda: i32, packed: usize): void {
  packLower<f32>(n, a, lda, packed);
}
export function packLower_f64(n: i32, a: usize, lda: i32, packed: usize): void {
  packLower<f64>(n, a, lda, packed);
}
export function unpackLower_f32(n: i32, packed: usize, a: usize, lda: i32): void {
  unpackLower<f32>(n, packed, a, lda);
}
export function unpackLower_f64(n: i32, packed: usize, a: usize, lda: i32): void {
  unpackLower<f64>(n, packed, a, lda);
}
export function symmetricRankKScratch_f32(n: i32, k: i32): i32 {
  return gemmScratch<f32>(n, n, k);
}
export function symmetricRankKScratch_f64(n: i32, k: i32): i32 {
  return gemmScratch<f64>(n, n, k);
}
export function symmetricRankK_f32(
  transposed: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, beta: f32, c: usize, ldc: i32, scratch: usize,
): void {
  symmetricRankK<f32>(transposed != 0, n, k, alpha, a, lda, beta, c, ldc, scratch);
}
export function symmetricRankK_f64(
  transposed: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, beta: f64, c: usize, ldc: i32, scratch: usize,
): void {
  symmetricRankK<f64>(transposed != 0, n, k, alpha, a, lda, beta, c, ldc, scratch);
}
