// Symmetric matrices made of their eigenvalues and eigenvectors.

import { gaussianFrom } from "./random.js";

export const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);

/** n orthonormal rows, by Gram-Schmidt done twice. */
export function orthonormal(n, seed = n) {
  const gaussian = gaussianFrom(seed);
  const rows = [];
  while (rows.length < n) {
    const x = Float64Array.from({ length: n }, gaussian);
    for (let pass = 0; pass < 2; pass++) {
      for (const row of rows) {
        const share = dot(row, x);
        for (let i = 0; i < n; i++) x[i] -= share * row[i];
      }
    }
    const norm = Math.sqrt(dot(x, x));
    rows.push(x.map((value) => value / norm));
  }
  return rows;
}

/** n eigenvalues from 1 down to 1 / condition, in equal ratios. */
export const graded = (n, condition) => Array.from({ length: n }, (_, k) => condition ** (-k / (n - 1)));

/** sum_k values_k q_k q_k^T, in f64. */
export function compose(rows, values) {
  const n = rows.length;
  const matrix = new Float64Array(n * n);
  rows.forEach((q, k) => {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] += values[k] * q[i] * q[j];
  });
  return matrix;
}
