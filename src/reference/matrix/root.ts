// assembly/matrix/root.ts, summed up in f64 in plain order: results agree with the kernels to rounding.

import type { Element, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

/** No scratch is needed here. */
export const recomposeScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number): number =>
    0;

/** C = sum_k weights_k v_k v_k^T, v_k the rows of `vectors`. */
export const recompose =
  (memory: LinearMemory, T: Element) =>
  (n: number, vectors: number, ldv: number, weights: number, c: number, ldc: number, _scratch: number): void => {
    const V = viewMatrix(T, memory, vectors, n, n, ldv);
    const w = T.view(memory, weights, n);
    const C = viewMatrix(T, memory, c, n, n, ldc);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += w[k]! * V[k * ldv + i]! * V[k * ldv + j]!;
        C[i * ldc + j] = C[j * ldc + i] = sum;
      }
    }
  };
