// Squared norms of sparse rows, f64[n], with sums in f64 whatever T is.

import { bytes, checkArray, multiplyAdd } from "../simd/lanes";
import { endOfEntries, firstEntry } from "./csr-rows";

/** Two elements in f64. */
// @ts-ignore: decorator
@inline
function pairAt<T>(p: usize): v128 {
  return sizeof<T>() == sizeof<f64>() ? v128.load(p) : f64x2.promote_low_f32x4(v128.load64_zero(p));
}

// @ts-ignore: decorator
@inline
function squaredNorm<T>(x: usize, end: usize): f64 {
  const pair = 2 * sizeof<T>();
  let a = f64x2.splat(0), b = a;
  for (; x + 2 * pair <= end; x += 2 * pair) {
    const x0 = pairAt<T>(x), x1 = pairAt<T>(x + pair);
    a = multiplyAdd<f64>(x0, x0, a);
    b = multiplyAdd<f64>(x1, x1, b);
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; x < end; x += sizeof<T>()) sum += <f64>load<T>(x) * <f64>load<T>(x);
  return sum;
}

// @ts-ignore: decorator
@inline
function squaredNormsCsr<T>(count: i32, values: usize, offsets: usize, norms: usize): void {
  checkArray<f64>(count, norms);
  for (let row = 0; row < count; ++row) {
    const first = values + bytes<T>(firstEntry(offsets, row)), end = values + bytes<T>(endOfEntries(offsets, row));
    store<f64>(norms + (<usize>row << 3), squaredNorm<T>(first, end));
  }
}

export function squaredNormsCsr_f32(count: i32, values: usize, offsets: usize, norms: usize): void {
  squaredNormsCsr<f32>(count, values, offsets, norms);
}

export function squaredNormsCsr_f64(count: i32, values: usize, offsets: usize, norms: usize): void {
  squaredNormsCsr<f64>(count, values, offsets, norms);
}
