// Small dense matrices in plain JavaScript, as rows: what the tests make their matrices with and measure results by.

import { type Random, seeded } from "../kernels/numbers.js";

export type Matrix = readonly (readonly number[])[];

export const matrix = (rows: number, columns: number, element: (i: number, j: number) => number): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => element(i, j)));

/** Whole numbers from -9 to 9, the same for the same sizes. */
export function wholeMatrix(rows: number, columns: number): number[][] {
  const random = seeded(rows * 100 + columns);
  return matrix(rows, columns, () => Math.floor(random() * 19) - 9);
}

export const transposed = (a: Matrix): number[][] => matrix(a[0]?.length ?? 0, a.length, (i, j) => a[j]![i]!);

export const identity = (n: number): number[][] => matrix(n, n, (i, j) => (i === j ? 1 : 0));

export function product(a: Matrix, b: Matrix): number[][] {
  return a.map((row) => {
    const sums = Array<number>(b[0]?.length ?? 0).fill(0);
    for (let k = 0; k < row.length; k++) {
      const [x, other] = [row[k]!, b[k]!];
      for (let j = 0; j < sums.length; j++) sums[j]! += x * other[j]!;
    }
    return sums;
  });
}

/** The greatest magnitude of an element; NaN if one is NaN. */
export const greatestElement = (a: Matrix): number => a.flat().reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The greatest difference between two elements; NaN if one is NaN. */
export const distance = (a: Matrix, b: Matrix): number =>
  greatestElement(a.map((row, i) => row.map((x, j) => x - b[i]![j]!)));

/** How far rows are from orthonormal. */
export const nonOrthogonality = (rows: Matrix): number =>
  distance(product(rows, transposed(rows)), identity(rows.length));

/** A symmetric matrix, uniform in [-0.5, 0.5). */
export function symmetric(random: Random, n: number): number[][] {
  const lower = matrix(n, n, () => random() - 0.5);
  return matrix(n, n, (i, j) => lower[Math.max(i, j)]![Math.min(i, j)]!);
}

/** H x for a reflector along v. */
function reflected(v: readonly number[], x: readonly number[]): number[] {
  const [xv, vv] = [
    x.reduce((sum, value, i) => sum + value * v[i]!, 0),
    v.reduce((sum, value) => sum + value * value, 0),
  ];
  return x.map((value, i) => value - (2 * xv * v[i]!) / vv);
}

/** Q diag(values) Q^T for an orthogonal Q that is drawn, exact to some roundings of f64. */
export function withSpectrum(random: Random, values: readonly number[]): number[][] {
  const n = values.length;
  let rows = matrix(n, n, (i, j) => (i === j ? values[i]! : 0));
  for (let pass = 0; pass < 3; pass++) {
    const v = Array.from({ length: n }, () => random() - 0.5);
    rows = transposed(rows.map((row) => reflected(v, row))).map((row) => reflected(v, row));
  }
  return matrix(n, n, (i, j) => rows[Math.max(i, j)]![Math.min(i, j)]!);
}
