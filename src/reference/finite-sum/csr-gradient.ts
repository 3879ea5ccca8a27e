// assembly/finite-sum/csr-gradient.ts. The number of columns is no argument there: the views reach to the end of the memory.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { type SparseRow, sparseRow } from "./csr-columns.js";
import { losses } from "./loss.js";
import { CURVATURES, recordAt, rowsOf, SLOPES, sampleWeight } from "./state.js";

export function product({ x, at }: SparseRow, w: FloatArray): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k]! * w[at[k]!]!;
  return sum;
}

export function accumulate({ x, at }: SparseRow, factor: number, sums: Float64Array): void {
  for (let k = 0; k < x.length; k++) sums[at[k]!]! += factor * x[k]!;
}

export const gradientCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    keep: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    sampleWeights: number,
    loss: number,
    parameter: number,
    weights: number,
    intercept: number,
    gradient: number,
    interceptGradient: number,
  ): number => {
    const w = new Float64Array(memory.buffer, weights);
    const sums = new Float64Array(memory.buffer, gradient);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    let total = 0;
    for (const row of rowsOf(memory, count, first, order)) {
      const entries = sparseRow(T, memory, values, indices, offsets, row, 1);
      const own = recordAt(T, memory, table, row);
      const prediction = product(entries, w) + intercept;
      const weight = sampleWeight(memory, sampleWeights, row);
      const slope = T.round(weight * losses[loss]!.derivative(prediction, own[0]!, parameter));
      total += weight * losses[loss]!.value(prediction, own[0]!, parameter);
      if (keep === SLOPES) own[1] = slope;
      else if (keep === CURVATURES) own[1] = weight * losses[loss]!.curvature(prediction, own[0]!, parameter);
      interceptSum[0]! += slope;
      accumulate(entries, slope, sums);
    }
    return total;
  };

export const predictCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    weights: number,
    intercept: number,
  ): void => {
    const w = new Float64Array(memory.buffer, weights);
    for (let row = first; row < first + count; row++) {
      const entries = sparseRow(T, memory, values, indices, offsets, row, 1);
      recordAt(T, memory, table, row)[1] = product(entries, w) + intercept;
    }
  };

export const resumCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    gradient: number,
    interceptGradient: number,
  ): void => {
    const sums = new Float64Array(memory.buffer, gradient);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    for (let row = first; row < first + count; row++) {
      const slope = recordAt(T, memory, table, row)[1]! || 0;
      interceptSum[0]! += slope;
      accumulate(sparseRow(T, memory, values, indices, offsets, row, 1), slope, sums);
    }
  };
