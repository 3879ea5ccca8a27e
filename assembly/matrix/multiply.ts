// Products of matrices: packed, blocked, in tiles (Goto, van de Geijn 2008, "Anatomy of High-Performance Matrix
// Multiplication"), except that A is read where it lies.
//
// All matrices are row-major; a leading dimension (lda, ldb, ldc) is the distance from a row to the next in elements.
//
//   for each block of columns of C     (BLOCK_COLUMNS of C)
//     for each block of k              (DEPTH)             B's block to panels in scratch, a tile's columns wide
//       for each block of rows         (BLOCK_ROWS)        A's block to rows in scratch, if A is transposed
//         for each panel of B                              stays in the first-level cache
//           for each four rows of A                        one tile of C
//
// Every element of C gets the same operations wherever it lies: its products in the order of k, summed up in blocks of
// DEPTH, each block's sum times alpha added to beta C or to what the blocks before it gave. So a result depends on no
// other shape, and matrices may be split by rows and columns of C at will.

import { PAIR, QUAD, bytes, zero } from "../simd/lanes";
import { packPanels, packTransposedPanels } from "./pack";
import { ROWS, columns, multiplyTiles } from "./tile";
import { transpose } from "./transpose";

/** k of a block: a panel of B, 8 KiB, is a fraction of the first-level cache. */
// @ts-ignore: decorator
@inline export const DEPTH: i32 = 256;

/** Rows of a block: 120 KiB of A in f32 stay in the second-level cache. */
const BLOCK_ROWS: i32 = 120;

/** Panels of a block: 512 KiB of B. */
const BLOCK_PANELS: i32 = 64;

/** Where a tile goes that is not wholly inside C. */
const TILE_BYTES: usize = <usize>ROWS * PAIR;

/** Bytes between the rows of A's block in scratch; a line more than DEPTH, that rows don't share their cache sets. */
// @ts-ignore: decorator
@inline
function packedRow<T>(depth: i32): usize {
  return (bytes<T>(depth) + 2 * QUAD - 1) & ~(QUAD - 1);
}

/** Bytes of scratch for a product of these sizes, whether transposed or not. Grows with each of them. */
// @ts-ignore: decorator
@inline
export function gemmScratch<T>(m: i32, n: i32, k: i32): i32 {
  const depth = min(k, DEPTH);
  const panels = min((n + columns<T>() - 1) / columns<T>(), BLOCK_PANELS);
  return <i32>(TILE_BYTES + <usize>panels * <usize>depth * PAIR + <usize>min(m, BLOCK_ROWS) * packedRow<T>(depth));
}

/** The row of the tile that is row r of `height` rows. */
// @ts-ignore: decorator
@inline
function tileRow(tile: usize, r: i32, height: i32): usize {
  return tile + <usize>(height == 3 && r == 2 ? 3 : r) * PAIR;
}

/** A tile that C has only a corner of, or only the part on and below the diagonal: worked out in scratch. */
function multiplyEdge<T>(
  k: i32, a: usize, rowA: usize, panel: usize, alpha: T, beta: T, c: usize, rowC: usize, tile: usize,
  height: i32, width: i32, above: i32,
): void {
  // Row r of C's part has its columns up to above + r. Where it has three rows, those of the tile are 0, 1, 1, 2.
  const second: usize = height > 1 ? rowA : 0, third: usize = height > 3 ? 2 * rowA : height > 2 ? rowA : 0;
  if (beta != 0) {
    for (let r = 0; r < height; r++) {
      for (let j = 0, end = min(width, above + r + 1); j < end; j++) {
        store<T>(tileRow(tile, r, height) + bytes<T>(j), load<T>(c + <usize>r * rowC + bytes<T>(j)));
      }
    }
  }
  multiplyTiles<T>(1, k, a, second, third, panel, alpha, beta, tile, PAIR);
  for (let r = 0; r < height; r++) {
    for (let j = 0, end = min(width, above + r + 1); j < end; j++) {
      store<T>(c + <usize>r * rowC + bytes<T>(j), load<T>(tileRow(tile, r, height) + bytes<T>(j)));
    }
  }
}

/**
 * All tiles of a block of C. `above`: how many columns of the block's first row lie on or left of the diagonal, less 1.
 * `wholeTiles`: whether what a tile has above the diagonal may be written too.
 */
function multiplyBlock<T>(
  m: i32, n: i32, k: i32, alpha: T, a: usize, rowA: usize, panel: usize, beta: T, c: usize, rowC: usize, tile: usize,
  above: i32, wholeTiles: bool,
): void {
  for (let j = 0; j < n; j += columns<T>()) {
    const width = min(columns<T>(), n - j);
    // The first four rows of which some element is on or below the diagonal; they may reach above it.
    for (let i = max(0, (j - above) & -ROWS); i < m; ) {
      const left = above + i - j, row = a + <usize>i * rowA, corner = c + <usize>i * rowC + bytes<T>(j);
      const count = width == columns<T>() && (wholeTiles || left >= width - 1) ? (m - i) / ROWS : 0;
      if (count > 0) {
        multiplyTiles<T>(count, k, row, rowA, 2 * rowA, panel, alpha, beta, corner, rowC);
        i += count * ROWS;
      } else {
        const height = min(ROWS, m - i);
        multiplyEdge<T>(k, row, rowA, panel, alpha, beta, corner, rowC, tile, height, width, left);
        i += ROWS;
      }
    }
    panel += <usize>k * PAIR;
  }
}

