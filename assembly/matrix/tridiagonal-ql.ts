// Eigenvalues and eigenvectors of a small symmetric tridiagonal matrix by implicit QL (Bowdler, Martin, Reinsch, Wilkinson
// 1968; Parlett, The Symmetric Eigenvalue Problem, chapter 8).
//
// The recurrence of the rotations is scalar, in f64 whatever T is, and each rotation waits for the one before it: a square
// root and a division. Turning two rows of eigenvectors costs less than that wait and is done meanwhile, rotation by
// rotation.

import { VECTOR, multiplyAdd, splat, subtractProduct } from "../simd/lanes";
import { squaredNorm, wholeVectors } from "./reflector";

/** Sweeps for an eigenvalue; two are usual. Only numbers that aren't finite take more. */
const MOST_SWEEPS: i32 = 50;

/** Half the distance from 1 to the next number of T. */
// @ts-ignore: decorator
@inline
export function roundoff<T>(): f64 {
  return sizeof<T>() == sizeof<f32>() ? 5.9604644775390625e-8 : 1.1102230246251565e-16;
}

/** An element beside the diagonal counts as 0 if it is less than this part of its neighbours and an eighth of the norm. */
// @ts-ignore: decorator
@inline
function negligible<T>(): f64 {
  return roundoff<T>() / 8;
}

/** Where f^2 + g^2 is less, its root is inaccurate: f and g, beside elements about 1, count as 0. */
const LEAST_SQUARE: f64 = 1e-280;

/** (x, y) <- (c x - s y, s x + c y) for two rows of whole vectors, of `width` bytes. */
// @ts-ignore: decorator
@inline
export function rotateRows<T>(x: usize, y: usize, width: usize, c: f64, s: f64): void {
  const C = splat<T>(<T>c), S = splat<T>(<T>s);
  const end = x + width;
  do {
    const a = v128.load(x), b = v128.load(y);
    v128.store(x, subtractProduct<T>(S, b, v128.mul<T>(C, a)));
    v128.store(y, multiplyAdd<T>(S, a, v128.mul<T>(C, b)));
    x += VECTOR;
    y += VECTOR;
  } while (x < end);
}

/** One sweep over the rows `first` to `last`, from the last upwards, with Wilkinson's shift. */
function sweep<T>(first: i32, last: i32, diagonal: usize, beside: usize, vectors: usize, stride: usize, width: usize): void {
  const top = diagonal + (<usize>first << 3);
  const corner = load<f64>(top), e0 = load<f64>(beside + (<usize>first << 3));
  const half = (load<f64>(top, 8) - corner) / (2 * e0);
  const root = Math.sqrt(half * half + 1);
  let below = load<f64>(diagonal + (<usize>last << 3));
  let g = below - corner + e0 / (half < 0 ? half - root : half + root);
  let s: f64 = 1, c: f64 = 1, p: f64 = 0;
  let row = vectors + <usize>(last - 1) * stride;
  for (let at = <isize>(last - 1) << 3, end = <isize>first << 3; at >= end; at -= 8, row -= stride) {
    const e = load<f64>(beside + at), d = load<f64>(diagonal + at);
    const f = s * e, b = c * e;
    const squared = f * f + g * g;
    const r = Math.sqrt(squared);
    if (squared > LEAST_SQUARE) {
      // Not 1 / r, which would have to wait for the root.
      const reciprocal = r * (1 / squared);
      s = f * reciprocal;
      c = g * reciprocal;
      store<f64>(beside + at, r, 8);
    } else {
      s = 0;
      c = 1;
      store<f64>(beside + at, 0, 8);
    }
    const h = below - p;
    const q = (d - h) * s + 2 * c * b;
    p = s * q;
    g = c * q - b;
    store<f64>(diagonal + at, h + p, 8);
    below = d;
    rotateRows<T>(row, row + stride, width, c, s);
  }
  store<f64>(top, below - p);
  store<f64>(beside + (<usize>first << 3), g);
  store<f64>(beside + (<usize>last << 3), 0);
}

/** The first row from `first` on that is the last of its block: the element beside the diagonal there is negligible. */
// @ts-ignore: decorator
@inline
function endOfBlock<T>(first: i32, n: i32, diagonal: usize, beside: usize, norm: f64): i32 {
  let row = first;
  for (; row < n - 1; ++row) {
    const at = <usize>row << 3;
    const size = Math.abs(load<f64>(diagonal + at)) + Math.abs(load<f64>(diagonal + at, 8)) + 0.125 * norm;
    if (Math.abs(load<f64>(beside + at)) <= negligible<T>() * size) break;
  }
  return row;
}

/** Makes the rows of length 1 again: c and s, rounded to T, have left their errors in them. */
// @ts-ignore: decorator
@inline
function normalizeRows<T>(n: i32, rows: usize, stride: usize, width: usize): void {
  for (let k = 0; k < n; ++k, rows += stride) {
    const factor = splat<T>(<T>(1 / Math.sqrt(squaredNorm<T>(rows, rows + width))));
    for (let j: usize = 0; j < width; j += VECTOR) v128.store(rows + j, v128.mul<T>(v128.load(rows + j), factor));
  }
}

/**
 * Turns the rows of `vectors` into eigenvectors, if they are the unit vectors, of the matrix with the given diagonal, and
 * the diagonal into eigenvalues, in no order. True if all of them were found.
 *
 * @param diagonal f64[n]
 * @param beside   f64[n], the elements next to the diagonal, |e_i| of at most about 1; the last is not read
 * @param vectors  T[n][stride], on multiples of 16
 * @param stride   bytes from row to row
 * @param norm     the greatest |d_i| or |e_i|, or more
 */
export function diagonalize<T>(n: i32, diagonal: usize, beside: usize, vectors: usize, stride: usize, norm: f64): bool {
  const width = wholeVectors<T>(n);
  for (let first = 0; first < n; ++first) {
    for (let sweeps = 0; ; ++sweeps) {
      const last = endOfBlock<T>(first, n, diagonal, beside, norm);
      if (last == first) break;
      if (sweeps == MOST_SWEEPS) return false;
      sweep<T>(first, last, diagonal, beside, vectors, stride, width);
    }
  }
  normalizeRows<T>(n, vectors, stride, width);
  return true;
}
