// The merge of divide and conquer (Cuppen 1981; Gu, Eisenstat 1995; LAPACK Working Note 69): the eigenvalues and
// eigenvectors of
//
//     [ T1    ]
//     [    T2 ]  +  e u u^T,   u = (0, ..., 0, 1, +-1, 0, ..., 0)
//
// from those of T1 and T2. In their basis it is D + rho z z^T, whose eigenvectors ./tridiagonal-secular.ts finds; a product of
// matrices turns them into those of the whole. Where z_j is negligible, or two of D are so close that a rotation makes one
// of their z_j negligible, eigenvalue and eigenvector stay as they are: they are deflated and cost nothing.
//
// Eigenvectors are rows. Those of T1 have no entries to the right, those of T2 none to the left, and the product is made
// of the halves that have some:
//
//     order of the rows that take part:   T1's | those that a rotation has mixed | T2's
//     columns of T1                       ------------------------------------
//     columns of T2                              -----------------------------------------

import { VECTOR, bytes } from "../simd/lanes";
import { gemm } from "./multiply";
import { rotateRows, roundoff } from "./tridiagonal-ql";
import { eigenvector, findRoots, refineWeights } from "./tridiagonal-secular";

// A row's side: where it has entries.
const LEFT: i32 = 0, BOTH: i32 = 1, RIGHT: i32 = 2;

// The arrays that a merge works in, of `slot` bytes each: f64[n + 4], or two of i32[n].
const POLES: usize = 0, WEIGHTS: usize = 1, ORIGINS: usize = 2, DISTANCES: usize = 3, GROUPED_POLES: usize = 4;
const GROUPED_WEIGHTS: usize = 5, VALUES: usize = 6, COUPLING: usize = 7, LISTS: usize = 8, MORE_LISTS: usize = 9;
const SLOTS: usize = 10;

// @ts-ignore: decorator
@inline
function slotBytes(n: i32): usize {
  return <usize>((n + 5) & ~1) << 3;
}

/** Bytes that the merges of a matrix of this size work in, besides matrices. */
// @ts-ignore: decorator
@inline
export function mergeBytes(n: i32): usize {
  return SLOTS * slotBytes(n);
}

/**
 * What is as good as a rounding, relative to the greatest eigenvalue. LAPACK takes 8 of them; in f32 that is half of the
 * ridge of Shampoo, 1e-6, and with scalars in f64 there is no need.
 */
// @ts-ignore: decorator
@inline
function negligible<T>(): f64 {
  return sizeof<T>() == sizeof<f32>() ? 0.5 * roundoff<T>() : 4 * roundoff<T>();
}

/**
 * Which step towards a root is the last, as part of the distance to the nearer pole. The iteration is quadratic: where
 * eigenvectors are rounded to f32, 2^-12 leaves 2^-24 or so, and to find that out would take another evaluation.
 */
// @ts-ignore: decorator
@inline
function lastStep<T>(): f64 {
  return sizeof<T>() == sizeof<f32>() ? 2.44140625e-4 : 0;
}

// @ts-ignore: decorator
@inline
function real(array: usize, i: i32): f64 {
  return load<f64>(array + (<usize>i << 3));
}
// @ts-ignore: decorator
@inline
function setReal(array: usize, i: i32, x: f64): void {
  store<f64>(array + (<usize>i << 3), x);
}
// @ts-ignore: decorator
@inline
function index(array: usize, i: i32): i32 {
  return load<i32>(array + (<usize>i << 2));
}
// @ts-ignore: decorator
@inline
function setIndex(array: usize, i: i32, x: i32): void {
  store<i32>(array + (<usize>i << 2), x);
}

/** Puts a row into a list of rows by ascending value; returns the length of the list. */
function insert(row: i32, list: usize, length: i32, values: usize): i32 {
  const value = real(values, row);
  let place = length;
  for (; place > 0 && real(values, index(list, place - 1)) > value; --place) setIndex(list, place, index(list, place - 1));
  setIndex(list, place, row);
  return length + 1;
}

/** Sorts the rows of n values. */
export function sortRows(n: i32, order: usize, values: usize): void {
  for (let row = 0; row < n; ++row) insert(row, order, row, values);
}

/**
 * Merges two lists of rows by ascending value; to those of the second so much is added. `merged` is none of them.
 */
