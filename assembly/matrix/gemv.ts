// Products of a matrix and a vector.
//
//   plain        a row's products in a vector of partial sums, those left over to its lane 0; then the lanes, (0 + 1) + (2 + 3),
//                in f64; four rows side by side
//   transposed   each column's products one by one in the order of rows; strips of columns side by side

import { QUAD, VECTOR, bytes, checkArray, load as loadLanes, multiplyAdd, splat, store as storeLanes, sumLanes, zero } from "../simd/lanes";
import { checkMatrix } from "./multiply";

// @ts-ignore: decorator
@inline
function finish<T>(sum: v128, alpha: T, beta: T, y: usize): void {
  // Of f32 factors and terms f64 holds enough bits for the T of the result to be rounded once.
  const product = <T>(<f64>alpha * <f64><T>sumLanes<T>(sum));
  store<T>(y, beta == 0 ? product : <T>(<f64>product + <f64><T>(<f64>beta * <f64>load<T>(y))));
}

function rowProducts<T>(m: i32, n: i32, alpha: T, a: usize, row: usize, x: usize, beta: T, y: usize): void {
  const end = x + bytes<T>(n), vectors = x + (bytes<T>(n) & ~(VECTOR - 1));
  for (; m > 0; m -= 4) {
    // Rows beyond the last are the first once more.
    let a0 = a, a1 = m > 1 ? a + row : a, a2 = m > 2 ? a + 2 * row : a, a3 = m > 3 ? a + 3 * row : a;
    let s0 = zero(), s1 = s0, s2 = s0, s3 = s0;
    let p = x;
    if (p < vectors) do {
      const v = v128.load(p);
      s0 = multiplyAdd<T>(v128.load(a0), v, s0);
      s1 = multiplyAdd<T>(v128.load(a1), v, s1);
      s2 = multiplyAdd<T>(v128.load(a2), v, s2);
      s3 = multiplyAdd<T>(v128.load(a3), v, s3);
      p += VECTOR;
      a0 += VECTOR;
      a1 += VECTOR;
      a2 += VECTOR;
      a3 += VECTOR;
    } while (p < vectors);
    while (p < end) {
      const v = loadLanes<T, T>(p);
      s0 = multiplyAdd<T>(loadLanes<T, T>(a0), v, s0);
      s1 = multiplyAdd<T>(loadLanes<T, T>(a1), v, s1);
      s2 = multiplyAdd<T>(loadLanes<T, T>(a2), v, s2);
      s3 = multiplyAdd<T>(loadLanes<T, T>(a3), v, s3);
      p += sizeof<T>();
      a0 += sizeof<T>();
      a1 += sizeof<T>();
      a2 += sizeof<T>();
      a3 += sizeof<T>();
    }
    finish<T>(s0, alpha, beta, y);
    if (m > 1) finish<T>(s1, alpha, beta, y + sizeof<T>());
    if (m > 2) finish<T>(s2, alpha, beta, y + 2 * sizeof<T>());
    if (m > 3) finish<T>(s3, alpha, beta, y + 3 * sizeof<T>());
    a += 4 * row;
    y += 4 * sizeof<T>();
  }
}

// @ts-ignore: decorator
@inline
function finishColumns<T, L>(sum: v128, alpha: v128, beta: T, y: usize): void {
  const product = v128.mul<T>(alpha, sum);
  if (beta == 0) storeLanes<T, L>(y, product);
  else storeLanes<T, L>(y, v128.add<T>(product, v128.mul<T>(splat<T>(beta), loadLanes<T, L>(y))));
}

// @ts-ignore: decorator
@inline
function strip<T, L>(m: i32, a: usize, row: usize, x: usize, alpha: v128, beta: T, y: usize): void {
  let sum = zero();
  for (const end = x + bytes<T>(m); x < end; x += sizeof<T>(), a += row) {
    sum = multiplyAdd<T>(loadLanes<T, L>(a), v128.load_splat<T>(x), sum);
  }
  finishColumns<T, L>(sum, alpha, beta, y);
}

function columnProducts<T>(m: i32, n: i32, alpha: T, a: usize, row: usize, x: usize, beta: T, y: usize): void {
  const factor = splat<T>(alpha);
  const end = y + bytes<T>(n), quads = y + (bytes<T>(n) & ~(QUAD - 1)), vectors = y + (bytes<T>(n) & ~(VECTOR - 1));
  for (; y < quads; y += QUAD, a += QUAD) {
    let s0 = zero(), s1 = s0, s2 = s0, s3 = s0;
    let from = a, p = x;
    for (const last = x + bytes<T>(m); p < last; p += sizeof<T>(), from += row) {
      const f = v128.load_splat<T>(p);
      s0 = multiplyAdd<T>(v128.load(from), f, s0);
      s1 = multiplyAdd<T>(v128.load(from, VECTOR), f, s1);
      s2 = multiplyAdd<T>(v128.load(from, 2 * VECTOR), f, s2);
      s3 = multiplyAdd<T>(v128.load(from, 3 * VECTOR), f, s3);
    }
    finishColumns<T, v128>(s0, factor, beta, y);
    finishColumns<T, v128>(s1, factor, beta, y + VECTOR);
    finishColumns<T, v128>(s2, factor, beta, y + 2 * VECTOR);
    finishColumns<T, v128>(s3, factor, beta, y + 3 * VECTOR);
  }
  for (; y < vectors; y += VECTOR, a += VECTOR) strip<T, v128>(m, a, row, x, factor, beta, y);
  for (; y < end; y += sizeof<T>(), a += sizeof<T>()) strip<T, T>(m, a, row, x, factor, beta, y);
}

/**
 * y <- alpha op(A) x + beta y, A m x n; op(A) is A, or its transpose if `transposed`. y must not overlap A or x, and is
 * not read if beta is 0.
 */
export function gemv<T>(
  transposed: bool, m: i32, n: i32, alpha: T, a: usize, lda: i32, x: usize, beta: T, y: usize,
): void {
  checkMatrix<T>(m, n, a, lda);
  checkArray<T>(transposed ? m : n, x);
  checkArray<T>(transposed ? n : m, y);
  if (transposed) columnProducts<T>(m, n, alpha, a, bytes<T>(lda), x, beta, y);
  else rowProducts<T>(m, n, alpha, a, bytes<T>(lda), x, beta, y);
}
