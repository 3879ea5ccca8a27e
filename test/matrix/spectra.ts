// Symmetric positive definite matrices whose eigenvalues are known in closed form.

import { matrix } from "./dense.js";

/** -1, 2, -1: eigenvalues 2 - 2 cos(k pi / (n + 1)), k = 1 to n; condition about 0.4 (n + 1)^2. */
export const toeplitz = (n: number): number[][] =>
  matrix(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));

export const toeplitzValues = (n: number): number[] =>
  Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));

/** 1 / (i + j - 1): condition 1.6e13 at n = 10. */
export const hilbert = (n: number): number[][] => matrix(n, n, (i, j) => 1 / (i + j + 1));

/** n eigenvalues from 1 down to 1 / condition, evenly in the logarithm. */
export const graded = (n: number, condition: number): number[] =>
  Array.from({ length: n }, (_, k) => condition ** (-k / Math.max(1, n - 1)));

/** Two clusters of eigenvalues, around 1 and around 1e-3. */
export const clustered = (n: number): number[] =>
  Array.from({ length: n }, (_, k) => (k % 2 ? 1 : 1e-3) * (1 + 1e-5 * k));
