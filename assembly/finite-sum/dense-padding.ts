// Rows as they are given, brought to where the steps want them: see ./dense-rows.ts.

import { QUAD, VECTOR, bytes, checkArray, load as loadLanes, multiplyAdd, store as storeLanes, sumLanes, zero } from "../simd/lanes";

/** sum + x^2 of every lane, in f64 whatever T is. */
// @ts-ignore: decorator
@inline
function addSquares<T>(x: v128, sum: v128): v128 {
  if (sizeof<T>() == sizeof<f64>()) return multiplyAdd<f64>(x, x, sum);
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
  return f64x2.add(sum, multiplyAdd<f64>(high, high, f64x2.mul(low, low)));
}

/** Moves an element or a vector, and adds its squares. */
// @ts-ignore: decorator
@inline
function move<T, L>(source: usize, target: usize, sum: v128): v128 {
  const x = loadLanes<T, L>(source);
  storeLanes<T, L>(target, x);
  return addSquares<T>(x, sum);
}

/**
 * Rows that lie side by side, T[rows][columns], become rows of whole lines, and squaredNorms, f64[rows], what their names say.
 * The source may be the end of the target, which then needs no other room: every row is read before it is written over.
 */
// @ts-ignore: decorator
@inline
function padDense<T>(rows: i32, columns: i32, source: usize, target: usize, squaredNorms: usize): void {
  checkArray<T>(rows * columns, source);
  checkArray<f64>(rows, squaredNorms);
  assert((target & (QUAD - 1)) == 0, "target must begin on a line of 64 bytes");
  const size = bytes<T>(columns);
  const padded = (size + QUAD - 1) & ~(QUAD - 1);
  for (const last = squaredNorms + bytes<f64>(rows); squaredNorms < last; squaredNorms += 8) {
    const end = source + size, line = target + padded;
    let sum = zero();
    for (const vectors = source + (size & ~(VECTOR - 1)); source < vectors; source += VECTOR) {
      sum = move<T, v128>(source, target, sum);
      target += VECTOR;
    }
    for (; source < end; source += sizeof<T>()) {
      sum = move<T, T>(source, target, sum);
      target += sizeof<T>();
    }
    for (; target < line; target += sizeof<T>()) store<T>(target, <T>0);
    store<f64>(squaredNorms, sumLanes<f64>(sum));
  }
}

export function padDense_f32(rows: i32, columns: i32, source: usize, target: usize, squaredNorms: usize): void {
  padDense<f32>(rows, columns, source, target, squaredNorms);
}

export function padDense_f64(rows: i32, columns: i32, source: usize, target: usize, squaredNorms: usize): void {
  padDense<f64>(rows, columns, source, target, squaredNorms);
}
