// assembly/matrix/qr.ts by another method, Gram-Schmidt done twice (Björck 1994), in f64: results agree with the kernels to
// rounding where the columns are independent.

import type { Element, LinearMemory } from "../element.js";
import { viewMatrix } from "./gemm.js";

const MADE = 0;
const NOT_FINITE = 1;

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);

/** What is left of x off the vectors before it; adds their shares to `shares`. */
function project(x: Float64Array, basis: readonly Float64Array[], shares: Float64Array): void {
  for (let pass = 0; pass < 2; pass++) {
    basis.forEach((q, i) => {
      const share = dot(q, x);
      shares[i]! += share;
      for (let k = 0; k < x.length; k++) x[k]! -= share * q[k]!;
    });
  }
}

const normalized = (x: Float64Array) => {
  const norm = Math.hypot(...x);
  return x.map((value) => value / norm);
};

/** A unit vector at right angles to the basis: what is left of the coordinate axis that lies furthest off it. */
function complement(basis: readonly Float64Array[], length: number): Float64Array {
  let best = new Float64Array(0);
  for (let axis = 0; axis < length; axis++) {
    const x = Float64Array.from({ length }, (_, k) => (k === axis ? 1 : 0));
    project(x, basis, new Float64Array(basis.length));
    if (Math.hypot(...x) > (best.length ? Math.hypot(...best) : 0)) best = x;
  }
  const again = normalized(best);
  project(again, basis, new Float64Array(basis.length));
  return normalized(again);
}

interface Factors {
  readonly q: Float64Array[];
  /** r[j]: the column j of R. */
  readonly r: Float64Array[];
}

/** Orthonormal vectors for those given, as many as they have elements at most. */
function gramSchmidt(vectors: readonly Float64Array[]): Factors {
  const [length, k] = [vectors[0]!.length, Math.min(vectors.length, vectors[0]!.length)];
  const q: Float64Array[] = [];
  const r = vectors.map((vector) => {
    const rest = vector.slice();
    const shares = new Float64Array(k);
    const before = Math.hypot(...vector);
    project(rest, q, shares);
    if (q.length === k) return shares;
    const left = Math.hypot(...rest);
    const dependent = left <= 2 ** -50 * before;
    if (!dependent) shares[q.length] = left;
    q.push(dependent ? complement(q, length) : normalized(rest));
    return shares;
  });
  return { q, r };
}

/** No scratch is needed here. */
export const qrScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_m: number, _n: number): number =>
    0;

/** A = Q R, k = min(m, n) columns of Q and rows of R, whose diagonal is not negative. 0; 1 for an element that is not finite. */
export const qr =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    a: number,
    lda: number,
    q: number,
    ldq: number,
    r: number,
    ldr: number,
    _scratch: number,
  ): number => {
    if (m === 0 || n === 0) return MADE;
    const k = Math.min(m, n);
    const A = viewMatrix(T, memory, a, m, n, lda);
    const columns = Array.from({ length: n }, (_, j) => Float64Array.from({ length: m }, (_, i) => A[i * lda + j]!));
    if (!columns.every((column) => column.every(Number.isFinite))) return NOT_FINITE;
    const factors = gramSchmidt(columns);
    const Q = viewMatrix(T, memory, q, m, k, ldq);
    for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) Q[i * ldq + j] = factors.q[j]![i]!;
    if (r === 0) return MADE;
    const R = viewMatrix(T, memory, r, k, n, ldr);
    for (let i = 0; i < k; i++) for (let j = 0; j < n; j++) R[i * ldr + j] = factors.r[j]![i]!;
    return MADE;
  };

/** No scratch is needed here. */
export const refreshBasisScratch =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number): number =>
    0;

/** The rows b_i of the basis become those of A b_i made orthonormal in turn; values_i = b_i^T A b_i of the rows before. */
export const refreshBasis =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number, basis: number, ldb: number, values: number, _scratch: number): number => {
    if (n === 0) return MADE;
    const A = viewMatrix(T, memory, a, n, n, lda);
    const B = viewMatrix(T, memory, basis, n, n, ldb);
    const rows = Array.from({ length: n }, (_, i) => Float64Array.from(B.subarray(i * ldb, i * ldb + n)));
    const products = rows.map((row) =>
      Float64Array.from(row, (_, j) => row.reduce((sum, value, k) => sum + value * A[k * lda + j]!, 0)),
    );
    if (!products.every((product) => product.every((x) => Number.isFinite(T.round(x))))) return NOT_FINITE;
    T.view(memory, values, n).set(rows.map((row, i) => dot(row, products[i]!)));
    gramSchmidt(products).q.forEach((row, i) => {
      B.set(row, i * ldb);
    });
    return MADE;
  };