/** Bytes of A from which on its block is fetched: less of it fits into the first-level cache anyway. */
const FETCHED_BYTES: usize = 32768;

/**
 * Reads rows line by line ahead of the tiles, which read four rows at a time: in order they come sooner from where they are,
 * and a product of 128 x 128 with A in the third-level cache takes 0.95 of the time. What is returned only keeps the reads.
 */
function fetch<T>(rows: i32, columns: i32, a: usize, row: usize): v128 {
  let all = zero();
  for (const end = a + <usize>rows * row; a < end; a += row) {
    for (let p = a, last = a + bytes<T>(columns); p < last; p += QUAD) all = v128.or(all, v128.load_splat<T>(p));
  }
  return all;
}

/** `above`: as in multiplyBlock; n for all of C, 0 for its lower triangle. */
function multiply<T>(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32,
  alpha: T, a: usize, lda: i32, b: usize, ldb: i32, beta: T, c: usize, ldc: i32, scratch: usize, above: i32,
  wholeTiles: bool,
): void {
  const rowA = bytes<T>(lda), rowB = bytes<T>(ldb), rowC = bytes<T>(ldc);
  const panels = scratch + TILE_BYTES;
  const blockColumns = BLOCK_PANELS * columns<T>();
  for (let j = 0; j < n; j += blockColumns) {
    const width = min(blockColumns, n - j);
    const panelCount = (width + columns<T>() - 1) / columns<T>();
    let factor = beta;
    let p = 0;
    // Once at least: with k = 0 there is beta C to be made.
    do {
      const depth = min(DEPTH, k - p);
      if (transposeB) packTransposedPanels<T>(depth, width, b + <usize>j * rowB + bytes<T>(p), rowB, panels);
      else packPanels<T>(depth, width, b + <usize>p * rowB + bytes<T>(j), rowB, panels);
      const rows = panels + <usize>panelCount * <usize>depth * PAIR;
      for (let i = 0; i < m; i += BLOCK_ROWS) {
        const height = min(BLOCK_ROWS, m - i);
        let block = a + <usize>i * rowA + bytes<T>(p), row = rowA;
        if (transposeA) {
          block = rows;
          row = packedRow<T>(depth);
          transpose<T>(depth, height, a + <usize>p * rowA + bytes<T>(i), rowA, block, row);
        } else if (<usize>height * bytes<T>(depth) > FETCHED_BYTES) {
          v128.store(scratch, fetch<T>(height, depth, block, row));
        }
        const corner = c + <usize>i * rowC + bytes<T>(j);
        multiplyBlock<T>(
          height, width, depth, alpha, block, row, panels, factor, corner, rowC, scratch, above + i - j, wholeTiles,
        );
      }
      factor = <T>1;
      p += DEPTH;
    } while (p < k);
  }
}

/** Says in the debug build what is wrong with a matrix of rows x columns. */
// @ts-ignore: decorator
@inline
export function checkMatrix<T>(rows: i32, columns: i32, p: usize, ld: i32): void {
  assert(rows >= 0 && columns >= 0, "sizes must not be negative");
  assert(ld >= columns, "leading dimension must be at least the columns");
  assert((p & (sizeof<T>() - 1)) == 0, "pointer must be a multiple of the element size");
  assert(
    rows == 0 || <u64>p + (<u64>(rows - 1) * <u64>ld + <u64>columns) * sizeof<T>() <= (<u64>memory.size()) << 16,
    "matrix must lie inside the memory",
  );
}

/**
 * C <- alpha op(A) op(B) + beta C
 *
 * op(A) is m x k, op(B) k x n, C m x n; op(X) is X, or its transpose if transposeX is not 0. C must not overlap A or B. C
 * is not read if beta is 0; A and B are read whatever alpha is. scratch: gemmScratch(m, n, k) bytes on a multiple of 16.
 */
export function gemm<T>(
  transposeA: bool, transposeB: bool, m: i32, n: i32, k: i32,
  alpha: T, a: usize, lda: i32, b: usize, ldb: i32, beta: T, c: usize, ldc: i32, scratch: usize,
): void {
  checkMatrix<T>(transposeA ? k : m, transposeA ? m : k, a, lda);
  checkMatrix<T>(transposeB ? n : k, transposeB ? k : n, b, ldb);
  checkMatrix<T>(m, n, c, ldc);
  multiply<T>(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch, n, false);
}

/**
 * The same for the elements on and below the diagonal of C, n x n, and no others: a symmetric product in half the time.
 * With B = A and one of the two transposed it is a symmetric rank-k update. For whole tiles, which is faster, what lies above
 * the diagonal is unspecified afterwards, and overwritten by whoever mirrors the triangle; where beta is not 0 it is read.
 */
export function gemmLower<T>(
  transposeA: bool, transposeB: bool, n: i32, k: i32,
  alpha: T, a: usize, lda: i32, b: usize, ldb: i32, beta: T, c: usize, ldc: i32, scratch: usize, wholeTiles: bool = false,
): void {
  checkMatrix<T>(transposeA ? k : n, transposeA ? n : k, a, lda);
  checkMatrix<T>(transposeB ? n : k, transposeB ? k : n, b, ldb);
  checkMatrix<T>(n, n, c, ldc);
  multiply<T>(transposeA, transposeB, n, n, k, alpha, a, lda, b, ldb, beta, c, ldc, scratch, 0, wholeTiles);
}
