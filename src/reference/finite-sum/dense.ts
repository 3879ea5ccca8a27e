// assembly/finite-sum/dense.ts, with sums in plain order: results agree with the kernels to rounding, not to the bit.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { type Loss, logistic, squared } from "./loss.js";
import { exchange, INTERCEPT, INTERCEPT_GRADIENT, recordAt, SEEN, stateAt } from "./state.js";

function product(x: FloatArray, w: FloatArray): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * w[j]!;
  return sum;
}

const sagDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    _burst: number,
    rows: number,
    columns: number,
    table: number,
    state: number,
    weights: number,
    gradientSum: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
  ): void => {
    const { round } = T;
    const at = stateAt(memory, state);
    const w = T.view(memory, weights, columns);
    const S = T.view(memory, gradientSum, columns);
    const shrink = round(stepSize * l2);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const change = exchange(own, at, loss.derivative(product(x, w) + at[INTERCEPT]!, own[0]!));
      const factor = round(change);
      const rate = round(stepSize / at[SEEN]!);
      for (let j = 0; j < columns; j++) {
        S[j] = round(factor * x[j]!) + S[j]!;
        w[j] = w[j]! - round(round(rate * S[j]!) + round(shrink * w[j]!));
      }
      at[INTERCEPT_GRADIENT]! += change;
      at[INTERCEPT]! -= (interceptStep / at[SEEN]!) * at[INTERCEPT_GRADIENT]!;
    }
  };

const svrgDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    _burst: number,
    rows: number,
    columns: number,
    table: number,
    state: number,
    weights: number,
    snapshotGradient: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
  ): void => {
    const { round } = T;
    const at = stateAt(memory, state);
    const w = T.view(memory, weights, columns);
    const mean = T.view(memory, snapshotGradient, columns);
    const shrink = round(stepSize * l2);
    const rate = round(stepSize);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const change = loss.derivative(product(x, w) + at[INTERCEPT]!, own[0]!) - own[1]!;
      const factor = round(stepSize * change);
      for (let j = 0; j < columns; j++) {
        w[j] = w[j]! - round(round(factor * x[j]!) + round(round(rate * mean[j]!) + round(shrink * w[j]!)));
      }
      at[INTERCEPT]! -= interceptStep * (change + at[INTERCEPT_GRADIENT]!);
    }
  };

const gradientDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    keep: number,
    rows: number,
    columns: number,
    table: number,
    weights: number,
    intercept: number,
    gradient: number,
    interceptGradient: number,
  ): number => {
    const w = T.view(memory, weights, columns);
    const sum = new Float64Array(memory.buffer, gradient, columns);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    let total = 0;
    for (let row = first; row < first + count; row++) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const prediction = product(x, w) + intercept;
      const derivative = T.round(loss.derivative(prediction, own[0]!));
      total += loss.value(prediction, own[0]!);
      if (keep) own[1] = derivative;
      interceptSum[0]! += derivative;
      for (let j = 0; j < columns; j++) sum[j]! += derivative * x[j]!;
    }
    return total;
  };

export const sagDenseLogistic = sagDense(logistic);
export const sagDenseSquared = sagDense(squared);
export const svrgDenseLogistic = svrgDense(logistic);
export const svrgDenseSquared = svrgDense(squared);
export const gradientDenseLogistic = gradientDense(logistic);
export const gradientDenseSquared = gradientDense(squared);
