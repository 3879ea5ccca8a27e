// Symmetric matrices made as their lower triangle, in half the time, and mirrored where both triangles are wanted.

import { QUAD, bytes } from "../simd/lanes";
import { checkMatrix, gemmLower } from "./multiply";
import { transpose } from "./transpose";

/** Rows and columns that are mirrored at a time: lines of either side stay in cache. */
// @ts-ignore: decorator
@inline
function block<T>(): i32 {
  return <i32>(QUAD / sizeof<T>());
}

/** The lower triangle of A, n x n, onto its upper. */
export function mirrorLower<T>(n: i32, a: usize, lda: i32): void {
  checkMatrix<T>(n, n, a, lda);
  const row = bytes<T>(lda);
  for (let i = 0; i < n; i += block<T>()) {
    const height = min(block<T>(), n - i);
    for (let j = 0; j < i; j += block<T>()) {
      transpose<T>(height, block<T>(), a + <usize>i * row + bytes<T>(j), row, a + <usize>j * row + bytes<T>(i), row);
    }
    for (let r = i; r < i + height; r++) {
      for (let c = i; c < r; c++) store<T>(a + <usize>c * row + bytes<T>(r), load<T>(a + <usize>r * row + bytes<T>(c)));
    }
  }
}

/** C <- A B, both symmetric and commuting, so that C is symmetric too; all with the same leading dimension. */
export function symmetricProduct<T>(n: i32, a: usize, b: usize, c: usize, ld: i32, scratch: usize): void {
  gemmLower<T>(false, false, n, n, <T>1, a, ld, b, ld, <T>0, c, ld, scratch, true);
  mirrorLower<T>(n, c, ld);
}
