// assembly/vector/map.ts, element by element.

import type { Element, LinearMemory } from "./element.js";

/** y <- alpha x + y */
export const axpy =
  (memory: LinearMemory, { round, view }: Element) =>
  (n: number, alpha: number, x: number, y: number): void => {
    const a = round(alpha);
    const X = view(memory, x, n);
    const Y = view(memory, y, n);
    for (let i = 0; i < n; i++) Y[i] = round(a * X[i]!) + Y[i]!;
  };

/** y <- alpha x + beta y */
export const axpby =
  (memory: LinearMemory, { round, view }: Element) =>
  (n: number, alpha: number, x: number, beta: number, y: number): void => {
    const a = round(alpha);
    const b = round(beta);
    const X = view(memory, x, n);
    const Y = view(memory, y, n);
    for (let i = 0; i < n; i++) Y[i] = round(a * X[i]!) + round(b * Y[i]!);
  };

/** x <- alpha x */
export const scale =
  (memory: LinearMemory, { round, view }: Element) =>
  (n: number, alpha: number, x: number): void => {
    const a = round(alpha);
    const X = view(memory, x, n);
    for (let i = 0; i < n; i++) X[i] = a * X[i]!;
  };

/** y <- x */
export const copy =
  (memory: LinearMemory, { view }: Element) =>
  (n: number, x: number, y: number): void => {
    view(memory, y, n).set(view(memory, x, n));
  };

/** x <- alpha */
export const fill =
  (memory: LinearMemory, { view }: Element) =>
  (n: number, alpha: number, x: number): void => {
    view(memory, x, n).fill(alpha);
  };

/** z <- x y, element by element */
export const hadamardProduct =
  (memory: LinearMemory, { view }: Element) =>
  (n: number, x: number, y: number, z: number): void => {
    const X = view(memory, x, n);
    const Y = view(memory, y, n);
    const Z = view(memory, z, n);
    for (let i = 0; i < n; i++) Z[i] = X[i]! * Y[i]!;
  };

/** x <- 0 where |x| < threshold; NaN stays */
export const flush =
  (memory: LinearMemory, { round, view }: Element) =>
  (n: number, threshold: number, x: number): void => {
    const t = round(threshold);
    const X = view(memory, x, n);
    for (let i = 0; i < n; i++) if (Math.abs(X[i]!) < t) X[i] = 0;
  };
