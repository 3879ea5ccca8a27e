// Householder reflectors H_i = I - tau_i v_i v_i^T, in blocks (Schreiber, Van Loan 1989, compact WY; Puglisi 1992 for the
// inverse of the triangular factor):
//
//     H_0 H_1 ... H_(b-1) = I - V^T X,   X = S V,   S^-1 = diag(1 / tau) + the part of V V^T above the diagonal
//
// with the v_i as rows of V. X comes by substitution, from the last row up, so that S is never made.

import { PAIR, VECTOR, bytes, subtractProduct, splat } from "../simd/lanes";
import { gemm, gemmLower } from "./multiply";

/** The reflectors of a block at most. */
// @ts-ignore: decorator
@inline export const BLOCK: i32 = 32;

/** One row of X, in strips of two vectors: x_j = tau_j (v_j - sum_(i > j) (v_i.v_j) x_i). */
function substitute<T>(
  later: i32, width: usize, v: usize, x: usize, stride: usize, products: usize, productStride: usize, tau: T,
): void {
  const factor = splat<T>(tau);
  for (let j: usize = 0; j < width; j += PAIR) {
    let low = v128.load(v + j), high = v128.load(v + j, VECTOR);
    let row = x + stride + j, product = products;
    for (let i = 0; i < later; ++i) {
      const s = v128.load_splat<T>(product);
      low = subtractProduct<T>(s, v128.load(row), low);
      high = subtractProduct<T>(s, v128.load(row, VECTOR), high);
      row += stride;
      product += productStride;
    }
    v128.store(x + j, v128.mul<T>(factor, low));
    v128.store(x + j, v128.mul<T>(factor, high), VECTOR);
  }
}

/**
 * X of a block.
 *
 * @param count       reflectors, <= BLOCK
 * @param columns     of V
 * @param v           T[count][stride], on a multiple of 16, 0 from `columns` to the next multiple of 32 bytes
 * @param stride      bytes from row to row, of v and x: a multiple of 32
 * @param factors     f64[count], tau
 * @param x           T[count][stride], on a multiple of 16
 * @param products    T[BLOCK][BLOCK], to work in
 * @param gemmScratch for count x count x columns
 */
export function blockReflector<T>(
  count: i32, columns: i32, v: usize, stride: usize, factors: usize, x: usize, products: usize, gemmScratch: usize,
): void {
  const ld = <i32>(stride / sizeof<T>());
  const width = (bytes<T>(columns) + (PAIR - 1)) & ~(PAIR - 1);
  const productStride = bytes<T>(BLOCK);
  gemmLower<T>(false, true, count, columns, 1, v, ld, v, ld, 0, products, BLOCK, gemmScratch);
  for (let j = count - 1; j >= 0; --j) {
    const at = <usize>j;
    substitute<T>(
      count - 1 - j, width, v + at * stride, x + at * stride, stride,
      products + (at + 1) * productStride + bytes<T>(j), productStride, <T>load<f64>(factors + (at << 3)),
    );
  }
}

/**
 * Z <- Z (I - V^T X)
 *
 * @param z           T[rows][ldz], its columns those of V
 * @param work        T[rows][BLOCK]
 * @param gemmScratch for rows x columns x columns
 */
export function applyReflectors<T>(
  count: i32, rows: i32, columns: i32, v: usize, x: usize, ld: i32, z: usize, ldz: i32, work: usize, gemmScratch: usize,
): void {
  gemm<T>(false, true, rows, count, columns, 1, z, ldz, v, ld, 0, work, BLOCK, gemmScratch);
  gemm<T>(false, false, rows, columns, count, -1, work, BLOCK, x, ld, 1, z, ldz, gemmScratch);
}
