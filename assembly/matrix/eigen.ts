// The symmetric eigenvalue problem: Householder tridiagonalisation (./tridiagonal.ts), divide and conquer
// (./tridiagonal-divide.ts), and the reflectors applied to the eigenvectors of the tridiagonal matrix (./reflector.ts).
//
// Scalars are f64 whatever T is; matrices are scaled by a power of two, so that no square overflows or vanishes, and
// eigenvalues of 2 A are twice those of A to the bit.

import { VECTOR, bytes, splat, sumLanes, zero } from "../simd/lanes";
import { checkMatrix, gemmScratch } from "./multiply";
import { BLOCK, applyReflectors, blockReflector } from "./reflector";
import { tridiagonalize } from "./tridiagonal";
import { mergeBytes } from "./tridiagonal-merge";
import { greatestMagnitude, powerFor, rowBytes } from "./scale";
import { solve } from "./tridiagonal-divide";

const FOUND: i32 = 0, NOT_FINITE: i32 = 1, NOT_CONVERGED: i32 = 2;

// @ts-ignore: decorator
@inline
function listBytes(n: i32): usize {
  return <usize>((n + 1) & ~1) << 3;
}

/**
 * Bytes: four matrices; four rows of f64; four lists; what merges work in; rows of a block and the block's products; a
 * product of matrices.
 */
// @ts-ignore: decorator
@inline
function scratchBytes<T>(n: i32): i32 {
  if (n == 0) return 0;
  const most = max(n, BLOCK);
  const matrices = <usize>(4 * n) * rowBytes<T>(n) + 4 * rowBytes<f64>(n) + <usize>(n + BLOCK) * bytes<T>(BLOCK);
  const lists = listBytes(n) * 4 + mergeBytes(n);
  return <i32>(matrices + lists) + gemmScratch<T>(n, most, most);
}

/** The lower triangle times `scale` in f64, and with it the squares on the diagonal that ./tridiagonal.ts wants. */
function copyTriangle<T>(n: i32, a: usize, strideA: usize, scale: f64, to: usize, stride: usize): void {
  const factor = splat<f64>(scale);
  for (let i = 0; i < n; ++i) {
    const row = a + <usize>i * strideA, copy = to + <usize>i * stride;
    const square = i & ~1;
    for (let j = 0; j < square; j += 2) {
      const p = row + bytes<T>(j);
      const pair = sizeof<T>() == sizeof<f64>() ? v128.load(p) : f64x2.promote_low_f32x4(v128.load64_zero(p));
      v128.store(copy + bytes<f64>(j), f64x2.mul(factor, pair));
    }
    for (let j = square; j <= i; ++j) {
      const x = scale * <f64>load<T>(row + bytes<T>(j));
      store<f64>(copy + bytes<f64>(j), x);
      store<f64>(to + <usize>j * stride + bytes<f64>(i), x);
    }
    if (i == square) store<f64>(copy + bytes<f64>(i + 1), 0);
  }
}

/**
 * Reflectors rounded to f32, with the factors tau of the rounded ones, 2 / v.v: each stays orthogonal, and Q is off by no
 * more than its roundings.
 */
function roundReflectors(n: i32, from: usize, fromStride: usize, to: usize, stride: usize, factors: usize): void {
  for (let k = 0; k < n; ++k, from += fromStride, to += stride) {
    let squares = zero();
    for (let j: usize = 0; j < stride; j += 8) {
      // Rows of f32 may be filled up further than those of f64.
      const pair = j << 1 < fromStride ? v128.load(from + (j << 1)) : zero();
      const rounded = f32x4.demote_f64x2_zero(pair);
      v128.store64_lane(to + j, rounded, 0);
      const exact = f64x2.promote_low_f32x4(rounded);
      squares = f64x2.add(squares, f64x2.mul(exact, exact));
    }
    const at = <usize>k << 3;
    if (load<f64>(factors + at) != 0) store<f64>(factors + at, 2 / sumLanes<f64>(squares));
  }
}

// @ts-ignore: decorator
@inline
function setUnit<T>(n: i32, rows: usize, stride: usize): void {
  for (let p = rows, end = rows + <usize>n * stride; p < end; p += VECTOR) v128.store(p, zero());
  for (let i = 0; i < n; ++i) store<T>(rows + <usize>i * stride + bytes<T>(i), <T>1);
}

/** Z <- Z H_2 H_3 ... H_(n-1), the reflectors in rows of `reflectors`. */
function transformBack<T>(
  n: i32, reflectors: usize, stride: usize, factors: usize, z: usize, ldz: i32, x: usize, work: usize, products: usize,
  scratch: usize,
): void {
  const ld = <i32>(stride / sizeof<T>());
  for (let first = 0; first < n; first += BLOCK) {
    const count = min(BLOCK, n - first);
    const v = reflectors + <usize>first * stride;
    const columns = first + count;
    blockReflector<T>(count, columns, v, stride, factors + (<usize>first << 3), x, products, scratch);
    applyReflectors<T>(count, n, columns, v, x, ld, z, ldz, work, scratch);
  }
}

