// Matrices of their own in f64, as rows, for the references that are written by the textbook.

import type { Element, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

export type Rows = Float64Array[];

export const zeros = (rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => new Float64Array(columns));

export function read(
  T: Element,
  memory: LinearMemory,
  pointer: number,
  rows: number,
  columns: number,
  ld: number,
): Rows {
  const view = viewMatrix(T, memory, pointer, rows, columns, ld);
  return Array.from({ length: rows }, (_, i) => Float64Array.from(view.subarray(i * ld, i * ld + columns)));
}

/** A symmetric matrix from its lower triangle. */
export function readLower(T: Element, memory: LinearMemory, pointer: number, n: number, ld: number): Rows {
  const rows = read(T, memory, pointer, n, n, ld);
  rows.forEach((row, i) => {
    for (let j = i + 1; j < n; j++) row[j] = rows[j]![i]!;
  });
  return rows;
}

export function write(T: Element, memory: LinearMemory, pointer: number, rows: Rows, ld: number): void {
  const columns = rows[0]?.length ?? 0;
  const view = viewMatrix(T, memory, pointer, rows.length, columns, ld);
  rows.forEach((row, i) => {
    view.set(row, i * ld);
  });
}

export const transpose = (a: Rows): Rows => {
  const result = zeros(a[0]?.length ?? 0, a.length);
  a.forEach((row, i) => {
    row.forEach((x, j) => {
      result[j]![i] = x;
    });
  });
  return result;
};

export const multiply = (a: Rows, b: Rows): Rows =>
  a.map((row) => {
    const sums = new Float64Array(b[0]?.length ?? 0);
    row.forEach((x, k) => {
      for (let j = 0; j < sums.length; j++) sums[j]! += x * b[k]![j]!;
    });
    return sums;
  });

/** a I + b X */
export const scaledSum = (a: number, b: number, x: Rows): Rows =>
  x.map((row, i) => row.map((value, j) => b * value + (i === j ? a : 0)));

/** max |X - I| */
export function distanceFromIdentity(x: Rows): number {
  let greatest = 0;
  for (const row of scaledSum(-1, 1, x)) for (const value of row) greatest = Math.max(greatest, Math.abs(value));
  return greatest;
}

/** The root of the sum of squares, which may overflow or vanish where it does not. */
export function norm(x: Rows): number {
  const sumOfSquares = (scale: number) => x.reduce((sum, row) => row.reduce((s, v) => s + (v * scale) ** 2, sum), 0);
  const greatest = x.reduce((most, row) => row.reduce((m, v) => Math.max(m, Math.abs(v)), most), 0);
  if (!(greatest > 0 && greatest < Number.POSITIVE_INFINITY)) return greatest;
  const scale = 2 ** -Math.max(-1022, Math.min(1022, Math.floor(Math.log2(greatest))));
  return Math.sqrt(sumOfSquares(scale)) / scale;
}
