import type { FloatArray } from "../memory/dtype.js";
import { CsrMatrix } from "./csr-matrix.js";
import type { CheckedProblem } from "./problem.js";

/** The mean square of every column, rows counted by their weights. */
export function meanSquares({ features, rows, columns, sampleWeights }: CheckedProblem): Float64Array {
  const sums = new Float64Array(columns);
  if (features instanceof CsrMatrix) {
    const { values, indices, offsets } = features;
    for (let i = 0; i < rows; i++) {
      const weight = sampleWeights?.[i] ?? 1;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sums[indices[k]!]! += weight * values[k]! * values[k]!;
    }
  } else {
    const x = features as FloatArray;
    for (let i = 0, k = 0; i < rows; i++) {
      const weight = sampleWeights?.[i] ?? 1;
      for (let j = 0; j < columns; j++, k++) sums[j]! += weight * x[k]! * x[k]!;
    }
  }
  for (let j = 0; j < columns; j++) sums[j]! /= rows;
  return sums;
}

/** The root mean square of every column; 1 for columns of zeros, which then stay as they are. */
export function rootMeanSquares(problem: CheckedProblem): Float64Array {
  return meanSquares(problem).map((square) => (square > 0 ? Math.sqrt(square) : 1));
}

/** How far the root mean squares of columns may be apart before scaling them is worth a try. */
const APART = 1000;

/** That columns ought to be scaled, where they are of very different sizes and are not. */
export function adviceOf(problem: CheckedProblem): string | undefined {
  if (problem.scaleColumns) return undefined;
  const sizes = meanSquares(problem)
    .filter((square) => square > 0)
    .map(Math.sqrt);
  const greatest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), greatest);
  if (!(greatest > APART * least)) return undefined;
  return `the columns' root mean squares go from ${least.toPrecision(2)} to ${greatest.toPrecision(2)}: scaleColumns may help`;
}
