// Cholesky: A = L L^T, L lower triangular with a positive diagonal.
//
// Worked out as A = U^T U in the upper triangle of L's place, since its rows are contiguous where L's columns are not:
// block by block of rows, the rows before the block are subtracted by a product, those within it one by one. At the end L = U^T is written and the upper triangle cleared.

import { bytes } from "../simd/lanes";
import { checkMatrix, gemm, gemmScratch } from "./multiply";
import { mirrorLower } from "./symmetric";
import { substituteRow } from "./triangular";

/** Rows of a block. */
const BLOCK: i32 = 32;

// @ts-ignore: decorator
@inline
function choleskyScratch<T>(n: i32): i32 {
  return gemmScratch<T>(BLOCK, n, n);
}

/**
 * Rows `from` to `end` of U, from which the rows before `from` have been subtracted. Returns the row of the first pivot
 * that is not positive, `end` if there is none.
 */
// @ts-ignore: decorator
@inline
function factorRows<T>(from: i32, end: i32, n: i32, u: usize, row: usize): i32 {
  for (let i = from; i < end; i++) {
    const column = u + <usize>from * row + bytes<T>(i);
    const diagonal = u + <usize>i * row + bytes<T>(i);
    let pivot = <f64>load<T>(diagonal);
    for (let above = column; above < diagonal; above += row) pivot -= <f64>load<T>(above) * <f64>load<T>(above);
    if (!(pivot > 0)) return i;
    const root = <T>sqrt(pivot);
    store<T>(diagonal, root);
    const next = sizeof<T>();
    substituteRow<T>(n - i - 1, diagonal + next, i - from, column, row, column + next, row, root);
  }
  return end;
}

/**
 * L <- the Cholesky factor of A, n x n, of which the lower triangle is read. L may be A. Returns 0, or the number, from 1,
 * of the first row whose pivot is not positive (NaN is not): L is of no use then.
 * scratch: choleskyScratch(n) bytes on a multiple of 16.
 */
// @ts-ignore: decorator
@inline
function cholesky<T>(n: i32, a: usize, lda: i32, l: usize, ldl: i32, scratch: usize): i32 {
  checkMatrix<T>(n, n, a, lda);
  checkMatrix<T>(n, n, l, ldl);
  const row = bytes<T>(ldl);
  if (a != l) for (let i = 0; i < n; i++) memory.copy(l + <usize>i * row, a + <usize>i * bytes<T>(lda), bytes<T>(i + 1));
  mirrorLower<T>(n, l, ldl);
  for (let i = 0; i < n; i += BLOCK) {
    const height = min(BLOCK, n - i);
    if (i > 0) {
      const column = l + bytes<T>(i);
      gemm<T>(true, false, height, n - i, i, <T>-1, column, ldl, column, ldl, <T>1, column + <usize>i * row, ldl, scratch);
    }
    const end = factorRows<T>(i, i + height, n, l, row);
    if (end < i + height) return end + 1;
  }
  // U's rows become L's columns: the upper triangle seen as the lower of the transpose.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      store<T>(l + <usize>i * row + bytes<T>(j), load<T>(l + <usize>j * row + bytes<T>(i)));
      store<T>(l + <usize>j * row + bytes<T>(i), <T>0);
    }
  }
  return 0;
}

export function choleskyScratch_f32(n: i32): i32 {
  return choleskyScratch<f32>(n);
}
export function choleskyScratch_f64(n: i32): i32 {
  return choleskyScratch<f64>(n);
}
export function cholesky_f32(n: i32, a: usize, lda: i32, l: usize, ldl: i32, scratch: usize): i32 {
  return cholesky<f32>(n, a, lda, l, ldl, scratch);
}
export function cholesky_f64(n: i32, a: usize, lda: i32, l: usize, ldl: i32, scratch: usize): i32 {
  return cholesky<f64>(n, a, lda, l, ldl, scratch);
}
