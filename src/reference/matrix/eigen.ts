// assembly/matrix/eigen.ts by another method, cyclic Jacobi (Golub, Van Loan, Matrix Computations, 4th ed., 8.5), in f64:
// results agree with the kernels to rounding, where they are determined. Neither the sign of an eigenvector is, nor a
// basis of those with equal eigenvalues.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

const FOUND = 0;
const NOT_FINITE = 1;
const NOT_CONVERGED = 2;

/** Sweeps over all pairs; fewer than 15 are usual. */
const MOST_SWEEPS = 60;

/** A full matrix of its own in f64, from the lower triangle. */
function fromLower(x: FloatArray, n: number, ld: number): Float64Array[] {
  const rows = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) rows[i]![j] = rows[j]![i] = x[i * ld + j]!;
  return rows;
}

/**
 * (x, y) <- (c x - s y, s x + c y), with t = s / (1 + c): as a change to x and y, whose rounding errors are small where the
 * angle is (Rutishauser 1966).
 */
const rotated = (x: number, y: number, s: number, t: number): [number, number] => [
  x - s * (y + t * x),
  y + s * (x - t * y),
];

/** Makes a_ij zero by a rotation of rows and columns i and j, which the rows of V take part in. */
function eliminate(A: Float64Array[], V: Float64Array[], i: number, j: number): void {
  const element = A[i]![j]!;
  const ratio = (A[j]![j]! - A[i]![i]!) / (2 * element);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const c = 1 / Math.hypot(tangent, 1);
  const s = tangent * c;
  const t = s / (1 + c);
  for (let k = 0; k < A.length; k++) {
    [V[i]![k], V[j]![k]] = rotated(V[i]![k]!, V[j]![k]!, s, t);
    if (k === i || k === j) continue;
    const [x, y] = rotated(A[i]![k]!, A[j]![k]!, s, t);
    A[i]![k] = A[k]![i] = x;
    A[j]![k] = A[k]![j] = y;
  }
  A[i]![i]! -= tangent * element;
  A[j]![j]! += tangent * element;
  A[i]![j] = A[j]![i] = 0;
}

/** Sweeps until every element off the diagonal is no more than a rounding of the greatest. */
function jacobi(A: Float64Array[], V: Float64Array[], scale: number): boolean {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let eliminated = false;
    for (let i = 0; i < A.length; i++) {
      for (let j = i + 1; j < A.length; j++) {
        if (Math.abs(A[i]![j]!) <= 2 ** -56 * scale) continue;
        eliminate(A, V, i, j);
        eliminated = true;
      }
    }
    if (!eliminated) return true;
  }
  return false;
}

/** No scratch is needed here. */
export const symmetricEigenScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number): number =>
    0;

/** A = V^T diag(values) V, values ascending, eigenvectors as rows. 0; 1 for an element that is not finite; 2 for no end. */
export const symmetricEigen =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number, values: number, vectors: number, ldv: number, _scratch: number): number => {
    const A = fromLower(viewMatrix(T, memory, a, n, n, lda), n, lda);
    const elements = A.flatMap((row) => Array.from(row, Math.abs));
    if (!elements.every(Number.isFinite)) return NOT_FINITE;
    const V = A.map((_, i) => Float64Array.from(A, (_, j) => (i === j ? 1 : 0)));
    const scale = elements.reduce((x, y) => Math.max(x, y), 0);
    // Elements about 1, so that nothing overflows.
    for (const row of A) for (let j = 0; j < n; j++) row[j]! /= scale || 1;
    if (!jacobi(A, V, 1)) return NOT_CONVERGED;
    const order = Array.from(A.keys()).sort((i, j) => A[i]![i]! - A[j]![j]!);
    T.view(memory, values, n).set(order.map((i) => A[i]![i]! * scale));
    const out = viewMatrix(T, memory, vectors, n, n, ldv);
    order.forEach((i, k) => {
      out.set(V[i]!, k * ldv);
    });
    return FOUND;
  };
