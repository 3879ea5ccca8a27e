// assembly/matrix/statistics.ts

import type { Element, LinearMemory } from "../element.js";
import { readMatrix, viewMatrix } from "./gemm.js";

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
