// assembly/matrix/gemv.ts, with the same order of operations: on the strict binary the results agree bit for bit.

import type { Element, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

/** y <- alpha op(A) x + beta y */
export const gemv =
  (memory: LinearMemory, T: Element) =>
  (
    transposed: number,
    m: number,
    n: number,
    alpha: number,
    a: number,
    lda: number,
    x: number,
    beta: number,
    y: number,
  ): void => {
    const { round } = T;
    const [factor, kept] = [round(alpha), round(beta)];
    const A = viewMatrix(T, memory, a, m, n, lda);
    const X = T.view(memory, x, transposed ? m : n);
    const Y = T.view(memory, y, transposed ? n : m);

    /** A row's products in as many sums as a vector has lanes, those left over in the first. */
    const alongRow = (i: number): number => {
      const lanes = 16 / T.bytes;
      const sums = Array<number>(lanes).fill(0);
      for (let j = 0; j < n; j++) {
        const lane = j < n - (n % lanes) ? j % lanes : 0;
        sums[lane] = round(round(A[i * lda + j]! * X[j]!) + sums[lane]!);
      }
      return round(sums.length === 2 ? sums[0]! + sums[1]! : sums[0]! + sums[1]! + (sums[2]! + sums[3]!));
    };

    const downColumn = (j: number): number => {
      let sum = 0;
      for (let i = 0; i < m; i++) sum = round(round(A[i * lda + j]! * X[i]!) + sum);
      return sum;
    };

    for (let k = 0; k < Y.length; k++) {
      const product = round(factor * (transposed ? downColumn(k) : alongRow(k)));
      Y[k] = kept === 0 ? product : product + round(kept * Y[k]!);
    }
  };
