// Matrices element by element: squares, and their sum.

import { VECTOR, bytes, load as loadLanes, store as storeLanes } from "../simd/lanes";
import { checkMatrix } from "./multiply";
import { squaredNorm } from "./norm";

/** The sum of the squares of A, rows x columns. */
// @ts-ignore: decorator
@inline
function matrixSquaredNorm<T>(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  checkMatrix<T>(rows, columns, a, lda);
  return squaredNorm<T>(rows, columns, a, bytes<T>(lda));
}

/** Y <- X o X, the square of every element, rows x columns. Y may be X. */
// @ts-ignore: decorator
@inline
function squareElements<T>(rows: i32, columns: i32, x: usize, ldx: i32, y: usize, ldy: i32): void {
  checkMatrix<T>(rows, columns, x, ldx);
  checkMatrix<T>(rows, columns, y, ldy);
  for (; rows > 0; --rows, x += bytes<T>(ldx), y += bytes<T>(ldy)) {
    let p = x, q = y;
    const end = x + bytes<T>(columns), vectors = x + (bytes<T>(columns) & ~(VECTOR - 1));
    for (; p < vectors; p += VECTOR, q += VECTOR) v128.store(q, v128.mul<T>(v128.load(p), v128.load(p)));
    for (; p < end; p += sizeof<T>(), q += sizeof<T>()) storeLanes<T, T>(q, v128.mul<T>(loadLanes<T, T>(p), loadLanes<T, T>(p)));
  }
}

export function matrixSquaredNorm_f32(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  return matrixSquaredNorm<f32>(rows, columns, a, lda);
}
export function matrixSquaredNorm_f64(rows: i32, columns: i32, a: usize, lda: i32): f64 {
  return matrixSquaredNorm<f64>(rows, columns, a, lda);
}
export function squareElements_f32(rows: i32, columns: i32, x: usize, ldx: i32, y: usize, ldy: i32): void {
  squareElements<f32>(rows, columns, x, ldx, y, ldy);
}
export function squareElements_f64(rows: i32, columns: i32, x: usize, ldx: i32, y: usize, ldy: i32): void {
  squareElements<f64>(rows, columns, x, ldx, y, ldy);
}
