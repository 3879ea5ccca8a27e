// assembly/finite-sum/dense-gradient.ts.

import type { Element, LinearMemory } from "../element.js";
import { product, rowAt } from "./dense.js";
import { losses } from "./loss.js";
import { CURVATURES, recordAt, rowsOf, SLOPES, sampleWeight } from "./state.js";

export const gradientDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    keep: number,
    rows: number,
    columns: number,
    table: number,
    sampleWeights: number,
    loss: number,
    parameter: number,
    weights: number,
    intercept: number,
    gradient: number,
    interceptGradient: number,
  ): number => {
    const w = T.view(memory, weights, columns);
    const sums = new Float64Array(memory.buffer, gradient, columns);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    let total = 0;
    for (const row of rowsOf(memory, count, first, order)) {
      const x = rowAt(T, memory, rows, columns, row);
      const own = recordAt(T, memory, table, row);
      const prediction = product(x, w) + intercept;
      const weight = sampleWeight(memory, sampleWeights, row);
      const slope = T.round(weight * losses[loss]!.derivative(prediction, own[0]!, parameter));
      total += weight * losses[loss]!.value(prediction, own[0]!, parameter);
      if (keep === SLOPES) own[1] = slope;
      else if (keep === CURVATURES) own[1] = weight * losses[loss]!.curvature(prediction, own[0]!, parameter);
      interceptSum[0]! += slope;
      for (let j = 0; j < columns; j++) sums[j]! += slope * x[j]!;
    }
    return total;
  };

export const predictDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    rows: number,
    columns: number,
    table: number,
    weights: number,
    intercept: number,
  ): void => {
    const w = T.view(memory, weights, columns);
    for (let row = first; row < first + count; row++) {
      recordAt(T, memory, table, row)[1] = product(rowAt(T, memory, rows, columns, row), w) + intercept;
    }
  };

export const resumDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    rows: number,
    columns: number,
    table: number,
    gradient: number,
    interceptGradient: number,
  ): void => {
    const sums = new Float64Array(memory.buffer, gradient, columns);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    for (let row = first; row < first + count; row++) {
      const slope = recordAt(T, memory, table, row)[1]! || 0;
      const x = rowAt(T, memory, rows, columns, row);
      interceptSum[0]! += slope;
      for (let j = 0; j < columns; j++) sums[j]! += slope * x[j]!;
    }
  };
