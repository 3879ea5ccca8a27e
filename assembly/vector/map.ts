// Element by element: axpy, axpby, scale, copy, fill, hadamardProduct, flush.
// Arrays of one call may be the same array; otherwise they must not overlap.

import { QUAD, VECTOR, absolute, bytes, checkArray, load, multiplyAdd, splat, store } from "../simd/lanes";

/** Inlined code as a type parameter: a class without fields or instances. */
interface Map {
  apply(alpha: v128, x: v128, beta: v128, y: v128): v128;
}

/** alpha x + y */
class Axpy<T> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: v128, beta: v128, y: v128): v128 {
    return multiplyAdd<T>(alpha, x, y);
  }
}

/** alpha x + beta y */
class Axpby<T> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: v128, beta: v128, y: v128): v128 {
    return multiplyAdd<T>(alpha, x, v128.mul<T>(beta, y));
  }
}

/** alpha x */
class Scale<T> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: v128, beta: v128, y: v128): v128 {
    return v128.mul<T>(alpha, x);
  }
}

/** x y */
class HadamardProduct<T> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: v128, beta: v128, y: v128): v128 {
    return v128.mul<T>(x, y);
  }
}

/** 0 where |x| < alpha, else x (NaN stays) */
class Flush<T> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: v128, beta: v128, y: v128): v128 {
    return v128.andnot(x, v128.lt<T>(absolute<T>(x), alpha));
  }
}

// @ts-ignore: decorator
@inline
function mapLanes<T, L, M extends Map>(alpha: v128, x: usize, beta: v128, y: usize, z: usize): void {
  store<T, L>(z, changetype<M>(0).apply(alpha, load<T, L>(x), beta, load<T, L>(y)));
}

/** z[i] <- M(alpha, x[i], beta, y[i]) */
// @ts-ignore: decorator
@inline
function map<T, M extends Map>(n: i32, alpha: T, x: usize, beta: T, y: usize, z: usize): void {
  checkArray<T>(n, x);
  checkArray<T>(n, y);
  checkArray<T>(n, z);
  const a = splat<T>(alpha);
  const b = splat<T>(beta);
  const end = z + bytes<T>(n);
  const quads = z + (bytes<T>(n) & ~(QUAD - 1));
  if (z < quads) do {
    mapLanes<T, v128, M>(a, x, b, y, z);
    mapLanes<T, v128, M>(a, x + VECTOR, b, y + VECTOR, z + VECTOR);
    mapLanes<T, v128, M>(a, x + 2 * VECTOR, b, y + 2 * VECTOR, z + 2 * VECTOR);
    mapLanes<T, v128, M>(a, x + 3 * VECTOR, b, y + 3 * VECTOR, z + 3 * VECTOR);
    x += QUAD;
    y += QUAD;
    z += QUAD;
  } while (z < quads);
  for (; z < end; x += sizeof<T>(), y += sizeof<T>(), z += sizeof<T>()) mapLanes<T, T, M>(a, x, b, y, z);
}

/** x[i] <- alpha */
// @ts-ignore: decorator
@inline
function fill<T>(n: i32, alpha: T, x: usize): void {
  checkArray<T>(n, x);
  const a = splat<T>(alpha);
  const end = x + bytes<T>(n);
  const quads = x + (bytes<T>(n) & ~(QUAD - 1));
  if (x < quads) do {
    v128.store(x, a);
    v128.store(x + VECTOR, a);
    v128.store(x + 2 * VECTOR, a);
    v128.store(x + 3 * VECTOR, a);
    x += QUAD;
  } while (x < quads);
  for (; x < end; x += sizeof<T>()) store<T, T>(x, a);
}

export function axpy_f32(n: i32, alpha: f32, x: usize, y: usize): void {
  map<f32, Axpy<f32>>(n, alpha, x, 1, y, y);
}
export function axpy_f64(n: i32, alpha: f64, x: usize, y: usize): void {
  map<f64, Axpy<f64>>(n, alpha, x, 1, y, y);
}
export function axpby_f32(n: i32, alpha: f32, x: usize, beta: f32, y: usize): void {
  map<f32, Axpby<f32>>(n, alpha, x, beta, y, y);
}
export function axpby_f64(n: i32, alpha: f64, x: usize, beta: f64, y: usize): void {
  map<f64, Axpby<f64>>(n, alpha, x, beta, y, y);
}
export function scale_f32(n: i32, alpha: f32, x: usize): void {
  map<f32, Scale<f32>>(n, alpha, x, 1, x, x);
}
export function scale_f64(n: i32, alpha: f64, x: usize): void {
  map<f64, Scale<f64>>(n, alpha, x, 1, x, x);
}
export function copy_f32(n: i32, x: usize, y: usize): void {
  memory.copy(y, x, bytes<f32>(n));
}
export function copy_f64(n: i32, x: usize, y: usize): void {
  memory.copy(y, x, bytes<f64>(n));
}
export function fill_f32(n: i32, alpha: f32, x: usize): void {
  fill<f32>(n, alpha, x);
}
export function fill_f64(n: i32, alpha: f64, x: usize): void {
  fill<f64>(n, alpha, x);
}
export function hadamardProduct_f32(n: i32, x: usize, y: usize, z: usize): void {
  map<f32, HadamardProduct<f32>>(n, 1, x, 1, y, z);
}
export function hadamardProduct_f64(n: i32, x: usize, y: usize, z: usize): void {
  map<f64, HadamardProduct<f64>>(n, 1, x, 1, y, z);
}
export function flush_f32(n: i32, threshold: f32, x: usize): void {
  map<f32, Flush<f32>>(n, threshold, x, 1, x, x);
}
export function flush_f64(n: i32, threshold: f64, x: usize): void {
  map<f64, Flush<f64>>(n, threshold, x, 1, x, x);
}
