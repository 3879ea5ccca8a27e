// assembly/matrix/orthogonalize.ts, in f64: results agree with the kernels to rounding.

import type { Element, LinearMemory } from "../element.js";
import { multiply, norm, type Rows, read, scaledSum, transpose, write } from "./dense.js";

/** No scratch is needed here. */
export const orthogonalizeScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_m: number, _n: number): number =>
    0;

export const orthogonalizeGramScratch = (memory: LinearMemory, T: Element) => orthogonalizeScratch(memory, T);

/** (a I + b S + c S^2) X, S = X X^T, of a matrix that is not tall. */
function step(a: number, b: number, c: number, X: Rows): Rows {
  const S = multiply(X, transpose(X));
  const square = multiply(S, S);
  const P = scaledSum(
    a,
    1,
    S.map((row, i) => row.map((x, j) => b * x + c * square[i]![j]!)),
  );
  return multiply(P, X);
}

/** X <- A / |A|, then `steps` steps. */
export const orthogonalize =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    steps: number,
    a: number,
    b: number,
    c: number,
    from: number,
    lda: number,
    x: number,
    ldx: number,
    _scratch: number,
  ): void => {
    const A = read(T, memory, from, m, n, lda);
    const length = norm(A);
    let X = length === 0 ? A : A.map((row) => row.map((value) => value / length));
    if (m > n) X = transpose(X);
    for (let k = 0; k < steps; k++) X = step(T.round(a), T.round(b), T.round(c), X);
    write(T, memory, x, m > n ? transpose(X) : X, ldx);
  };

/** The same: only the order of the products differs. */
export const orthogonalizeGram = (memory: LinearMemory, T: Element) => orthogonalize(memory, T);
