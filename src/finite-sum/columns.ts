import type { FloatArray } from "../memory/dtype.js";
import { CsrMatrix } from "./csr-matrix.js";
import type { CheckedProblem } from "./problem.js";

/** The mean square of every column, rows counted by their weights. */
export const meanSquares = (problem: CheckedProblem): Float64Array => columnSums(problem, (x) => x * x);

/** The mean square of every column as it is placed, but for its factor: about its centre where it has one. */
export function centredSquares(problem: CheckedProblem): Float64Array {
  const squares = meanSquares(problem);
  const { centres } = problem;
  // Rounding may leave less than nothing of a constant column.
  return centres ? squares.map((square, j) => Math.max(square - centres[j]! ** 2, 1e-15 * square)) : squares;
}

/** The mean of every column, rows counted by their weights. */
export const columnMeans = (problem: CheckedProblem): Float64Array => columnSums(problem, (x) => x);

function columnSums(
  { features, rows, columns, sampleWeights }: CheckedProblem,
  of: (x: number) => number,
): Float64Array {
  const sums = new Float64Array(columns);
  if (features instanceof CsrMatrix) {
    const { values, indices, offsets } = features;
    for (let i = 0; i < rows; i++) {
      const weight = sampleWeights?.[i] ?? 1;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sums[indices[k]!]! += weight * of(values[k]!);
    }
  } else {
    const x = features as FloatArray;
    for (let i = 0, k = 0; i < rows; i++) {
      const weight = sampleWeights?.[i] ?? 1;
      for (let j = 0; j < columns; j++, k++) sums[j]! += weight * of(x[k]!);
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

/** How many deviations a column may be from 0 before its mean is in the way. */
const FAR = 10;

/** What of the columns keeps a method from converging, and what helps; undefined where it is not the columns. */
export function adviceOf(problem: CheckedProblem): string | undefined {
  const squares = centredSquares(problem);
  return meansAdvice(problem, squares) ?? (problem.scaleColumns ? undefined : sizesAdvice(squares));
}

function sizesAdvice(squares: Float64Array): string | undefined {
  const sizes = squares.filter((square) => square > 0).map(Math.sqrt);
  const greatest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), greatest);
  if (!(greatest > APART * least)) return undefined;
  const range = `from ${least.toPrecision(2)} to ${greatest.toPrecision(2)}`;
  return `the columns' root mean squares go ${range}: scale them, or say scaleColumns`;
}

/** How many deviations the mean of a column is from 0 at most. Of constant columns it does not matter. */
function farthestMean(means: Float64Array, squares: Float64Array): number {
  let farthest = 0;
  for (const [j, mean] of means.entries()) {
    const variance = squares[j]! - mean * mean;
    if (variance > 1e-13 * squares[j]!) farthest = Math.max(farthest, Math.abs(mean) / Math.sqrt(variance));
  }
  return farthest;
}

/**
 * The means of dense columns, where there is an intercept to make up for them and one of the columns is more than so many deviations
 * from 0, as far as some rows tell. Taken off sparse columns they would leave no zeros.
 */
export function centresOf(problem: CheckedProblem, deviations: number): Float64Array | undefined {
  if (!problem.intercept || problem.features instanceof CsrMatrix || deviations === Number.POSITIVE_INFINITY)
    return undefined;
  const { seen, sums, squares } = sampled(problem);
  const means = sums.map((sum) => sum / seen);
  const far =
    farthestMean(
      means,
      squares.map((square) => square / seen),
    ) > deviations;
  return far ? columnMeans(problem) : undefined;
}

function meansAdvice(problem: CheckedProblem, squares: Float64Array): string | undefined {
  if (!problem.intercept || problem.centres !== undefined) return undefined;
  const farthest = farthestMean(columnMeans(problem), squares);
  if (!(farthest > FAR)) return undefined;
  return `the columns' means are up to ${farthest.toPrecision(2)} times their deviations: subtract them`;
}

/** Of how many rows at most the columns' units are seen. */
const SEEN = 1000;

/** Of some rows, evenly distributed: what the columns' entries other than 0 count, sum to, and sum to as squares. */
function sampled({ features, rows, columns }: CheckedProblem) {
  const counts = new Float64Array(columns);
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const add = (j: number, x: number) => {
    if (x === 0) return;
    counts[j]! += 1;
    sums[j]! += x;
    squares[j]! += x * x;
  };
  const seen = Math.min(rows, SEEN);
  for (let k = 0; k < seen; k++) {
    const i = Math.floor((k * rows) / seen);
    if (features instanceof CsrMatrix) {
      for (let e = features.offsets[i]!; e < features.offsets[i + 1]!; e++)
        add(features.indices[e]!, features.values[e]!);
    } else for (let j = 0; j < columns; j++) add(j, features[i * columns + j]!);
  }
  return { seen, counts, sums, squares };
}

/**
 * The least spread of a column: its variance, or where rows leave it at 0 the mean square of its other entries, so that a rare column
 * is not taken for a small one. Constant columns, which say nothing, are passed over.
 */
export function leastSpread(problem: CheckedProblem): number {
  const { seen, counts, sums, squares } = sampled(problem);
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < problem.columns; j++) {
    if (counts[j] === 0) continue;
    const square = squares[j]! / counts[j]!;
    const spread = counts[j]! < seen ? square : square - (sums[j]! / seen) ** 2;
    if (spread > 1e-12 * square) least = Math.min(least, spread);
  }
  return least;
}
