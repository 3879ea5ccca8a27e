// Norms of matrices, in f64, for scaling: neither overflow nor underflow of squares can spoil them.

import { bytes } from "../simd/lanes";

/** The greatest magnitude of an element; NaN if one is NaN. */
export function greatestElement<T>(rows: i32, columns: i32, a: usize, row: usize): f64 {
  let greatest: f64 = 0;
  for (let i = 0; i < rows; i++, a += row) {
    for (let p = a, end = a + bytes<T>(columns); p < end; p += sizeof<T>()) greatest = max(greatest, abs(<f64>load<T>(p)));
  }
  return greatest;
}

/** 2^-1000 */
const LEAST: f64 = 9.332636185032189e-302;

/** The Frobenius norm: the root of the sum of squares, each over the greatest. */
export function frobeniusNorm<T>(rows: i32, columns: i32, a: usize, row: usize): f64 {
  const greatest = greatestElement<T>(rows, columns, a, row);
  // 0, NaN or infinite.
  if (!(greatest > 0 && greatest < Infinity)) return greatest;
  // Of subnormal numbers the reciprocal would overflow.
  const scale = 1 / max(greatest, LEAST);
  let even: f64 = 0, odd: f64 = 0;
  for (let i = 0; i < rows; i++, a += row) {
    const pairs = a + bytes<T>(columns & -2);
    let p = a;
    for (; p < pairs; p += 2 * sizeof<T>()) {
      const x = <f64>load<T>(p) * scale, y = <f64>load<T>(p + sizeof<T>()) * scale;
      even += x * x;
      odd += y * y;
    }
    if (columns & 1) even += <f64>load<T>(p) * scale * (<f64>load<T>(p) * scale);
  }
  return sqrt(even + odd) / scale;
}
