// Householder QR of a matrix whose columns lie in rows, in panels (LAPACK's blocked algorithm; ./reflector.ts).
//
// Row j of B = A^T becomes the reflector v_j: 0 before column j, 1 there; what it was reduced to is column j of R. Each
// panel's reflectors reach the rows behind it as products of matrices. Q^T = H_(k-1) ... H_1 H_0 then grows in the same
// rows, from the last panel up.
//
// The diagonal of R is not negative: with that Q and R are unique where the columns are independent, and a basis that hardly
// turns from one call to the next keeps its signs.

import { VECTOR, bytes, multiplyAdd, splat, subtractProduct, sumLanes, zero } from "../simd/lanes";
import { gemmScratch } from "./multiply";
import { BLOCK, applyReflectors, applyTransposed, blockReflector, makeReflector, wholeVectors } from "./reflector";
import { rowBytes } from "./scale";

/** Reflectors of a panel. */
// @ts-ignore: decorator
@inline export const PANEL: i32 = 16;

/** x <- x - tau (x.v) v for `count` rows x, two at a time. */
function reflectRows<T>(count: i32, x: usize, stride: usize, v: usize, width: usize, tau: f64): void {
  const end = v + width;
  for (let i = 0; i < count; i += 2) {
    const a = x + <usize>i * stride;
    // An odd last row is both of a pair.
    const b = i + 1 < count ? a + stride : a;
    let sumA = zero(), sumB = zero();
    let p = a, q = b, r = v;
    do {
      const value = v128.load(r);
      sumA = multiplyAdd<T>(v128.load(p), value, sumA);
      sumB = multiplyAdd<T>(v128.load(q), value, sumB);
      r += VECTOR;
      p += VECTOR;
      q += VECTOR;
    } while (r < end);
    const factorA = splat<T>(<T>(tau * sumLanes<T>(sumA))), factorB = splat<T>(<T>(tau * sumLanes<T>(sumB)));
    p = a;
    q = b;
    r = v;
    do {
      const value = v128.load(r);
      const nextA = subtractProduct<T>(factorA, value, v128.load(p)), nextB = subtractProduct<T>(factorB, value, v128.load(q));
      v128.store(p, nextA);
      v128.store(q, nextB);
      r += VECTOR;
      p += VECTOR;
      q += VECTOR;
    } while (r < end);
  }
}

/** What R's row i is multiplied by, so that its diagonal element is not negative; `elements`: what the rows were reduced to. */
// @ts-ignore: decorator
@inline
function signOf(elements: usize, i: i32): f64 {
  return load<f64>(elements + (<usize>i << 3)) < 0 ? -1 : 1;
}

/** Moves the first `count` elements of a row to a column of R, unless that is 0, and clears them. */
// @ts-ignore: decorator
@inline
function moveColumn<T>(count: i32, row: usize, column: usize, ldr: i32, elements: usize, scale: f64): void {
  for (let i = 0; i < count; ++i, row += sizeof<T>()) {
    if (column) store<T>(column + <usize>i * bytes<T>(ldr), <T>(signOf(elements, i) * scale * <f64>load<T>(row)));
    store<T>(row, <T>0);
  }
}

/** Bytes of what a factorisation works in: X, a panel, rows of a panel's width, its products, and a product of matrices. */
// @ts-ignore: decorator
@inline
export function factorBytes<T>(rows: i32, columns: i32): usize {
  const most = max(columns, PANEL);
  return (
    <usize>(min(rows, columns) + PANEL) * rowBytes<T>(columns) + <usize>(rows + BLOCK) * bytes<T>(BLOCK) +
    <usize>min(rows, columns) * 16 + <usize>gemmScratch<T>(rows, most, most)
  );
}

/**
 * B = R^T Q^T by rows; B becomes Q^T in its first k = min(rows, columns) rows.
 *
 * @param b     T[rows][stride], on a multiple of 16, 0 from `columns` on, its greatest element about 1
 * @param r     T[k][ldr], all of it, times `scale`; not made if 0
 * @param work  factorBytes(rows, columns) bytes on a multiple of 16
 */
export function factorRows<T>(rows: i32, columns: i32, b: usize, r: usize, ldr: i32, scale: f64, work: usize): void {
  const k = min(rows, columns);
  const stride = rowBytes<T>(columns), ld = <i32>(stride / sizeof<T>());
  const x = work, panel = x + <usize>k * stride, products = panel + <usize>PANEL * stride;
  const tall = products + <usize>BLOCK * bytes<T>(BLOCK), elements = tall + <usize>rows * bytes<T>(BLOCK);
  const factors = elements + (<usize>k << 3), gemmWork = factors + (<usize>k << 3);
  reduce<T>(rows, columns, k, b, stride, r, ldr, scale, x, products, tall, elements, factors, gemmWork);
  for (let first = (k - 1) & -PANEL; first >= 0; first -= PANEL) {
    const count = min(PANEL, k - first);
    const corner = <usize>first * stride + bytes<T>(first);
    const v = b + <usize>first * stride;
    memory.copy(panel, v, <usize>count * stride);
    memory.fill(v, 0, <usize>count * stride);
    for (let i = 0; i < count; ++i) store<T>(b + corner + <usize>i * (stride + sizeof<T>()), <T>1);
    applyTransposed<T>(
      count, k - first, columns - first, panel + bytes<T>(first), x + corner, ld, b + corner, ld, tall, gemmWork,
    );
  }
  for (let j = 0; j < k; ++j) {
    if (signOf(elements, j) > 0) continue;
    const row = b + <usize>j * stride;
    for (let p = row; p < row + stride; p += VECTOR) v128.store(p, v128.neg<T>(v128.load(p)));
  }
}

/** B to reflectors, with X of every panel, and R. */
// @ts-ignore: decorator
@inline
function reduce<T>(
  rows: i32, columns: i32, k: i32, b: usize, stride: usize, r: usize, ldr: i32, scale: f64,
  x: usize, products: usize, tall: usize, elements: usize, factors: usize, gemmWork: usize,
): void {
  const ld = <i32>(stride / sizeof<T>());
  for (let first = 0; first < k; first += PANEL) {
    const count = min(PANEL, k - first);
    const corner = <usize>first * stride + bytes<T>(first);
    const width = wholeVectors<T>(columns - first);
    for (let j = first; j < first + count; ++j) {
      const row = b + <usize>j * stride;
      const v = row + bytes<T>(first);
      const at = <usize>j << 3;
      moveColumn<T>(j, row, r ? r + bytes<T>(j) : 0, ldr, elements, scale);
      const tau = makeReflector<T>(v, v + width, row + bytes<T>(j), elements + at);
      store<f64>(factors + at, tau);
      if (r) {
        store<T>(r + <usize>j * bytes<T>(ldr) + bytes<T>(j), <T>(Math.abs(load<f64>(elements + at)) * scale));
        for (let i = j + 1; i < k; ++i) store<T>(r + <usize>i * bytes<T>(ldr) + bytes<T>(j), <T>0);
      }
      reflectRows<T>(first + count - 1 - j, v + stride, stride, v, width, tau);
    }
    const behind = first + count;
    blockReflector<T>(
      count, columns - first, b + corner, stride, factors + (<usize>first << 3), x + corner, products, gemmWork,
    );
    applyReflectors<T>(
      count, rows - behind, columns - first, b + corner, x + corner, ld,
      b + <usize>behind * stride + bytes<T>(first), ld, tall, gemmWork,
    );
  }
  for (let j = k; j < rows; ++j) moveColumn<T>(k, b + <usize>j * stride, r ? r + bytes<T>(j) : 0, ldr, elements, scale);
}
