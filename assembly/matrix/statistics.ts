// Statistics of blocks: averages of squares of matrices, symmetric, kept as packed triangles.

import { PAIR, VECTOR, bytes, load as loadLanes, multiplyAdd, splat, store as storeLanes } from "../simd/lanes";
import { DEPTH, checkMatrix } from "./multiply";
import { packPanels, packTransposedPanels } from "./pack";
import { matrixBytes } from "./scratch";
import { ROWS, columns, multiplyTilesOfPanels } from "./tile";

/** The first 1 to 3 lanes, bytes less than a vector. */
// @ts-ignore: decorator
@inline
function storePart<T>(to: usize, x: v128, part: usize): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(to, x, 0);
  } else if (part == 4) {
    v128.store32_lane(to, x, 0);
  } else {
    v128.store64_lane(to, x, 0);
    if (part == 12) v128.store32_lane(to, x, 2, 8);
  }
}

/** alpha t + beta s, or alpha t where s does not count. */
// @ts-ignore: decorator
@inline
function blend<T>(adds: bool, taken: v128, t: v128, kept: v128, s: usize): v128 {
  const product = v128.mul<T>(taken, t);
  return adds ? multiplyAdd<T>(taken, t, v128.mul<T>(kept, v128.load(s))) : product;
}

/**
 * S <- alpha T + beta S for the rows of growing length of a packed triangle, T a square. A vector that reaches over the end of a
 * row ends in the next; where that is too short, or there is none, elements go one by one.
 */
// @ts-ignore: decorator
@inline
function addTriangle<T>(adds: bool, n: i32, alpha: T, from: usize, stride: usize, beta: T, packed: usize): void {
  const taken = splat<T>(alpha), kept = splat<T>(beta);
  for (let i = 1; i <= n; i++, from += stride) {
    let p = from;
    const width = bytes<T>(i), part = width & (VECTOR - 1);
    const end = from + width, whole = end - part;
    for (; p < whole; p += VECTOR, packed += VECTOR) v128.store(packed, blend<T>(adds, taken, v128.load(p), kept, packed));
    if (part == 0) continue;
    if (i > 1 && i < n) {
      storePart<T>(packed, blend<T>(adds, taken, v128.load(p), kept, packed), part);
      packed += part;
    } else {
      for (; p < end; p += sizeof<T>(), packed += sizeof<T>()) {
        const product = v128.mul<T>(taken, loadLanes<T, T>(p));
        const sum = multiplyAdd<T>(taken, loadLanes<T, T>(p), v128.mul<T>(kept, loadLanes<T, T>(packed)));
        storeLanes<T, T>(packed, adds ? sum : product);
      }
    }
  }
}

/** Rows and columns of a square in scratch that whole tiles cover. */
// @ts-ignore: decorator
@inline
function covered<T>(n: i32): i32 {
  return (n + columns<T>() - 1) & -columns<T>();
}

/** C <- A^T A on and below the diagonal, A k x n in panels: of C, n x n, as many rows and columns are written as tiles cover. */
// @ts-ignore: decorator
@inline
function crossProduct<T>(n: i32, k: i32, panels: usize, c: usize, rowC: usize): void {
  for (let j = 0; j < n; j += columns<T>(), panels += <usize>k * PAIR) {
    const count = (n - j + ROWS - 1) / ROWS;
    multiplyTilesOfPanels<T>(count, k, panels, panels, <T>1, <T>0, c + <usize>j * rowC + bytes<T>(j), rowC);
  }
}

/**
 * S <- alpha A A^T + beta S, A n x k, or A^T A of A k x n if transposed; of S, symmetric, the packed lower triangle.
 * Where beta is 0, S is not read. scratch: symmetricRankKPackedScratch(n, k) bytes on a multiple of 16.
 */
export function symmetricRankKPacked<T>(
  transposed: bool, n: i32, k: i32, alpha: T, a: usize, lda: i32, beta: T, packed: usize, scratch: usize,
): void {
  checkMatrix<T>(transposed ? k : n, transposed ? n : k, a, lda);
  const ld = covered<T>(n), rowA = bytes<T>(lda), stride = bytes<T>(ld), panels = scratch + matrixBytes<T>(ld, ld);
  for (let p = 0; ; p += DEPTH, beta = <T>1) {
    const depth = min(DEPTH, k - p);
    if (transposed) packPanels<T>(depth, n, a + <usize>p * rowA, rowA, panels);
    else packTransposedPanels<T>(depth, n, a + bytes<T>(p), rowA, panels);
    crossProduct<T>(n, depth, panels, scratch, stride);
    if (beta == 0) addTriangle<T>(false, n, alpha, scratch, stride, beta, packed);
    else addTriangle<T>(true, n, alpha, scratch, stride, beta, packed);
    if (p + DEPTH >= k) return;
  }
}

export function symmetricRankKPackedScratch<T>(n: i32, k: i32): i32 {
  const square = covered<T>(n);
  return <i32>(matrixBytes<T>(square, square) + bytes<T>(square) * min(k, DEPTH));
}
