// assembly/network/perceptron.ts, with the same operations in the same order.

import type { Element, LinearMemory } from "../element.js";

/** One epoch, a step a row. Returns the sum of squared errors. */
export const perceptronEpoch =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    offsets: number,
    keys: number,
    values: number,
    targets: number,
    weights: number,
    changes: number,
    bias: number,
    alpha: number,
    momentum: number,
    rate: number,
  ): number => {
    const starts = new Int32Array(memory.buffer, offsets, n + 1);
    const K = new Int32Array(memory.buffer, keys, starts[n]!);
    const X = new Float64Array(memory.buffer, values, starts[n]!);
    const Y = new Float64Array(memory.buffer, targets, n);
    const B = new Float64Array(memory.buffer, bias, 1);
    const length = K.reduce((most, key) => Math.max(most, key + 1), 0);
    const [W, C] = [T.view(memory, weights, length), T.view(memory, changes, length)];
    let total = 0;
    for (let i = 0; i < n; i++) {
      const entries = Array.from({ length: starts[i + 1]! - starts[i]! }, (_, j) => starts[i]! + j);
      const sum = entries.reduce((before, j) => before + X[j]! * W[K[j]!]!, B[0]!);
      const output = sum <= 0 ? 0 : alpha * sum;
      const error = Y[i]! - output;
      if (error === 0 || Number.isNaN(error)) continue;
      total += error * error;
      const delta = (output > 0 ? 1 : alpha) * error * rate;
      for (const j of entries) {
        const k = K[j]!;
        const change = delta * X[j]! + momentum * C[k]!;
        C[k] = change;
        W[k] = W[k]! + change;
      }
      B[0] = B[0]! + delta;
    }
    return total;
  };
