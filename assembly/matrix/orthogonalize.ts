// The nearest matrix with orthonormal rows or columns, U V^T of A = U S V^T, roughly: Newton-Schulz iterations of an odd
// quintic polynomial on the singular values (Jordan et al. 2024, "Muon").
//
// With m <= n, X_0 = A / |A|_F and S = X X^T:
//   direct:  X <- (a I + b S + c S^2) X
//   Gram:    the same without touching X between: with P = a I + b S + c S^2, Q <- P Q and S <- P^2 S, all polynomials of one
//            symmetric matrix, which commute; at the end X <- Q X_0
// With m > n the same from the right, S = X^T X. Symmetric products are made as lower triangles and mirrored.

import { VECTOR, bytes, load as loadLanes, quotient, splat, store as storeLanes } from "../simd/lanes";
import { checkMatrix, gemm, gemmLower, gemmScratch } from "./multiply";
import { frobeniusNorm } from "./norm";
import { leading, matrixBytes } from "./scratch";
import { mirrorLower, symmetricProduct } from "./symmetric";

/** Bytes for the products of an m x n matrix and its Gram matrix. */
// @ts-ignore: decorator
@inline
function productBytes<T>(m: i32, n: i32): i32 {
  const small = min(m, n);
  return max(gemmScratch<T>(small, small, max(m, n)), gemmScratch<T>(m, n, small));
}

/** X <- A / norm */
function divide<T>(m: i32, n: i32, a: usize, lda: i32, norm: T, x: usize, ldx: i32): void {
  const divisor = splat<T>(norm);
  for (let i = 0; i < m; i++) {
    let p = a + <usize>i * bytes<T>(lda), to = x + <usize>i * bytes<T>(ldx);
    const end = p + bytes<T>(n), vectors = p + (bytes<T>(n) & ~(VECTOR - 1));
    for (; p < vectors; p += VECTOR, to += VECTOR) v128.store(to, quotient<T>(v128.load(p), divisor));
    for (; p < end; p += sizeof<T>(), to += sizeof<T>()) storeLanes<T, T>(to, quotient<T>(loadLanes<T, T>(p), divisor));
  }
}

/** P <- a I + b S + c S^2 */
function polynomial<T>(n: i32, a: T, b: T, c: T, s: usize, p: usize, scratch: usize): void {
  const ld = leading<T>(n);
  memory.copy(p, s, <usize>n * bytes<T>(ld));
  gemmLower<T>(false, false, n, n, c, s, ld, s, ld, b, p, ld, scratch, true);
  for (let i = 0; i < n; i++) {
    const diagonal = p + <usize>i * bytes<T>(ld) + bytes<T>(i);
    store<T>(diagonal, <T>(<f64>load<T>(diagonal) + <f64>a));
  }
  mirrorLower<T>(n, p, ld);
}

/** S <- X X^T, or X^T X if X is tall. */
// @ts-ignore: decorator
@inline
function gram<T>(m: i32, n: i32, x: usize, ldx: i32, s: usize, scratch: usize): void {
  const tall = m > n;
  const small = min(m, n);
  gemmLower<T>(tall, !tall, small, max(m, n), <T>1, x, ldx, x, ldx, <T>0, s, leading<T>(small), scratch, true);
  mirrorLower<T>(small, s, leading<T>(small));
}

/** Y <- P X, or X P if X is tall. */
// @ts-ignore: decorator
@inline
function apply<T>(m: i32, n: i32, p: usize, x: usize, ldx: i32, y: usize, ldy: i32, scratch: usize): void {
  const small = min(m, n);
  const ld = leading<T>(small);
  if (m > n) gemm<T>(false, false, m, n, small, <T>1, x, ldx, p, ld, <T>0, y, ldy, scratch);
  else gemm<T>(false, false, m, n, small, <T>1, p, ld, x, ldx, <T>0, y, ldy, scratch);
}

// @ts-ignore: decorator
@inline
function orthogonalizeScratch<T>(m: i32, n: i32): i32 {
  const small = min(m, n);
  return <i32>(matrixBytes<T>(m, n) + 2 * matrixBytes<T>(small, small)) + productBytes<T>(m, n);
}