function mergeLists(countA: i32, a: usize, countB: i32, b: usize, add: i32, values: usize, merged: usize): void {
  let i = 0, j = 0;
  while (i < countA || j < countB) {
    const first = j == countB || (i < countA && real(values, index(a, i)) <= real(values, index(b, j) + add));
    setIndex(merged, i + j, first ? index(a, i) : index(b, j) + add);
    if (first) ++i;
    else ++j;
  }
}

/** z: the last column of the eigenvectors of T1, the first of those of T2. */
// @ts-ignore: decorator
@inline
function couple<T>(n: i32, m: i32, sign: f64, rows: usize, stride: usize, z: usize): void {
  let p = rows + bytes<T>(m - 1);
  for (let row = 0; row < n; ++row, p += stride) {
    if (row == m) p += sizeof<T>();
    setReal(z, row, (row < m ? 1 : sign) * Math.SQRT1_2 * <f64>load<T>(p));
  }
}

/**
 * Divides the rows, in the order given, into those kept and those deflated; the number of the kept. Both lists are by
 * ascending value.
 */
// @ts-ignore: decorator
@inline
function deflate<T>(
  n: i32, m: i32, rho: f64, values: usize, z: usize, rows: usize, stride: usize,
  order: usize, sides: usize, kept: usize, deflated: usize,
): i32 {
  let greatest = rho;
  for (let row = 0; row < n; ++row) {
    greatest = max(greatest, Math.abs(real(values, row)));
    setIndex(sides, row, row < m ? LEFT : RIGHT);
  }
  const least = negligible<T>() * greatest;
  let keptCount = 0, deflatedCount = 0, pending = -1;
  for (let rank = 0; rank < n; ++rank) {
    const row = index(order, rank);
    const own = real(z, row);
    if (rho * Math.abs(own) <= least) {
      deflatedCount = insert(row, deflated, deflatedCount, values);
      continue;
    }
    if (pending >= 0) {
      const other = real(z, pending);
      const square = own * own + other * other;
      const low = real(values, pending), high = real(values, row);
      if (Math.abs((high - low) * own * other) <= least * square) {
        const length = Math.sqrt(square);
        const c = own / length, s = other / length;
        rotateRows<T>(rows + <usize>pending * stride, rows + <usize>row * stride, bytes<T>(n), c, s);
        setReal(values, pending, low * c * c + high * s * s);
        setReal(values, row, low * s * s + high * c * c);
        setReal(z, row, length);
        if (index(sides, pending) != index(sides, row)) setIndex(sides, row, BOTH);
        deflatedCount = insert(pending, deflated, deflatedCount, values);
      } else {
        setIndex(kept, keptCount++, pending);
      }
    }
    pending = row;
  }
  if (pending >= 0) setIndex(kept, keptCount++, pending);
  return keptCount;
}

/** Copies the part of a row where it has entries. */
// @ts-ignore: decorator
@inline
function copyRow<T>(n: i32, m: i32, side: i32, from: usize, to: usize): void {
  const skip = side == RIGHT ? bytes<T>(m) : 0;
  const end = side == LEFT ? bytes<T>(m) : bytes<T>(n);
  for (let j = skip; j < end; j += VECTOR) v128.store(to + j, v128.load(from + j));
}

/** The first place behind `place` among the rows laid out: those of a side, in the order of `kept`. */
// @ts-ignore: decorator
@inline
function gather<T>(
  side: i32, place: i32, n: i32, m: i32, count: i32, rows: usize, stride: usize, gathered: usize, work: usize, slot: usize,
): i32 {
  const kept = work + LISTS * slot, sides = work + MORE_LISTS * slot;
  for (let i = 0; i < count; ++i) {
    const row = index(kept, i);
    if (index(sides, row) != side) continue;
    setReal(work + GROUPED_POLES * slot, place, real(work + POLES * slot, i));
    setReal(work + GROUPED_WEIGHTS * slot, place, real(work + WEIGHTS * slot, i));
    copyRow<T>(n, m, side, rows + <usize>row * stride, gathered + <usize>place * stride);
    ++place;
  }
  return place;
}

/** The poles and weights of the rows kept, and behind them what ./tridiagonal-secular.ts wants there. */
// @ts-ignore: decorator
@inline
function setPoles(count: i32, rho: f64, values: usize, z: usize, kept: usize, poles: usize, weights: usize): void {
  for (let i = 0; i < count; ++i) {
    setReal(poles, i, real(values, index(kept, i)));
    setReal(weights, i, real(z, index(kept, i)));
  }
  closePoles(count, real(poles, count - 1), rho, poles, weights);
}

