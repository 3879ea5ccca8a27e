// A column of ./csr-columns.ts has a record of two f64, which a step along a row changes by multiples of the column's entry:
// one vector multiply-add. The first is v, or with what the column owes counted in (./csr-l2.ts); the second is g.

import { multiplyAdd } from "../simd/lanes";

/** Bytes of a record, as a shift. */
// @ts-ignore: decorator
@inline const RECORD_SHIFT: usize = 4;

/** The record of a column. */
// @ts-ignore: decorator
@inline
export function recordAt(features: usize, column: i32): usize {
  return features + (<usize>column << RECORD_SHIFT);
}

/** The record of the column whose index is there. */
// @ts-ignore: decorator
@inline
export function recordOf(features: usize, index: usize): usize {
  return recordAt(features, load<i32>(index));
}

// @ts-ignore: decorator
@inline
export function splatOf<T>(value: usize): v128 {
  return f64x2.splat(<f64>load<T>(value));
}

// @ts-ignore: decorator
@inline
function moveRecord(column: usize, x: v128, moves: v128): void {
  v128.store(column, multiplyAdd<f64>(x, moves, v128.load(column)));
}

/** Adds x times the moves to the records, for a row whose values and indices begin there. */
// @ts-ignore: decorator
@inline
export function moveRecords<T>(value: usize, index: usize, end: usize, features: usize, first: f64, second: f64): void {
  const moves = f64x2.replace_lane(f64x2.splat(second), 0, first);
  for (; index + 4 < end; index += 8, value += 2 * sizeof<T>()) {
    moveRecord(recordOf(features, index), splatOf<T>(value), moves);
    moveRecord(recordOf(features, index + 4), splatOf<T>(value + sizeof<T>()), moves);
  }
  if (index < end) moveRecord(recordOf(features, index), splatOf<T>(value), moves);
}
