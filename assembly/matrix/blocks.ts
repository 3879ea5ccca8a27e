// Blocks of larger matrices: statistics that are kept as packed triangles, norms, and copies with a factor.

import { VECTOR, bytes, load as loadLanes, multiplyAdd, splat, store as storeLanes, sumLanes, zero } from "../simd/lanes";
import { checkMatrix, gemmLower, gemmScratch } from "./multiply";
import { leading, matrixBytes } from "./scratch";

/** Rows of growing length, packed at `from` or `to`; by loops of vectors, since rows are short for a call of memory.copy. */
// @ts-ignore: decorator
@inline
function copyTriangle<T>(n: i32, from: usize, fromPacked: bool, to: usize, toPacked: bool, stride: usize): void {
  for (let i = 1; i <= n; i++) {
    const width = bytes<T>(i), whole = width & ~(VECTOR - 1);
    for (let j: usize = 0; j < whole; j += VECTOR) v128.store(to + j, v128.load(from + j));
    for (let j = whole; j < width; j += sizeof<T>()) store<T>(to + j, load<T>(from + j));
    from += fromPacked ? width : stride;
    to += toPacked ? width : stride;
  }
}

/**
 * S <- alpha A A^T + beta S, A n x k, or A^T A of A k x n if transposed; of S, symmetric, the packed lower triangle.
 * Where beta is 0, S is not read. scratch: symmetricRankKPackedScratch(n, k) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function symmetricRankKPacked<T>(
  transposed: bool, n: i32, k: i32, alpha: T, a: usize, lda: i32, beta: T, packed: usize, scratch: usize,
): void {
  const ld = leading<T>(n);
  if (beta != 0) copyTriangle<T>(n, packed, true, scratch, false, bytes<T>(ld));
  gemmLower<T>(transposed, !transposed, n, k, alpha, a, lda, a, lda, beta, scratch, ld, scratch + matrixBytes<T>(n, n));
  copyTriangle<T>(n, scratch, false, packed, true, bytes<T>(ld));
}

/** Four elements as two pairs of f64. */
// @ts-ignore: decorator
@inline
function lowPair<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
}
// @ts-ignore: decorator
@inline
function highPair<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p, 8)) : v128.load(p, VECTOR);
}

/** The sum of the squares of A, rows x columns, in f64, where those of f32 neither overflow nor vanish. */
// @ts-ignore: decorator
@inline
function matrixSquaredNorm<T>(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  checkMatrix<T>(rows, columns, a, lda);
  let low = zero(), high = zero();
  let rest: f64 = 0;
  for (; rows > 0; --rows, a += bytes<T>(lda)) {
    let p = a;
    const end = a + bytes<T>(columns), fours = a + bytes<T>(columns & -4);
    for (; p < fours; p += 4 * sizeof<T>()) {
      const x = lowPair<T>(p), y = highPair<T>(p);
      low = multiplyAdd<f64>(x, x, low);
      high = multiplyAdd<f64>(y, y, high);
    }
    for (; p < end; p += sizeof<T>()) {
      const x = <f64>load<T>(p);
      rest += x * x;
    }
  }
  return sumLanes<f64>(f64x2.add(low, high)) + rest;
}

/** Y <- factor X, rows x columns. */
// @ts-ignore: decorator
@inline
function scaleMatrix<T>(rows: i32, columns: i32, factor: T, x: usize, ldx: i32, y: usize, ldy: i32): void {
  checkMatrix<T>(rows, columns, x, ldx);
  checkMatrix<T>(rows, columns, y, ldy);
  const f = splat<T>(factor);
  for (; rows > 0; --rows, x += bytes<T>(ldx), y += bytes<T>(ldy)) {
    let p = x, q = y;
    const end = x + bytes<T>(columns), vectors = x + (bytes<T>(columns) & ~(VECTOR - 1));
    for (; p < vectors; p += VECTOR, q += VECTOR) v128.store(q, v128.mul<T>(f, v128.load(p)));
    for (; p < end; p += sizeof<T>(), q += sizeof<T>()) storeLanes<T, T>(q, v128.mul<T>(f, loadLanes<T, T>(p)));
  }
}

// @ts-ignore: decorator
@inline
function packedScratch<T>(n: i32, k: i32): i32 {
  return <i32>matrixBytes<T>(n, n) + gemmScratch<T>(n, n, k);
}

export function symmetricRankKPackedScratch_f32(n: i32, k: i32): i32 {
  return packedScratch<f32>(n, k);
}
export function symmetricRankKPackedScratch_f64(n: i32, k: i32): i32 {
  return packedScratch<f64>(n, k);
}
export function symmetricRankKPacked_f32(
  transposed: i32, n: i32, k: i32, alpha: f32, a: usize, lda: i32, beta: f32, packed: usize, scratch: usize,
): void {
  symmetricRankKPacked<f32>(transposed != 0, n, k, alpha, a, lda, beta, packed, scratch);
}
export function symmetricRankKPacked_f64(
  transposed: i32, n: i32, k: i32, alpha: f64, a: usize, lda: i32, beta: f64, packed: usize, scratch: usize,
): void {
  symmetricRankKPacked<f64>(transposed != 0, n, k, alpha, a, lda, beta, packed, scratch);
}
export function matrixSquaredNorm_f32(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  return matrixSquaredNorm<f32>(rows, columns, a, lda);
}
export function matrixSquaredNorm_f64(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  return matrixSquaredNorm<f64>(rows, columns, a, lda);
}
export function scaleMatrix_f32(rows: i32, columns: i32, factor: f32, x: usize, ldx: i32, y: usize, ldy: i32): void {
  scaleMatrix<f32>(rows, columns, factor, x, ldx, y, ldy);
}
export function scaleMatrix_f64(rows: i32, columns: i32, factor: f64, x: usize, ldx: i32, y: usize, ldy: i32): void {
  scaleMatrix<f64>(rows, columns, factor, x, ldx, y, ldy);
}
