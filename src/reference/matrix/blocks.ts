// assembly/matrix/blocks.ts

import type { Element, LinearMemory } from "../element.js";
import { readMatrix, viewMatrix } from "./gemm.js";

/** No scratch is needed here. */
export const symmetricRankKPackedScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number, _k: number): number =>
    0;

/** Products of so many terms are summed up before they are added. */
const DEPTH = 256;

/** S <- alpha A A^T + beta S, or A^T A, of the packed lower triangle. */
export const symmetricRankKPacked =
  (memory: LinearMemory, T: Element) =>
  (
    transposed: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    beta: number,
    packed: number,
    _scratch: number,
  ): void => {
    const { round } = T;
    const A = readMatrix(viewMatrix(T, memory, a, transposed ? k : n, transposed ? n : k, lda), lda, transposed);
    const S = T.view(memory, packed, (n * (n + 1)) / 2);
    const factor = round(alpha);
    let at = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++, at++) {
        let kept = round(beta);
        let from = 0;
        do {
          let sum = 0;
          for (let p = from; p < Math.min(from + DEPTH, k); p++) sum = round(round(A(i, p) * A(j, p)) + sum);
          const product = round(factor * sum);
          S[at] = kept === 0 ? product : product + round(kept * S[at]!);
          kept = 1;
          from += DEPTH;
        } while (from < k);
      }
    }
  };

/** The sum of the squares of A in f64; without gaps between them all rows are one. */
export const matrixSquaredNorm =
  (memory: LinearMemory, T: Element) =>
  (rows: number, columns: number, a: number, lda: number): number => {
    const A = viewMatrix(T, memory, a, rows, columns, lda);
    const [count, width] = lda === columns ? [Math.min(rows, 1), rows * columns] : [rows, columns];
    const whole = width - (width % 8);
    const sums = new Float64Array(8);
    let rest = 0;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < width; j++) {
        const square = A[i * lda + j]! ** 2;
        if (j < whole) sums[j % 8]! += square;
        else rest += square;
      }
    }
    const [a0, a1, a2, a3, a4, a5, a6, a7] = sums as unknown as readonly number[] & { length: 8 };
    return a0! + a2! + (a4! + a6!) + (a1! + a3! + (a5! + a7!)) + rest;
  };

/** Y <- factor X */
export const scaleMatrix =
  (memory: LinearMemory, T: Element) =>
  (rows: number, columns: number, factor: number, x: number, ldx: number, y: number, ldy: number): void => {
    const [X, Y] = [viewMatrix(T, memory, x, rows, columns, ldx), viewMatrix(T, memory, y, rows, columns, ldy)];
    const f = T.round(factor);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) Y[i * ldy + j] = f * X[i * ldx + j]!;
  };

/** Y <- X o X */
export const squareElements =
  (memory: LinearMemory, T: Element) =>
  (rows: number, columns: number, x: number, ldx: number, y: number, ldy: number): void => {
    const [X, Y] = [viewMatrix(T, memory, x, rows, columns, ldx), viewMatrix(T, memory, y, rows, columns, ldy)];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) Y[i * ldy + j] = X[i * ldx + j]! ** 2;
  };
