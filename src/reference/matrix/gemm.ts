// assembly/matrix/gemm.ts: the triple loop, in blocks of k. The same operations on each element in the same order: on the
// strict binary the results agree bit for bit.

import type { Element, FloatArray, LinearMemory } from "../element.js";

const DEPTH = 256;

/** An operand: its element in row i and column j. */
type Read = (i: number, j: number) => number;

export function readMatrix(x: FloatArray, ld: number, transposed: number): Read {
  return transposed ? (i, j) => x[j * ld + i]! : (i, j) => x[i * ld + j]!;
}

/** The elements from the first of a matrix to its last. */
export function viewMatrix(
  T: Element,
  memory: LinearMemory,
  pointer: number,
  rows: number,
  columns: number,
  ld: number,
): FloatArray {
  return T.view(memory, pointer, rows === 0 ? 0 : (rows - 1) * ld + columns);
}

/** alpha sum_k A_ik B_kj + beta c, c not touched if beta is 0. */
function element(
  { round }: Element,
  a: Read,
  b: Read,
  i: number,
  j: number,
  k: number,
  alpha: number,
  beta: number,
  c: number,
): number {
  let result = c;
  let factor = beta;
  let from = 0;
  do {
    let sum = 0;
    for (let p = from; p < Math.min(from + DEPTH, k); p++) sum = round(round(a(i, p) * b(p, j)) + sum);
    const product = round(alpha * sum);
    result = factor === 0 ? product : round(product + round(factor * result));
    factor = 1;
    from += DEPTH;
  } while (from < k);
  return result;
}

/** How many elements of row i are made: all n, or those up to the diagonal. */
type End = (i: number, n: number) => number;

const multiply =
  (end: End) =>
  (memory: LinearMemory, T: Element) =>
  (
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
  ): void => {
    const A = transposeA ? viewMatrix(T, memory, a, k, m, lda) : viewMatrix(T, memory, a, m, k, lda);
    const B = transposeB ? viewMatrix(T, memory, b, n, k, ldb) : viewMatrix(T, memory, b, k, n, ldb);
    const C = viewMatrix(T, memory, c, m, n, ldc);
    const [readA, readB] = [readMatrix(A, lda, transposeA), readMatrix(B, ldb, transposeB)];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < end(i, n); j++) {
        C[i * ldc + j] = element(T, readA, readB, i, j, k, T.round(alpha), T.round(beta), C[i * ldc + j]!);
      }
    }
  };

/** No scratch is needed here. */
export const gemmScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_m: number, _n: number, _k: number): number =>
    0;

/** C <- alpha op(A) op(B) + beta C */
export const gemm =
  (memory: LinearMemory, T: Element) =>
  (
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    _scratch: number,
  ): void =>
    multiply((_, columns) => columns)(memory, T)(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);

/** The same for the elements on and below the diagonal of C, n x n. */
export const gemmLower =
  (memory: LinearMemory, T: Element) =>
  (
    transposeA: number,
    transposeB: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    b: number,
    ldb: number,
    beta: number,
    c: number,
    ldc: number,
    _scratch: number,
  ): void =>
    multiply((i) => i + 1)(memory, T)(transposeA, transposeB, n, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
