// Gradients of models with several outputs: softmax, or any loss of one output in each of them.
//
//   labels     T[n] for softmax, the class of each row; else T[n][outputs]
//   weights    f64[columns][outputs], and gradient alike; intercepts and interceptGradient f64[outputs]
//   predictions f64[outputs], room for those of a row
//
// Adds the gradients of the rows first .. first + count - 1, or of order[0 .. count), each times its weight, and returns the sum
// of their losses. Here `columns` of dense rows counts no padding.

import { VECTOR, multiplyAdd } from "../simd/lanes";
import { endOfEntries, firstEntry, value as entryValue } from "./csr-rows";
import { slopes } from "./multi-loss";
import { sampleWeight } from "./state";

/** y <- y + alpha x, f64[n]: few numbers, and many calls. */
// @ts-ignore: decorator
@inline
function add(n: i32, alpha: f64, x: usize, y: usize): void {
  const a = f64x2.splat(alpha);
  const end = y + (<usize>n << 3), vectors = y + ((<usize>n & ~1) << 3);
  for (; y < vectors; x += VECTOR, y += VECTOR) v128.store(y, multiplyAdd<f64>(a, v128.load(x), v128.load(y)));
  if (y < end) store<f64>(y, load<f64>(y) + alpha * load<f64>(x));
}

// @ts-ignore: decorator
@inline
function multiDense<T>(
  count: i32, first: i32, order: usize, rows: usize, columns: i32, outputs: i32, labels: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize, interceptGradient: usize, predictions: usize,
): f64 {
  let total: f64 = 0;
  const width = <usize>outputs << 3;
  for (let k = 0; k < count; ++k) {
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const start = rows + <usize>row * <usize>columns * sizeof<T>();
    const end = start + <usize>columns * sizeof<T>();
    memory.copy(predictions, intercepts, width);
    for (let x = start, w = weights; x < end; x += sizeof<T>(), w += width) {
      const entry = <f64>load<T>(x);
      if (entry != 0.0) add(outputs, entry, w, predictions);
    }
    total += slopes<T>(outputs, row, predictions, labels, loss, parameter, sampleWeight(sampleWeights, row));
    add(outputs, 1.0, predictions, interceptGradient);
    for (let x = start, g = gradient; x < end; x += sizeof<T>(), g += width) {
      const entry = <f64>load<T>(x);
      if (entry != 0.0) add(outputs, entry, predictions, g);
    }
  }
  return total;
}

// @ts-ignore: decorator
@inline
function multiCsr<T>(
  count: i32, first: i32, order: usize, values: usize, indices: usize, offsets: usize, outputs: i32, labels: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize,
  interceptGradient: usize, predictions: usize,
): f64 {
  let total: f64 = 0;
  const width = <usize>outputs << 3;
  for (let k = 0; k < count; ++k) {
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const begin = firstEntry(offsets, row), end = endOfEntries(offsets, row);
    memory.copy(predictions, intercepts, width);
    for (let entry = begin; entry < end; ++entry) {
      const column = <usize>load<i32>(indices + (<usize>entry << 2));
      add(outputs, entryValue<T>(values, entry), weights + column * width, predictions);
    }
    total += slopes<T>(outputs, row, predictions, labels, loss, parameter, sampleWeight(sampleWeights, row));
    add(outputs, 1.0, predictions, interceptGradient);
    for (let entry = begin; entry < end; ++entry) {
      const column = <usize>load<i32>(indices + (<usize>entry << 2));
      add(outputs, entryValue<T>(values, entry), predictions, gradient + column * width);
    }
  }
  return total;
}

export function multiDense_f32(
  count: i32, first: i32, order: usize, rows: usize, columns: i32, outputs: i32, labels: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize, interceptGradient: usize, predictions: usize,
): f64 {
  return multiDense<f32>(
    count, first, order, rows, columns, outputs, labels, sampleWeights, loss, parameter, weights, intercepts, gradient,
    interceptGradient, predictions,
  );
}

export function multiDense_f64(
  count: i32, first: i32, order: usize, rows: usize, columns: i32, outputs: i32, labels: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize, interceptGradient: usize, predictions: usize,
): f64 {
  return multiDense<f64>(
    count, first, order, rows, columns, outputs, labels, sampleWeights, loss, parameter, weights, intercepts, gradient,
    interceptGradient, predictions,
  );
}

export function multiCsr_f32(
  count: i32, first: i32, order: usize, values: usize, indices: usize, offsets: usize, outputs: i32, labels: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize,
  interceptGradient: usize, predictions: usize,
): f64 {
  return multiCsr<f32>(
    count, first, order, values, indices, offsets, outputs, labels, sampleWeights, loss, parameter, weights, intercepts,
    gradient, interceptGradient, predictions,
  );
}

export function multiCsr_f64(
  count: i32, first: i32, order: usize, values: usize, indices: usize, offsets: usize, outputs: i32, labels: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercepts: usize, gradient: usize,
  interceptGradient: usize, predictions: usize,
): f64 {
  return multiCsr<f64>(
    count, first, order, values, indices, offsets, outputs, labels, sampleWeights, loss, parameter, weights, intercepts,
    gradient, interceptGradient, predictions,
  );
}
