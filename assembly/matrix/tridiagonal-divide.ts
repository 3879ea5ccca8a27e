// Divide and conquer: halves a symmetric tridiagonal matrix down to blocks that QL solves, and merges.

import { bytes } from "../simd/lanes";
import { merge, sortRows } from "./tridiagonal-merge";
import { diagonalize } from "./tridiagonal-ql";

/** The largest block for QL. All from 16 to 48 were equally fast for n = 32 to 256. */
const LEAF: i32 = 32;

/**
 * Eigenvalues and eigenvectors of the rows and columns `first` to `first + n - 1`; blocks begin at multiples of 4, so that
 * their rows are whole vectors. True if all were found.
 *
 * @param diagonal f64[], becomes the eigenvalues of the rows
 * @param beside   f64[], the elements next to the diagonal; lost
 * @param order    i32[], becomes for each block its rows, counted from its first, by ascending eigenvalue
 * @param rows     T[][stride], the unit matrix, becomes the eigenvectors
 * @param norm     the greatest element of the whole matrix, or more
 */
export function solve<T>(
  first: i32, n: i32, diagonal: usize, beside: usize, order: usize, rows: usize, stride: usize, norm: f64,
  gathered: usize, turned: usize, work: usize, gemmScratch: usize,
): bool {
  const values = diagonal + (<usize>first << 3);
  const own = order + (<usize>first << 2);
  const corner = rows + <usize>first * stride + bytes<T>(first);
  if (n <= LEAF) {
    if (!diagonalize<T>(n, values, beside + (<usize>first << 3), corner, stride, norm)) return false;
    sortRows(n, own, values);
    return true;
  }
  const half = (n >> 1) & ~3;
  const middle = first + half;
  const coupling = load<f64>(beside + (<usize>(middle - 1) << 3));
  const size = Math.abs(coupling);
  const seam = diagonal + (<usize>middle << 3);
  store<f64>(seam - 8, load<f64>(seam - 8) - size);
  store<f64>(seam, load<f64>(seam) - size);
  return (
    solve<T>(first, half, diagonal, beside, order, rows, stride, norm, gathered, turned, work, gemmScratch) &&
    solve<T>(middle, n - half, diagonal, beside, order, rows, stride, norm, gathered, turned, work, gemmScratch) &&
    merge<T>(n, half, coupling, values, own, corner, stride, gathered, turned, work, gemmScratch)
  );
}