/**
 * `steps` steps on A, m x n, the result to X, which may be A. A matrix of zeros stays one.
 * scratch: orthogonalizeScratch(m, n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function orthogonalize<T>(
  m: i32, n: i32, steps: i32, a: T, b: T, c: T, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  checkMatrix<T>(m, n, from, lda);
  checkMatrix<T>(m, n, x, ldx);
  const small = min(m, n);
  const s = scratch + matrixBytes<T>(m, n), p = s + matrixBytes<T>(small, small), work = p + matrixBytes<T>(small, small);
  const norm = frobeniusNorm<T>(m, n, from, bytes<T>(lda));
  // The iterates go to and fro between X and scratch, and end in X.
  let odd = (steps & 1) != 0;
  const ld = leading<T>(n);
  divide<T>(m, n, from, lda, norm == 0 ? <T>1 : <T>norm, odd ? scratch : x, odd ? ld : ldx);
  for (let step = 0; step < steps; step++) {
    const current = odd ? scratch : x, next = odd ? x : scratch;
    const ldCurrent = odd ? ld : ldx, ldNext = odd ? ldx : ld;
    gram<T>(m, n, current, ldCurrent, s, work);
    polynomial<T>(small, a, b, c, s, p, work);
    apply<T>(m, n, p, current, ldCurrent, next, ldNext, work);
    odd = !odd;
  }
}

// @ts-ignore: decorator
@inline
function orthogonalizeGramScratch<T>(m: i32, n: i32): i32 {
  const small = min(m, n);
  return <i32>(matrixBytes<T>(m, n) + 4 * matrixBytes<T>(small, small)) + productBytes<T>(m, n);
}

/**
 * The same by the Gram matrix: of the work of `orthogonalize` two thirds where one side is twice the other, half at four
 * times. Singular values far below the greatest come out less exactly: their squares are what is rounded.
 * scratch: orthogonalizeGramScratch(m, n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function orthogonalizeGram<T>(
  m: i32, n: i32, steps: i32, a: T, b: T, c: T, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  checkMatrix<T>(m, n, from, lda);
  checkMatrix<T>(m, n, x, ldx);
  const small = min(m, n);
  const square = matrixBytes<T>(small, small);
  const ld = leading<T>(n);
  const start = steps > 0 ? scratch : x, ldStart = steps > 0 ? ld : ldx;
  const s = scratch + matrixBytes<T>(m, n), p = s + square;
  let q = p + square, other = q + square;
  const work = other + square;
  const norm = frobeniusNorm<T>(m, n, from, bytes<T>(lda));
  divide<T>(m, n, from, lda, norm == 0 ? <T>1 : <T>norm, start, ldStart);
  if (steps <= 0) return;
  gram<T>(m, n, start, ldStart, s, work);
  polynomial<T>(small, a, b, c, s, q, work);
  for (let step = 1; step < steps; step++) {
    // The polynomial of the step before is in q after the first, in p later.
    const before = step == 1 ? q : p;
    symmetricProduct<T>(small, before, s, other, leading<T>(small), work);
    symmetricProduct<T>(small, before, other, s, leading<T>(small), work);
    polynomial<T>(small, a, b, c, s, p, work);
    symmetricProduct<T>(small, p, q, other, leading<T>(small), work);
    const swap = q;
    q = other;
    other = swap;
  }
  apply<T>(m, n, q, start, ldStart, x, ldx, work);
}

export function orthogonalizeScratch_f32(m: i32, n: i32): i32 {
  return orthogonalizeScratch<f32>(m, n);
}
export function orthogonalizeScratch_f64(m: i32, n: i32): i32 {
  return orthogonalizeScratch<f64>(m, n);
}
export function orthogonalize_f32(
  m: i32, n: i32, steps: i32, a: f32, b: f32, c: f32, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  orthogonalize<f32>(m, n, steps, a, b, c, from, lda, x, ldx, scratch);
}
export function orthogonalize_f64(
  m: i32, n: i32, steps: i32, a: f64, b: f64, c: f64, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  orthogonalize<f64>(m, n, steps, a, b, c, from, lda, x, ldx, scratch);
}
export function orthogonalizeGramScratch_f32(m: i32, n: i32): i32 {
  return orthogonalizeGramScratch<f32>(m, n);
}
export function orthogonalizeGramScratch_f64(m: i32, n: i32): i32 {
  return orthogonalizeGramScratch<f64>(m, n);
}
export function orthogonalizeGram_f32(
  m: i32, n: i32, steps: i32, a: f32, b: f32, c: f32, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  orthogonalizeGram<f32>(m, n, steps, a, b, c, from, lda, x, ldx, scratch);
}
export function orthogonalizeGram_f64(
  m: i32, n: i32, steps: i32, a: f64, b: f64, c: f64, from: usize, lda: i32, x: usize, ldx: i32, scratch: usize,
): void {
  orthogonalizeGram<f64>(m, n, steps, a, b, c, from, lda, x, ldx, scratch);
}