// @ts-ignore: decorator
@inline
function closePoles(count: i32, last: f64, rho: f64, poles: usize, weights: usize): void {
  for (let i = 0; i < 2; ++i) {
    setReal(poles, count + i, last + <f64>(4 + i) * rho);
    setReal(weights, count + i, 0);
  }
}

/**
 * Merges the eigenvectors of rows and columns 0 .. m - 1 and m .. n - 1. True if the secular equation could be solved.
 *
 * @param coupling     e, the element that couples the blocks: |e| has been taken from the diagonal elements beside it
 * @param values       f64[n], the eigenvalues of the rows
 * @param order        i32[n], the rows of the first block by ascending value, then those of the second, from 0
 * @param rows         T[n][stride], the eigenvectors, entries 0 .. n - 1; on a multiple of 16
 * @param stride       bytes from row to row, of `rows`, `gathered` and `turned`: a multiple of 16
 * @param gathered     n rows
 * @param turned       n rows
 * @param work         mergeBytes(n)
 * @param gemmScratch  for n x n x n
 */
export function merge<T>(
  n: i32, m: i32, coupling: f64, values: usize, order: usize, rows: usize, stride: usize,
  gathered: usize, turned: usize, work: usize, gemmScratch: usize,
): bool {
  const slot = slotBytes(n);
  const poles = work + POLES * slot, weights = work + WEIGHTS * slot;
  const origins = work + ORIGINS * slot, distances = work + DISTANCES * slot;
  const groupedPoles = work + GROUPED_POLES * slot, groupedWeights = work + GROUPED_WEIGHTS * slot;
  const z = work + COUPLING * slot, found = work + VALUES * slot;
  const kept = work + LISTS * slot, deflated = kept + (slot >> 1);
  const sides = work + MORE_LISTS * slot, sorted = sides + (slot >> 1);
  const rho = 2 * Math.abs(coupling);
  couple<T>(n, m, coupling < 0 ? -1 : 1, rows, stride, z);
  mergeLists(m, order, n - m, order + (<usize>m << 2), m, values, sorted);
  const count = deflate<T>(n, m, rho, values, z, rows, stride, sorted, sides, kept, deflated);
  if (count == 0) {
    memory.copy(order, deflated, <usize>n << 2);
    return true;
  }

  setPoles(count, rho, values, z, kept, poles, weights);
  if (!findRoots(count, poles, weights, rho, lastStep<T>(), origins, distances, found)) return false;
  refineWeights(count, poles, weights, origins, distances);

  const left = gather<T>(LEFT, 0, n, m, count, rows, stride, gathered, work, slot);
  const middle = gather<T>(BOTH, left, n, m, count, rows, stride, gathered, work, slot);
  gather<T>(RIGHT, middle, n, m, count, rows, stride, gathered, work, slot);
  closePoles(count, real(poles, count - 1), rho, groupedPoles, groupedWeights);
  for (let i = 0; i < count; ++i) {
    eigenvector<T>(count, groupedPoles, groupedWeights, real(origins, i), real(distances, i), turned + <usize>i * stride, found);
  }
  for (let i = 0; i < n - count; ++i) {
    copyRow<T>(n, m, BOTH, rows + <usize>index(deflated, i) * stride, gathered + <usize>(count + i) * stride);
  }
  const ld = <i32>(stride / sizeof<T>());
  gemm<T>(false, false, count, m, middle, <T>1, turned, ld, gathered, ld, <T>0, rows, ld, gemmScratch);
  gemm<T>(
    false, false, count, n - m, count - left, <T>1, turned + bytes<T>(left), ld,
    gathered + <usize>left * stride + bytes<T>(m), ld, <T>0, rows + bytes<T>(m), ld, gemmScratch,
  );
  for (let i = count; i < n; ++i) {
    copyRow<T>(n, m, BOTH, gathered + <usize>i * stride, rows + <usize>i * stride);
  }

  for (let i = 0; i < count; ++i) {
    setReal(found, i, real(origins, i) + real(distances, i));
    setIndex(kept, i, i);
  }
  for (let i = count; i < n; ++i) {
    setReal(found, i, real(values, index(deflated, i - count)));
    setIndex(sides, i - count, i);
  }
  memory.copy(values, found, <usize>n << 3);
  mergeLists(count, kept, n - count, sides, 0, values, order);
  return true;
}
