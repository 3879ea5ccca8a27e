// Element by element: axpy, axpby, scale, copy, fill, hadamardProduct, flush.
// Arrays of one call may be the same array; otherwise they must not overlap.

import { OCTET, QUAD, VECTOR, absolute, bytes, checkArray, load, multiplyAdd, splat, store } from "../simd/lanes";

/**
 * Inlined code as a type parameter: a class without fields or instances. It loads what it needs itself: a load that goes
 * unused is not dropped, since it might trap. L as in simd/lanes.ts.
 */
interface Map {
  apply(alpha: v128, x: usize, beta: v128, y: usize): v128;
}

/** alpha x + y */
class Axpy<T, L> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: usize, beta: v128, y: usize): v128 {
    return multiplyAdd<T>(alpha, load<T, L>(x), load<T, L>(y));
  }
}

/** alpha x + beta y */
class Axpby<T, L> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: usize, beta: v128, y: usize): v128 {
    return multiplyAdd<T>(alpha, load<T, L>(x), v128.mul<T>(beta, load<T, L>(y)));
  }
}

/** alpha x */
class Scale<T, L> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: usize, beta: v128, y: usize): v128 {
    return v128.mul<T>(alpha, load<T, L>(x));
  }
}

/** x y */
class HadamardProduct<T, L> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: usize, beta: v128, y: usize): v128 {
    return v128.mul<T>(load<T, L>(x), load<T, L>(y));
  }
}

/** 0 where |x| < alpha, else x (NaN stays) */
class Flush<T, L> implements Map {
  // @ts-ignore: decorator
  @inline apply(alpha: v128, x: usize, beta: v128, y: usize): v128 {
    const value = load<T, L>(x);
    return v128.andnot(value, v128.lt<T>(absolute<T>(value), alpha));
  }
}

// @ts-ignore: decorator
@inline
function mapLanes<T, L, M extends Map>(alpha: v128, x: usize, beta: v128, y: usize, z: usize): void {
  store<T, L>(z, changetype<M>(0).apply(alpha, x, beta, y));
}

/**
 * z[i] <- M(alpha, x[i], beta, y[i]). M and N are the same map, for vectors and for single elements. The loops count in z
 * alone: where x or y is z, the distance is 0 at compile time, and no second pointer is left.
 */
// @ts-ignore: decorator
@inline
function map<T, M extends Map, N extends Map>(n: i32, alpha: T, x: usize, beta: T, y: usize, z: usize): void {
  checkArray<T>(n, x);
  checkArray<T>(n, y);
  checkArray<T>(n, z);
  const a = splat<T>(alpha);
  const b = splat<T>(beta);
  const toX = x - z, toY = y - z;
  const end = z + bytes<T>(n);
  const octets = z + (bytes<T>(n) & ~(OCTET - 1));
  const vectors = z + (bytes<T>(n) & ~(VECTOR - 1));
  if (z < octets) do {
    const p = z + toX, q = z + toY;
    mapLanes<T, v128, M>(a, p, b, q, z);
    mapLanes<T, v128, M>(a, p + VECTOR, b, q + VECTOR, z + VECTOR);
    mapLanes<T, v128, M>(a, p + 2 * VECTOR, b, q + 2 * VECTOR, z + 2 * VECTOR);
    mapLanes<T, v128, M>(a, p + 3 * VECTOR, b, q + 3 * VECTOR, z + 3 * VECTOR);
    mapLanes<T, v128, M>(a, p + 4 * VECTOR, b, q + 4 * VECTOR, z + 4 * VECTOR);
    mapLanes<T, v128, M>(a, p + 5 * VECTOR, b, q + 5 * VECTOR, z + 5 * VECTOR);
    mapLanes<T, v128, M>(a, p + 6 * VECTOR, b, q + 6 * VECTOR, z + 6 * VECTOR);
    mapLanes<T, v128, M>(a, p + 7 * VECTOR, b, q + 7 * VECTOR, z + 7 * VECTOR);
    z += OCTET;
  } while (z < octets);
  for (; z < vectors; z += VECTOR) mapLanes<T, v128, M>(a, z + toX, b, z + toY, z);
  for (; z < end; z += sizeof<T>()) mapLanes<T, T, N>(a, z + toX, b, z + toY, z);
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
  map<f32, Axpy<f32, v128>, Axpy<f32, f32>>(n, alpha, x, 1, y, y);
}
export function axpy_f64(n: i32, alpha: f64, x: usize, y: usize): void {
  map<f64, Axpy<f64, v128>, Axpy<f64, f64>>(n, alpha, x, 1, y, y);
}
export function axpby_f32(n: i32, alpha: f32, x: usize, beta: f32, y: usize): void {
  map<f32, Axpby<f32, v128>, Axpby<f32, f32>>(n, alpha, x, beta, y, y);
}
export function axpby_f64(n: i32, alpha: f64, x: usize, beta: f64, y: usize): void {
  map<f64, Axpby<f64, v128>, Axpby<f64, f64>>(n, alpha, x, beta, y, y);
}
export function scale_f32(n: i32, alpha: f32, x: usize): void {
  map<f32, Scale<f32, v128>, Scale<f32, f32>>(n, alpha, x, 1, x, x);
}
export function scale_f64(n: i32, alpha: f64, x: usize): void {
  map<f64, Scale<f64, v128>, Scale<f64, f64>>(n, alpha, x, 1, x, x);
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
  map<f32, HadamardProduct<f32, v128>, HadamardProduct<f32, f32>>(n, 1, x, 1, y, z);
}
export function hadamardProduct_f64(n: i32, x: usize, y: usize, z: usize): void {
  map<f64, HadamardProduct<f64, v128>, HadamardProduct<f64, f64>>(n, 1, x, 1, y, z);
}
export function flush_f32(n: i32, threshold: f32, x: usize): void {
  map<f32, Flush<f32, v128>, Flush<f32, f32>>(n, threshold, x, 1, x, x);
}
export function flush_f64(n: i32, threshold: f64, x: usize): void {
  map<f64, Flush<f64, v128>, Flush<f64, f64>>(n, threshold, x, 1, x, x);
}
