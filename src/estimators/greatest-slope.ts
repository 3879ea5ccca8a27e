import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import type { Matrix } from "./features.js";

/**
 * The largest entry of the gradient where all weights are 0, so that every l1 from there on leaves them there.
 *
 * @param residualOf what a row's prediction is too high by, times the row's share of the whole weight
 */
export function greatestSlope({ features, rows, columns }: Matrix, residualOf: (row: number) => number): number {
  const gradient = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const slope = residualOf(i);
    if (features instanceof CsrMatrix) {
      const { values, indices, offsets } = features;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) gradient[indices[k]!]! += slope * values[k]!;
    } else {
      for (let j = 0; j < columns; j++) gradient[j]! += slope * features[i * columns + j]!;
    }
  }
  return gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
}
