import type { CsrMatrix } from "./csr-matrix.js";

/** How many pairs of rows tell. */
const PAIRS = 128;

/** The mean magnitude of the product of two rows that are less than so many apart, as far as some pairs tell. */
export function meanOverlap({ values, indices, offsets, rows, columns }: CsrMatrix, apart: number): number {
  const pairs = Math.min(PAIRS, rows - apart);
  const spread = new Float64Array(columns);
  let sum = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const one = Math.floor((pair * (rows - apart)) / pairs);
    const other = one + 1 + (pair % (apart - 1));
    const first = offsets[one]!;
    const end = offsets[one + 1]!;
    for (let k = first; k < end; k++) spread[indices[k]!] = values[k]!;
    let product = 0;
    for (let k = offsets[other]!; k < offsets[other + 1]!; k++) product += values[k]! * spread[indices[k]!]!;
    for (let k = first; k < end; k++) spread[indices[k]!] = 0;
    sum += Math.abs(product);
  }
  return sum / pairs;
}
