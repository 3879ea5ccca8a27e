// Rows in scratch, and the power of two that brings a matrix into a range where squares neither overflow nor vanish.

import { PAIR, VECTOR, absolute, bytes, greaterMagnitude, load as loadLanes, maximumLane, zero } from "../simd/lanes";

/** Bytes from row to row of a matrix in scratch: pairs of vectors, in an odd number, so that rows don't share cache sets. */
// @ts-ignore: decorator
@inline
export function rowBytes<T>(n: i32): usize {
  return ((bytes<T>(n) + (PAIR - 1)) & ~(PAIR - 1)) | PAIR;
}

/** The greatest magnitude in rows of which the first has `width` elements and each `growth` more, NaN if there is one. */
export function greatestMagnitude<T>(rows: i32, width: i32, growth: i32, a: usize, stride: usize): f64 {
  let greatest = zero();
  for (let i = 0; i < rows; ++i, a += stride, width += growth) {
    const end = a + bytes<T>(width);
    const whole = a + (bytes<T>(width) & ~(VECTOR - 1));
    let p = a;
    for (; p < whole; p += VECTOR) greatest = greaterMagnitude<T>(greatest, absolute<T>(v128.load(p)));
    for (; p < end; p += sizeof<T>()) greatest = greaterMagnitude<T>(greatest, absolute<T>(loadLanes<T, T>(p)));
  }
  return maximumLane<T>(greatest);
}

/** A power of two that brings the greatest element near 1: into [1, 2) unless the power or its reciprocal overflows in T. */
export function powerFor<T>(greatest: f64): f64 {
  if (greatest == 0) return 1;
  const exponent = <i32>((reinterpret<u64>(greatest) >> 52) & 0x7ff) - 1023;
  const most = sizeof<T>() == sizeof<f32>() ? 120 : 1000;
  return reinterpret<f64>(<u64>(1023 - max(-most, min(most, exponent))) << 52);
}
