// Dense rows: T[n][columns], each padded with zeros to whole 64-byte lines; columns counts the padding.
//
// A step waits on memory, not on arithmetic, where rows come in random order. So every `burst` steps one word of each
// line of the coming rows is touched: hundreds of misses are in flight at once, and the rows then come from cache. Rows that
// come in the order in which they lie are read ahead by the processor, and `burst` is 0.

import { QUAD, VECTOR, bytes, multiplyAdd, sumLanes, zero } from "../simd/lanes";
import { SINK, record } from "./state";

// @ts-ignore: decorator
@inline
export function rowAt<T>(rows: usize, columns: i32, row: i32): usize {
  return rows + (<usize>row) * bytes<T>(columns);
}

/**
 * Two lines of each row, then two more of each: the rows lie on pages of their own, whose addresses are then translated
 * side by side. Row after row a step takes 1.2 times as long in f64, 1.07 times in f32.
 */
export function touchRows<T>(count: i32, order: usize, rows: usize, columns: i32, table: usize, state: usize): void {
  let word = 0;
  const start = order, end = order + (<usize>count << 2);
  for (; order < end; order += 4) word ^= load<i32>(record<T>(table, load<i32>(order)));
  const size = bytes<T>(columns);
  const pairs = size & ~(2 * QUAD - 1);
  for (let line: usize = 0; line < pairs; line += 2 * QUAD) {
    for (order = start; order < end; order += 4) {
      const p = rowAt<T>(rows, columns, load<i32>(order)) + line;
      word ^= load<i32>(p) ^ load<i32>(p + QUAD);
    }
  }
  if (pairs < size) {
    for (order = start; order < end; order += 4) word ^= load<i32>(rowAt<T>(rows, columns, load<i32>(order)) + pairs);
  }
  store<i32>(state, word, SINK);
}

/** x.w over whole lines, in four vectors of partial sums. A call a row takes nothing that can be measured, a copy a caller 2 kB. */
export function product<T>(columns: i32, x: usize, w: usize): f64 {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  const end = x + bytes<T>(columns);
  if (x < end) do {
    a0 = multiplyAdd<T>(v128.load(x), v128.load(w), a0);
    a1 = multiplyAdd<T>(v128.load(x + VECTOR), v128.load(w + VECTOR), a1);
    a2 = multiplyAdd<T>(v128.load(x + 2 * VECTOR), v128.load(w + 2 * VECTOR), a2);
    a3 = multiplyAdd<T>(v128.load(x + 3 * VECTOR), v128.load(w + 3 * VECTOR), a3);
    x += QUAD;
    w += QUAD;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a0, a1), v128.add<T>(a2, a3)));
}

/** gradient += derivative x, in f64 whatever T is: a sum over all rows. */
// @ts-ignore: decorator
@inline
export function accumulate<T>(columns: i32, x: usize, gradient: usize, derivative: f64): void {
  const d = f64x2.splat(derivative);
  const end = x + bytes<T>(columns);
  if (x < end) do {
    if (sizeof<T>() == sizeof<f64>()) {
      v128.store(gradient, multiplyAdd<f64>(d, v128.load(x), v128.load(gradient)));
      v128.store(gradient + VECTOR, multiplyAdd<f64>(d, v128.load(x + VECTOR), v128.load(gradient + VECTOR)));
    } else {
      const low = f64x2.promote_low_f32x4(v128.load(x));
      const high = f64x2.promote_low_f32x4(v128.load64_zero(x + 8));
      v128.store(gradient, multiplyAdd<f64>(d, low, v128.load(gradient)));
      v128.store(gradient + VECTOR, multiplyAdd<f64>(d, high, v128.load(gradient + VECTOR)));
    }
    x += 4 * sizeof<T>();
    gradient += 2 * VECTOR;
  } while (x < end);
}
