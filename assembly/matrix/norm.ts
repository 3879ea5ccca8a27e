// Norms of matrices, in f64.

import { VECTOR, bytes, multiplyAdd, sumLanes, zero } from "../simd/lanes";
import { greatestMagnitude } from "./scale";

/** Four elements as two pairs of f64. */
// @ts-ignore: decorator
@inline
function lowPair<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
}
// @ts-ignore: decorator
@inline
function highPair<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p, 8)) : v128.load(p, VECTOR);
}

/** The sum of the squares of rows `row` bytes apart, in f64, where those of f32 neither overflow nor vanish. */
export function squaredNorm<T>(rows: i32, columns: i32, a: usize, row: usize): f64 {
  // Without gaps between them all rows are one.
  if (row == bytes<T>(columns)) {
    columns *= rows;
    rows = min(rows, 1);
  }
  let low0 = zero(), high0 = low0, low1 = low0, high1 = low0;
  let rest: f64 = 0;
  for (; rows > 0; --rows, a += row) {
    let p = a;
    const end = a + bytes<T>(columns), eights = a + bytes<T>(columns & -8);
    for (; p < eights; p += 8 * sizeof<T>()) {
      const a0 = lowPair<T>(p), b0 = highPair<T>(p), a1 = lowPair<T>(p + 4 * sizeof<T>()), b1 = highPair<T>(p + 4 * sizeof<T>());
      low0 = multiplyAdd<f64>(a0, a0, low0);
      high0 = multiplyAdd<f64>(b0, b0, high0);
      low1 = multiplyAdd<f64>(a1, a1, low1);
      high1 = multiplyAdd<f64>(b1, b1, high1);
    }
    for (; p < end; p += sizeof<T>()) {
      const x = <f64>load<T>(p);
      rest += x * x;
    }
  }
  return sumLanes<f64>(f64x2.add(f64x2.add(low0, high0), f64x2.add(low1, high1))) + rest;
}

/** 2^-900, above which no square that counts was rounded to a subnormal number. */
const LEAST_SQUARES: f64 = 1.1830521861667747e-271;

/** 2^-1000 */
const LEAST: f64 = 9.332636185032189e-302;

/** The root of the sum of squares, each over the greatest: those of f64 may overflow or vanish. */
function scaledNorm<T>(rows: i32, columns: i32, a: usize, row: usize): f64 {
  const greatest = greatestMagnitude<T>(rows, columns, 0, a, row);
  // 0, NaN or infinite.
  if (!(greatest > 0 && greatest < Infinity)) return greatest;
  // Of subnormal numbers the reciprocal would overflow.
  const scale = 1 / max(greatest, LEAST);
  let sum: f64 = 0;
  for (; rows > 0; --rows, a += row) {
    for (let p = a, end = a + bytes<T>(columns); p < end; p += sizeof<T>()) {
      const x = <f64>load<T>(p) * scale;
      sum += x * x;
    }
  }
  return sqrt(sum) / scale;
}

/** The Frobenius norm; NaN if an element is NaN. */
export function frobeniusNorm<T>(rows: i32, columns: i32, a: usize, row: usize): f64 {
  const squares = squaredNorm<T>(rows, columns, a, row);
  return squares > LEAST_SQUARES && squares < Infinity ? sqrt(squares) : scaledNorm<T>(rows, columns, a, row);
}
