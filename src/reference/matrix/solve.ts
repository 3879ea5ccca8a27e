// assembly/matrix/triangular.ts and cholesky.ts by the textbook, in f64: results agree with the kernels to rounding, which
// sum up in blocks.

import type { Element, LinearMemory } from "../element.js";
import { type Rows, read, readLower, transpose, write, zeros } from "./dense.js";

/** No scratch is needed here. */
export const solveTriangularScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number, _columns: number): number =>
    0;

/** B <- op(T)^-1 B by substitution, from the first row down or from the last up. */
export const solveTriangular =
  (memory: LinearMemory, T: Element) =>
  (
    upper: number,
    transposed: number,
    n: number,
    columns: number,
    t: number,
    ldt: number,
    b: number,
    ldb: number,
    _scratch: number,
  ): void => {
    const given = read(T, memory, t, n, n, ldt);
    const triangle = transposed ? transpose(given) : given;
    const forward = (upper !== 0) === (transposed !== 0);
    const X = read(T, memory, b, n, columns, ldb);
    for (let step = 0; step < n; step++) {
      const i = forward ? step : n - 1 - step;
      const [from, end] = forward ? [0, i] : [i + 1, n];
      for (let c = 0; c < columns; c++) {
        let x = X[i]![c]!;
        for (let j = from; j < end; j++) x -= triangle[i]![j]! * X[j]![c]!;
        X[i]![c] = x / triangle[i]![i]!;
      }
    }
    write(T, memory, b, X, ldb);
  };

/** No scratch is needed here. */
export const choleskyScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number): number =>
    0;

/** L with L L^T = A, and the number of the first row whose pivot is not positive, 0 if there is none. */
function factor(A: Rows): { L: Rows; failed: number } {
  const n = A.length;
  const L = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i]![j]!;
      for (let k = 0; k < j; k++) sum -= L[i]![k]! * L[j]![k]!;
      if (i === j && !(sum > 0)) return { L, failed: i + 1 };
      L[i]![j] = i === j ? Math.sqrt(sum) : sum / L[j]![j]!;
    }
  }
  return { L, failed: 0 };
}

/** L <- the Cholesky factor of A, of which the lower triangle is read. */
export const cholesky =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number, l: number, ldl: number, _scratch: number): number => {
    const { L, failed } = factor(readLower(T, memory, a, n, lda));
    write(T, memory, l, L, ldl);
    return failed;
  };
