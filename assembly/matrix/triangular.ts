// Triangular systems with many right-hand sides: blocks on the diagonal by substitution, everything else by products.
//
// X is made in place of B, row by row: from the first row down if op(T) is lower triangular, from the last up if it is
// upper. Rows are whole vectors long or nearly so, and stay in registers by strips while the rows before are subtracted.

import { QUAD, VECTOR, bytes, load as loadLanes, quotient, splat, store as storeLanes, subtractProduct } from "../simd/lanes";
import { checkMatrix, gemm, gemmScratch } from "./multiply";

/** Rows of a block on the diagonal: few against the size of a large system, many against the overhead of a product. */
const BLOCK: i32 = 32;

// @ts-ignore: decorator
@inline
export function solveScratch<T>(n: i32, columns: i32): i32 {
  return gemmScratch<T>(min(n, BLOCK), columns, n);
}

/** One vector of a row (L as in simd/lanes.ts): x <- (x - sum of coefficient times row) / diagonal. */
// @ts-ignore: decorator
@inline
function strip<T, L>(x: usize, count: i32, coefficient: usize, toNext: usize, row: usize, rowB: usize, diagonal: v128): void {
  let sum = loadLanes<T, L>(x);
  for (; count > 0; --count) {
    sum = subtractProduct<T>(splat<T>(load<T>(coefficient)), loadLanes<T, L>(row), sum);
    coefficient += toNext;
    row += rowB;
  }
  storeLanes<T, L>(x, quotient<T>(sum, diagonal));
}

/**
 * One row: x <- (x - sum of `count` rows times their coefficients) / diagonal. `row` is the first of these rows, the
 * others `rowB` bytes apart, their coefficients `toNext` bytes apart.
 */
export function substituteRow<T>(
  width: i32, x: usize, count: i32, coefficient: usize, toNext: usize, row: usize, rowB: usize, diagonal: T,
): void {
  const end = x + bytes<T>(width);
  const quads = x + (bytes<T>(width) & ~(QUAD - 1)), vectors = x + (bytes<T>(width) & ~(VECTOR - 1));
  const d = splat<T>(diagonal);
  for (; x < quads; x += QUAD, row += QUAD) {
    let s0 = v128.load(x), s1 = v128.load(x, VECTOR), s2 = v128.load(x, 2 * VECTOR), s3 = v128.load(x, 3 * VECTOR);
    let from = row, factor = coefficient;
    for (let left = count; left > 0; --left) {
      const f = v128.load_splat<T>(factor);
      s0 = subtractProduct<T>(f, v128.load(from), s0);
      s1 = subtractProduct<T>(f, v128.load(from, VECTOR), s1);
      s2 = subtractProduct<T>(f, v128.load(from, 2 * VECTOR), s2);
      s3 = subtractProduct<T>(f, v128.load(from, 3 * VECTOR), s3);
      from += rowB;
      factor += toNext;
    }
    v128.store(x, quotient<T>(s0, d));
    v128.store(x, quotient<T>(s1, d), VECTOR);
    v128.store(x, quotient<T>(s2, d), 2 * VECTOR);
    v128.store(x, quotient<T>(s3, d), 3 * VECTOR);
  }
  for (; x < vectors; x += VECTOR, row += VECTOR) strip<T, v128>(x, count, coefficient, toNext, row, rowB, d);
  for (; x < end; x += sizeof<T>(), row += sizeof<T>()) strip<T, T>(x, count, coefficient, toNext, row, rowB, d);
}

/** The rows `from` to `end` of X, of which rows `first` and on (or `last` - 1 and back) are of the same block. */
// @ts-ignore: decorator
@inline
function substitute<T>(
  forward: bool, transposed: bool, from: i32, end: i32, columns: i32, t: usize, ldt: i32, b: usize, rowB: usize,
): void {
  const toRow = transposed ? sizeof<T>() : bytes<T>(ldt), toColumn = transposed ? bytes<T>(ldt) : sizeof<T>();
  for (let done = 0, rows = end - from; done < rows; ++done) {
    const i = forward ? from + done : end - 1 - done;
    const other = forward ? from : i + 1;
    const coefficients = t + <usize>i * toRow;
    substituteRow<T>(
      columns, b + <usize>i * rowB, done, coefficients + <usize>other * toColumn, toColumn, b + <usize>other * rowB, rowB,
      load<T>(coefficients + <usize>i * toColumn),
    );
  }
}

/**
 * B <- op(T)^-1 B. T, n x n, is lower triangular, or upper if `upper`; what lies on its other side is not read. op(T) is T,
 * or its transpose if `transposed`. B is n x columns. A zero on the diagonal leaves infinities and NaN.
 * scratch: solveScratch(n, columns) bytes on a multiple of 16.
 */
export function solveTriangular<T>(
  upper: bool, transposed: bool, n: i32, columns: i32, t: usize, ldt: i32, b: usize, ldb: i32, scratch: usize,
): void {
  checkMatrix<T>(n, n, t, ldt);
  checkMatrix<T>(n, columns, b, ldb);
  const forward = upper == transposed;
  const toRow = transposed ? sizeof<T>() : bytes<T>(ldt), toColumn = transposed ? bytes<T>(ldt) : sizeof<T>();
  const rowB = bytes<T>(ldb);
  for (let done = 0; done < n; done += BLOCK) {
    const height = min(BLOCK, n - done);
    const from = forward ? done : n - done - height;
    const solved = forward ? 0 : from + height;
    if (done > 0) {
      gemm<T>(
        transposed, false, height, columns, done,
        <T>-1, t + <usize>from * toRow + <usize>solved * toColumn, ldt, b + <usize>solved * rowB, ldb,
        <T>1, b + <usize>from * rowB, ldb, scratch,
      );
    }
    substitute<T>(forward, transposed, from, from + height, columns, t, ldt, b, rowB);
  }
}
