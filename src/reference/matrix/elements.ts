// assembly/matrix/elements.ts

import type { Element, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

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

/** Y <- X o X */
export const squareElements =
  (memory: LinearMemory, T: Element) =>
  (rows: number, columns: number, x: number, ldx: number, y: number, ldy: number): void => {
    const [X, Y] = [viewMatrix(T, memory, x, rows, columns, ldx), viewMatrix(T, memory, y, rows, columns, ldy)];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) Y[i * ldy + j] = X[i * ldx + j]! ** 2;
  };