/** The rows of z in the order given, and the values, back in their scale. */
// @ts-ignore: decorator
@inline
function sortOut<T>(
  n: i32, diagonal: usize, order: usize, z: usize, stride: usize, scale: f64, values: usize, vectors: usize, strideVectors: usize,
): void {
  const width = bytes<T>(n), whole = width & ~(VECTOR - 1);
  for (let k = 0; k < n; ++k, vectors += strideVectors) {
    const row = <usize>load<i32>(order + (<usize>k << 2));
    store<T>(values + bytes<T>(k), <T>(scale * load<f64>(diagonal + (row << 3))));
    const from = z + row * stride;
    for (let j: usize = 0; j < whole; j += VECTOR) v128.store(vectors + j, v128.load(from + j));
    for (let j = whole; j < width; j += sizeof<T>()) store<T>(vectors + j, load<T>(from + j));
  }
}

/**
 * A = V^T diag(values) V: the eigenvalues in ascending order, the eigenvectors as the rows of V.
 *
 * @param a       T[n][lda], of which the lower triangle is read; kept
 * @param values  T[n]
 * @param vectors T[n][ldv]
 * @param scratch symmetricEigenScratch(n) bytes on a multiple of 16
 * @returns 0; 1 if an element is not finite, 2 if an iteration did not end. Values and vectors are left alone by 1.
 */
// @ts-ignore: decorator
@inline
function symmetricEigen<T>(n: i32, a: usize, lda: i32, values: usize, vectors: usize, ldv: i32, scratch: usize): i32 {
  checkMatrix<T>(n, n, a, lda);
  checkMatrix<T>(n, n, vectors, ldv);
  if (n == 0) return FOUND;
  const greatest = greatestMagnitude<T>(n, 1, 1, a, bytes<T>(lda));
  if (!isFinite(greatest)) return NOT_FINITE;
  const power = powerFor<T>(greatest);
  const stride = rowBytes<T>(n), matrix = <usize>n * stride, list = listBytes(n);
  const reflectors = scratch;
  const z = reflectors + matrix, gathered = z + matrix, turned = gathered + matrix;
  const rows = turned + matrix;
  const wide = rowBytes<f64>(n);
  const diagonal = rows + 4 * wide, beside = diagonal + list, factors = beside + list, order = factors + list;
  const work = order + list;
  const products = work + mergeBytes(n), tall = products + <usize>BLOCK * bytes<T>(BLOCK);
  const rest = tall + <usize>n * bytes<T>(BLOCK);

  // A matrix of f64 has room in three of f32, whatever their rows are filled up to.
  const reduced = sizeof<T>() == sizeof<f64>() ? reflectors : z;
  copyTriangle<T>(n, a, bytes<T>(lda), power, reduced, wide);
  tridiagonalize(n, reduced, wide, diagonal, beside, factors, rows);
  if (sizeof<T>() == sizeof<f32>()) roundReflectors(n, reduced, wide, reflectors, stride, factors);
  setUnit<T>(n, z, stride);
  let norm: f64 = 0;
  for (let i = 0; i < n; ++i) {
    const at = <usize>i << 3;
    norm = max(norm, max(Math.abs(load<f64>(diagonal + at)), Math.abs(load<f64>(beside + at))));
  }
  if (!solve<T>(0, n, diagonal, beside, order, z, stride, norm, gathered, turned, work, rest)) return NOT_CONVERGED;
  sortOut<T>(n, diagonal, order, z, stride, 1 / power, values, vectors, bytes<T>(ldv));
  transformBack<T>(n, reflectors, stride, factors, vectors, ldv, gathered, tall, products, rest);
  return FOUND;
}

export function symmetricEigenScratch_f32(n: i32): i32 {
  return scratchBytes<f32>(n);
}
export function symmetricEigenScratch_f64(n: i32): i32 {
  return scratchBytes<f64>(n);
}
export function symmetricEigen_f32(n: i32, a: usize, lda: i32, values: usize, vectors: usize, ldv: i32, scratch: usize): i32 {
  return symmetricEigen<f32>(n, a, lda, values, vectors, ldv, scratch);
}
export function symmetricEigen_f64(n: i32, a: usize, lda: i32, values: usize, vectors: usize, ldv: i32, scratch: usize): i32 {
  return symmetricEigen<f64>(n, a, lda, values, vectors, ldv, scratch);
}
