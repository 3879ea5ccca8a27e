// assembly/finite-sum/multi.ts.

import type { Element, LinearMemory } from "../element.js";
import { sparseRow } from "./csr-columns.js";
import { losses } from "./loss.js";
import { rowsOf, sampleWeight } from "./state.js";

const SOFTMAX = 12;

/** What both layouts share: the entries of a row come from `entriesOf`, as columns and values. */
function multi(
  memory: LinearMemory,
  T: Element,
  outputs: number,
  labels: number,
  sampleWeights: number,
  loss: number,
  parameter: number,
  weights: number,
  intercepts: number,
  gradient: number,
  interceptGradient: number,
  rows: Iterable<number>,
  entriesOf: (row: number) => Iterable<readonly [column: number, value: number]>,
): number {
  const view = (pointer: number, length?: number) => new Float64Array(memory.buffer, pointer, length);
  const w = view(weights);
  const sums = view(gradient);
  const interceptSums = view(interceptGradient, outputs);
  let total = 0;
  for (const row of rows) {
    const predictions = view(intercepts, outputs).slice();
    for (const [column, x] of entriesOf(row)) {
      for (let k = 0; k < outputs; k++) predictions[k]! += x * w[column * outputs + k]!;
    }
    const weight = sampleWeight(memory, sampleWeights, row);
    const { value, slopes } = lossOf(T, memory, predictions, labels, row, loss, parameter);
    total += weight * value;
    for (let k = 0; k < outputs; k++) interceptSums[k]! += weight * slopes[k]!;
    for (const [column, x] of entriesOf(row)) {
      for (let k = 0; k < outputs; k++) sums[column * outputs + k]! += x * weight * slopes[k]!;
    }
  }
  return total;
}

export function lossOf(
  T: Element,
  memory: LinearMemory,
  predictions: Float64Array,
  labels: number,
  row: number,
  loss: number,
  parameter: number,
): { value: number; slopes: Float64Array } {
  const outputs = predictions.length;
  if (loss === SOFTMAX) {
    const label = T.view(memory, labels + row * T.bytes, 1)[0]!;
    const greatest = Math.max(...predictions);
    const shares = predictions.map((p) => Math.exp(Math.max(p - greatest, -700)));
    const sum = shares.reduce((a, b) => a + b);
    const slopes = shares.map((share, k) => share / sum - (k === label ? 1 : 0));
    return { value: Math.log(sum) + greatest - predictions[label]!, slopes };
  }
  const own = T.view(memory, labels + row * outputs * T.bytes, outputs);
  const { value, derivative } = losses[loss]!;
  return {
    value: predictions.reduce((sum, p, k) => sum + value(p, own[k]!, parameter), 0),
    slopes: predictions.map((p, k) => derivative(p, own[k]!, parameter)),
  };
}

export const multiDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    rows: number,
    columns: number,
    outputs: number,
    labels: number,
    sampleWeights: number,
    loss: number,
    parameter: number,
    weights: number,
    intercepts: number,
    gradient: number,
    interceptGradient: number,
    _predictions: number,
  ): number =>
    multi(
      memory,
      T,
      outputs,
      labels,
      sampleWeights,
      loss,
      parameter,
      weights,
      intercepts,
      gradient,
      interceptGradient,
      rowsOf(memory, count, first, order),
      (row) => T.view(memory, rows + row * columns * T.bytes, columns).entries(),
    );

export const multiCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    values: number,
    indices: number,
    offsets: number,
    outputs: number,
    labels: number,
    sampleWeights: number,
    loss: number,
    parameter: number,
    weights: number,
    intercepts: number,
    gradient: number,
    interceptGradient: number,
    _predictions: number,
  ): number =>
    multi(
      memory,
      T,
      outputs,
      labels,
      sampleWeights,
      loss,
      parameter,
      weights,
      intercepts,
      gradient,
      interceptGradient,
      rowsOf(memory, count, first, order),
      (row) => {
        const { x, at } = sparseRow(T, memory, values, indices, offsets, row, 1);
        return Array.from(x, (value, k) => [at[k]!, value] as const);
      },
    );
