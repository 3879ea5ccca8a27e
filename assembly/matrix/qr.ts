// QR decomposition, and the step by which SOAP keeps an eigenbasis up to date: ./qr-factor.ts.

import { VECTOR, bytes, splat } from "../simd/lanes";
import { checkMatrix, gemm } from "./multiply";
import { factorBytes, factorRows } from "./qr-factor";
import { greatestMagnitude, powerFor, rowBytes } from "./scale";
import { transpose } from "./transpose";

const MADE: i32 = 0, NOT_FINITE: i32 = 1;

// @ts-ignore: decorator
@inline
function clearRows(rows: i32, p: usize, stride: usize): void {
  memory.fill(p, 0, <usize>rows * stride);
}

// @ts-ignore: decorator
@inline
function scaleRows<T>(rows: i32, p: usize, stride: usize, factor: T): void {
  const f = splat<T>(factor);
  for (const end = p + <usize>rows * stride; p < end; p += VECTOR) v128.store(p, v128.mul<T>(v128.load(p), f));
}

/**
 * A = Q R with k = min(m, n): Q's columns are orthonormal, R is 0 below the diagonal and not negative on it.
 *
 * @param a       T[m][lda], kept
 * @param q       T[m][ldq], columns 0 .. k - 1
 * @param r       T[k][ldr]; 0 if it is not wanted
 * @param scratch qrScratch(m, n) bytes on a multiple of 16
 * @returns 0; 1 if an element is not finite, and nothing is written then
 */
// @ts-ignore: decorator
@inline
function qr<T>(m: i32, n: i32, a: usize, lda: i32, q: usize, ldq: i32, r: usize, ldr: i32, scratch: usize): i32 {
  checkMatrix<T>(m, n, a, lda);
  checkMatrix<T>(m, min(m, n), q, ldq);
  if (r) checkMatrix<T>(min(m, n), n, r, ldr);
  if (m == 0 || n == 0) return MADE;
  const greatest = greatestMagnitude<T>(m, n, 0, a, bytes<T>(lda));
  if (!isFinite(greatest)) return NOT_FINITE;
  const power = powerFor<T>(greatest);
  const stride = rowBytes<T>(m);
  clearRows(n, scratch, stride);
  transpose<T>(m, n, a, bytes<T>(lda), scratch, stride);
  scaleRows<T>(n, scratch, stride, <T>power);
  factorRows<T>(n, m, scratch, r, ldr, 1 / power, scratch + <usize>n * stride);
  transpose<T>(min(m, n), m, scratch, stride, q, bytes<T>(ldq));
  return MADE;
}

/**
 * One step of simultaneous iteration: the columns of A B^T, made orthonormal from the first to the last, are the rows of the new
 * B. Of a basis that is near the eigenvectors of A, by descending eigenvalue, rows keep their places and signs.
 *
 * @param a       T[n][lda], symmetric, all of it; kept
 * @param basis   T[n][ldb], orthonormal rows
 * @param values  T[n], b_i^T A b_i of the rows as they were
 * @param scratch refreshBasisScratch(n) bytes on a multiple of 16
 * @returns 0; 1 if a product is not finite, and the basis is kept then
 */
// @ts-ignore: decorator
@inline
function refreshBasis<T>(n: i32, a: usize, lda: i32, basis: usize, ldb: i32, values: usize, scratch: usize): i32 {
  checkMatrix<T>(n, n, a, lda);
  checkMatrix<T>(n, n, basis, ldb);
  if (n == 0) return MADE;
  const stride = rowBytes<T>(n);
  const work = scratch + <usize>n * stride;
  clearRows(n, scratch, stride);
  gemm<T>(false, false, n, n, n, <T>1, basis, ldb, a, lda, <T>0, scratch, <i32>(stride / sizeof<T>()), work);
  const greatest = greatestMagnitude<T>(n, n, 0, scratch, stride);
  if (!isFinite(greatest)) return NOT_FINITE;
  for (let i = 0; i < n; ++i) {
    const row = basis + <usize>i * bytes<T>(ldb), product = scratch + <usize>i * stride;
    let sum: f64 = 0;
    for (let j: usize = 0, end = bytes<T>(n); j < end; j += sizeof<T>()) sum += <f64>load<T>(row + j) * <f64>load<T>(product + j);
    store<T>(values + bytes<T>(i), <T>sum);
  }
  scaleRows<T>(n, scratch, stride, <T>powerFor<T>(greatest));
  factorRows<T>(n, n, scratch, 0, 0, 1, work);
  for (let i = 0; i < n; ++i) memory.copy(basis + <usize>i * bytes<T>(ldb), scratch + <usize>i * stride, bytes<T>(n));
  return MADE;
}

export function qrScratch_f32(m: i32, n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f32>(m) + factorBytes<f32>(n, m));
}
export function qrScratch_f64(m: i32, n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f64>(m) + factorBytes<f64>(n, m));
}
export function qr_f32(m: i32, n: i32, a: usize, lda: i32, q: usize, ldq: i32, r: usize, ldr: i32, scratch: usize): i32 {
  return qr<f32>(m, n, a, lda, q, ldq, r, ldr, scratch);
}
export function qr_f64(m: i32, n: i32, a: usize, lda: i32, q: usize, ldq: i32, r: usize, ldr: i32, scratch: usize): i32 {
  return qr<f64>(m, n, a, lda, q, ldq, r, ldr, scratch);
}
export function refreshBasisScratch_f32(n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f32>(n) + factorBytes<f32>(n, n));
}
export function refreshBasisScratch_f64(n: i32): i32 {
  return <i32>(<usize>n * rowBytes<f64>(n) + factorBytes<f64>(n, n));
}
export function refreshBasis_f32(n: i32, a: usize, lda: i32, basis: usize, ldb: i32, values: usize, scratch: usize): i32 {
  return refreshBasis<f32>(n, a, lda, basis, ldb, values, scratch);
}
export function refreshBasis_f64(n: i32, a: usize, lda: i32, basis: usize, ldb: i32, values: usize, scratch: usize): i32 {
  return refreshBasis<f64>(n, a, lda, basis, ldb, values, scratch);
}
