// The columns of ./csr-columns.ts without l1. A column owes (lag - own lag) g, and g does not change while it owes. So its
// record need not say when it has paid last: it holds u = v + (own lag) g, and has
//
//   v = u - lag g            at any time
//   u <- u + lag dg + dv     when a step changes g by dg, and v by dv
//
// A step along a row x has dg = change x and dv = -pull x: both numbers of a record take one multiplication by x.
// u is of the size of v and of what v moves by between two settlings, in which lag starts from 0 again.

import { VECTOR, multiplyAdd } from "../simd/lanes";
import { moveRecords, recordAt, recordOf, splatOf } from "./csr-records";

/** x.v, of the entries whose values and indices begin there. */
// @ts-ignore: decorator
@inline
export function productL2<T>(value: usize, index: usize, end: usize, features: usize, lag: f64): f64 {
  let a = f64x2.splat(0), b = a;
  for (; index + 4 < end; index += 8, value += 2 * sizeof<T>()) {
    a = multiplyAdd<f64>(splatOf<T>(value), v128.load(recordOf(features, index)), a);
    b = multiplyAdd<f64>(splatOf<T>(value + sizeof<T>()), v128.load(recordOf(features, index + 4)), b);
  }
  if (index < end) a = multiplyAdd<f64>(splatOf<T>(value), v128.load(recordOf(features, index)), a);
  const sums = f64x2.add(a, b);
  return f64x2.extract_lane(sums, 0) - lag * f64x2.extract_lane(sums, 1);
}

/** v <- v - pull x, g <- g + change x. */
// @ts-ignore: decorator
@inline
export function moveL2<T>(
  value: usize, index: usize, end: usize, features: usize, lag: f64, pull: f64, change: f64,
): void {
  moveRecords<T>(value, index, end, features, lag * change - pull, change);
}

/** All columns pay, and v becomes the weight. */
// @ts-ignore: decorator
@inline
export function settleL2(columns: i32, features: usize, scale: f64, lag: f64): void {
  const end = recordAt(features, columns);
  for (let column = features; column < end; column += VECTOR) {
    store<f64>(column, scale * (load<f64>(column) - lag * load<f64>(column, 8)));
  }
}
