// assembly/matrix/triangle.ts

import type { Element, LinearMemory } from "../element.js";
import { gemmLower, viewMatrix } from "./gemm.js";

/** The lower triangle of A onto its upper. */
export const mirrorLower =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number): void => {
    const A = viewMatrix(T, memory, a, n, n, lda);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) A[j * lda + i] = A[i * lda + j]!;
  };

/** The lower triangle of A to n (n + 1) / 2 elements, row by row. */
export const packLower =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number, packed: number): void => {
    const A = viewMatrix(T, memory, a, n, n, lda);
    const P = T.view(memory, packed, (n * (n + 1)) / 2);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) P[(i * (i + 1)) / 2 + j] = A[i * lda + j]!;
  };

/** A packed triangle to both triangles of A. */
export const unpackLower =
  (memory: LinearMemory, T: Element) =>
  (n: number, packed: number, a: number, lda: number): void => {
    const P = T.view(memory, packed, (n * (n + 1)) / 2);
    const A = viewMatrix(T, memory, a, n, n, lda);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) A[i * lda + j] = A[j * lda + i] = P[(i * (i + 1)) / 2 + j]!;
    }
  };

/** No scratch is needed here. */
export const symmetricRankKScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number, _k: number): number =>
    0;

/** The lower triangle of C <- alpha A A^T + beta C, or of A^T A. */
export const symmetricRankK =
  (memory: LinearMemory, T: Element) =>
  (
    transposed: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    beta: number,
    c: number,
    ldc: number,
    scratch: number,
  ): void =>
    gemmLower(memory, T)(transposed, transposed ? 0 : 1, n, k, alpha, a, lda, a, lda, beta, c, ldc, scratch);
