// gemmBatched of assembly/matrix/gemm.ts

import type { Element, LinearMemory } from "../element.js";
import { gemm } from "./gemm.js";

/** `count` products of one shape. */
export const gemmBatched =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    lda: number,
    strideA: number,
    b: number,
    ldb: number,
    strideB: number,
    beta: number,
    c: number,
    ldc: number,
    strideC: number,
    scratch: number,
  ): void => {
    const one = gemm(memory, T);
    for (let i = 0; i < count; i++) {
      const [A, B, C] = [a + i * strideA * T.bytes, b + i * strideB * T.bytes, c + i * strideC * T.bytes];
      one(transposeA, transposeB, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc, scratch);
    }
  };
