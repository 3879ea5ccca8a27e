// assembly/vector/reduction.ts, with the same order of operations: a block of 4,096 elements into eight vectors of
// partial results and one for the tail, blocks pairwise. On the strict binary the results agree bit for bit.

import type { Element, FloatArray, LinearMemory } from "./element.js";

const BLOCK = 4096;

/** How one element enters a partial result. */
type Accumulate = (partial: number, x: number, y: number) => number;

/** How two partial results become one. */
type Merge = (a: number, b: number) => number;

function reduceBlock(T: Element, accumulate: Accumulate, merge: Merge, x: FloatArray, y: FloatArray): number {
  const { round } = T;
  const lanes = 16 / T.bytes;
  const octets = x.length - (x.length % (8 * lanes));
  const vectors = x.length - (x.length % lanes);
  const partials = new Float64Array(9 * lanes);
  for (let i = 0; i < x.length; i++) {
    const slot = i < octets ? i % (8 * lanes) : i < vectors ? i % lanes : 8 * lanes;
    partials[slot] = round(accumulate(partials[slot]!, x[i]!, y[i]!));
  }
  const lane = (k: number): number => {
    const p = (vector: number) => partials[vector * lanes + k]!;
    const low = round(merge(round(merge(p(0), p(1))), round(merge(p(2), p(3)))));
    const high = round(merge(round(merge(p(4), p(5))), round(merge(p(6), p(7)))));
    return round(merge(round(merge(low, high)), p(8)));
  };
  return lanes === 2 ? merge(lane(0), lane(1)) : merge(merge(lane(0), lane(1)), merge(lane(2), lane(3)));
}

function reduce(T: Element, accumulate: Accumulate, merge: Merge, x: FloatArray, y: FloatArray): number {
  const n = x.length;
  if (n <= BLOCK) return reduceBlock(T, accumulate, merge, x, y);
  const left = BLOCK * 2 ** Math.floor(Math.log2(Math.floor((n - 1) / BLOCK)));
  return merge(
    reduce(T, accumulate, merge, x.subarray(0, left), y.subarray(0, left)),
    reduce(T, accumulate, merge, x.subarray(left), y.subarray(left)),
  );
}

const add: Merge = (a, b) => a + b;

const unary =
  (accumulate: (T: Element) => Accumulate, merge: Merge = add) =>
  (memory: LinearMemory, T: Element) =>
  (n: number, x: number): number => {
    const X = T.view(memory, x, n);
    return reduce(T, accumulate(T), merge, X, X);
  };

/** x.y */
export const dot =
  (memory: LinearMemory, T: Element) =>
  (n: number, x: number, y: number): number =>
    reduce(T, (p, a, b) => T.round(a * b) + p, add, T.view(memory, x, n), T.view(memory, y, n));

/** x.x */
export const squaredNorm = unary((T) => (p, x) => T.round(x * x) + p);

/** The sum of the elements. */
export const sum = unary(() => (p, x) => p + x);

/** The sum of their magnitudes. */
export const absoluteSum = unary(() => (p, x) => p + Math.abs(x));

/** The greatest magnitude; 0 of nothing, NaN if an element is NaN. */
export const absoluteMaximum = unary(() => (p, x) => Math.max(p, Math.abs(x)), Math.max);

/** How many elements are NaN or infinite. */
export const nonFiniteCount = unary(() => (p, x) => p + (Number.isFinite(x) ? 0 : 1));
