// assembly/matrix/spectral-norm.ts, coupled-newton.ts and newton-schulz.ts, in f64: results agree with the kernels to
// rounding.

import type { Element, LinearMemory } from "../element.js";
import { distanceFromIdentity, multiply, norm, type Rows, read, readLower, scaledSum, write, zeros } from "./dense.js";

/** Below this an error that grows is one of rounding, and the end. */
const NEAR = 0.5;

/** No scratch is needed here. */
const none =
  (_memory: LinearMemory, _T: Element) =>
  (_n: number): number =>
    0;

export const spectralNormScratch = none;
export const coupledNewtonScratch = none;
export const newtonSchulzScratch = none;

/** |A x| for the unit vector x that `steps` steps of power iteration from A's longest row lead to. */
export const spectralNorm =
  (memory: LinearMemory, T: Element) =>
  (n: number, a: number, lda: number, steps: number, _scratch: number): number => {
    const A = read(T, memory, a, n, n, lda);
    let x: Rows = [new Float64Array(n)];
    for (const row of A) if (!(norm([row]) <= norm(x))) x = [row];
    for (let k = 0; k < steps; k++) {
      const length = norm(x);
      if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return length;
      // A is symmetric: x A is A x.
      x = multiply(
        x.map((row) => row.map((value) => value / length)),
        A,
      );
    }
    return norm(x);
  };

const identity = (n: number): Rows => scaledSum(1, 0, zeros(n, n));

function power(x: Rows, p: number): Rows {
  let result = x;
  for (let k = 1; k < p; k++) result = multiply(result, x);
  return result;
}

/** X <- (A + ridge I)^(-1/p); returns max |M - I|. */
export const coupledNewton =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    p: number,
    a: number,
    lda: number,
    ridge: number,
    scale: number,
    start: number,
    tolerance: number,
    most: number,
    x: number,
    ldx: number,
    _scratch: number,
  ): number => {
    let M = scaledSum(scale * ridge, scale, readLower(T, memory, a, n, lda));
    let X = scaledSum(0, start, identity(n));
    let error = distanceFromIdentity(M);
    for (let step = 0, ended = false; step < most && error > tolerance && !ended; step++) {
      const factor = scaledSum((p + 1) / p, -1 / p, M);
      X = multiply(X, factor);
      M = multiply(power(factor, p), M);
      const next = distanceFromIdentity(M);
      ended = next >= error && error < NEAR;
      error = next;
    }
    write(T, memory, x, X, ldx);
    return error;
  };

/** root <- (A + ridge I)^(1/2), inverse <- (A + ridge I)^(-1/2); returns max |Z Y - I|. */
export const newtonSchulz =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    a: number,
    lda: number,
    ridge: number,
    scale: number,
    tolerance: number,
    most: number,
    root: number,
    ldr: number,
    inverse: number,
    ldi: number,
    _scratch: number,
  ): number => {
    let Y = scaledSum(ridge / scale, 1 / scale, readLower(T, memory, a, n, lda));
    let Z = identity(n);
    let product = multiply(Z, Y);
    let error = distanceFromIdentity(product);
    for (let step = 0, ended = false; step < most && error > tolerance && !ended; step++) {
      const factor = scaledSum(1.5, -0.5, product);
      Y = multiply(Y, factor);
      Z = multiply(factor, Z);
      product = multiply(Z, Y);
      const next = distanceFromIdentity(product);
      ended = next >= error && error < NEAR;
      error = next;
    }
    write(T, memory, root, scaledSum(0, Math.sqrt(scale), Y), ldr);
    write(T, memory, inverse, scaledSum(0, 1 / Math.sqrt(scale), Z), ldi);
    return error;
  };
