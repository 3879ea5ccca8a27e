import { CsrMatrix } from "../finite-sum/csr-matrix.js";
import { checkFinite } from "../finite-sum/features.js";
import type { FloatArray } from "../memory/dtype.js";
import type { Matrix } from "./features.js";

/** What a linear model has learnt: a vector of weights and an intercept for each output. */
export class Coefficients {
  /** One array of weights an output, a number a column. */
  readonly weights: readonly Float64Array[];
  /** One number an output. */
  readonly intercepts: Float64Array;

  constructor(weights: readonly Float64Array[], intercepts: Float64Array) {
    this.weights = weights;
    this.intercepts = intercepts;
  }

  get columns(): number {
    return this.weights[0]!.length;
  }

  get outputs(): number {
    return this.weights.length;
  }

  /**
   * x_i.w_k + b_k, row by row: the outputs of a row lie side by side.
   * @throws RangeError for features that are not finite
   */
  scores(where: string, matrix: Matrix): Float64Array {
    const { features, rows, columns } = matrix;
    const scores = new Float64Array(rows * this.outputs);
    for (const [k, weights] of this.weights.entries()) {
      const intercept = this.intercepts[k]!;
      if (features instanceof CsrMatrix) sparse(features, weights, intercept, scores, k, this.outputs);
      else dense(features, columns, weights, intercept, scores, k, this.outputs);
    }
    if (!scores.every(Number.isFinite)) checkFinite(where, matrix);
    return scores;
  }
}

function dense(
  features: FloatArray,
  columns: number,
  weights: Float64Array,
  intercept: number,
  scores: Float64Array,
  first: number,
  stride: number,
): void {
  for (let place = first, start = 0; place < scores.length; place += stride, start += columns) {
    let score = intercept;
    for (let j = 0; j < columns; j++) score += features[start + j]! * weights[j]!;
    scores[place] = score;
  }
}

function sparse(
  { values, indices, offsets, rows }: CsrMatrix,
  weights: Float64Array,
  intercept: number,
  scores: Float64Array,
  first: number,
  stride: number,
): void {
  for (let i = 0; i < rows; i++) {
    let score = intercept;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) score += values[k]! * weights[indices[k]!]!;
    scores[first + i * stride] = score;
  }
}
