// Small steps of the iterations on square matrices.

import { VECTOR, absolute, bytes, greaterMagnitude, load as loadLanes, maximumLane, splat, store as storeLanes, zero } from "../simd/lanes";

/** Y <- a I + b X. May be in place. */
export function scaledSum<T>(n: i32, a: f64, b: f64, x: usize, y: usize, ld: i32): void {
  const factor = splat<T>(<T>b);
  for (let i = 0; i < n; i++) {
    let p = x + <usize>i * bytes<T>(ld), to = y + <usize>i * bytes<T>(ld);
    const end = p + bytes<T>(n), vectors = p + (bytes<T>(n) & ~(VECTOR - 1)), diagonal = to + bytes<T>(i);
    for (; p < vectors; p += VECTOR, to += VECTOR) v128.store(to, v128.mul<T>(factor, v128.load(p)));
    for (; p < end; p += sizeof<T>(), to += sizeof<T>()) storeLanes<T, T>(to, v128.mul<T>(factor, loadLanes<T, T>(p)));
    store<T>(diagonal, <T>(<f64>load<T>(diagonal) + a));
  }
}

/** max |X - I|; NaN if an element is NaN. */
export function distanceFromIdentity<T>(n: i32, x: usize, ld: i32): f64 {
  let greatest = zero();
  let onDiagonal: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = x + <usize>i * bytes<T>(ld), diagonal = row + bytes<T>(i);
    greatest = greaterMagnitude<T>(greatest, greatestIn<T>(row, diagonal));
    greatest = greaterMagnitude<T>(greatest, greatestIn<T>(diagonal + sizeof<T>(), row + bytes<T>(n)));
    onDiagonal = max(onDiagonal, abs(<f64>load<T>(diagonal) - 1));
  }
  return max(onDiagonal, maximumLane<T>(greatest));
}

// @ts-ignore: decorator
@inline
function greatestIn<T>(p: usize, end: usize): v128 {
  let greatest = zero();
  for (const vectors = p + ((end - p) & ~(VECTOR - 1)); p < vectors; p += VECTOR) {
    greatest = greaterMagnitude<T>(greatest, absolute<T>(v128.load(p)));
  }
  for (; p < end; p += sizeof<T>()) greatest = greaterMagnitude<T>(greatest, absolute<T>(loadLanes<T, T>(p)));
  return greatest;
}
