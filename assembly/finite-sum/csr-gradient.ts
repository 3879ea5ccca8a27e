// Gradients over rows that all see the same weights, f64[columns], sparse rows. As ./dense-gradient.ts.

import { endOfEntries, firstEntry, value } from "./csr-rows";
import { derivative, value as lossValue } from "./loss";
import { label, record, residual, sampleWeight, setResidual } from "./state";

// @ts-ignore: decorator
@inline
function columnOf(indices: usize, entry: i32): usize {
  return <usize>load<i32>(indices + (<usize>entry << 2)) << 3;
}

// @ts-ignore: decorator
@inline
function product<T>(first: i32, last: i32, values: usize, indices: usize, weights: usize): f64 {
  let a: f64 = 0, b: f64 = 0;
  let entry = first;
  for (const end = last - 1; entry < end; entry += 2) {
    a += value<T>(values, entry) * load<f64>(weights + columnOf(indices, entry));
    b += value<T>(values, entry + 1) * load<f64>(weights + columnOf(indices, entry + 1));
  }
  if (entry < last) a += value<T>(values, entry) * load<f64>(weights + columnOf(indices, entry));
  return a + b;
}

// @ts-ignore: decorator
@inline
function accumulate<T>(first: i32, last: i32, values: usize, indices: usize, gradient: usize, derivative: f64): void {
  for (let entry = first; entry < last; ++entry) {
    const column = gradient + columnOf(indices, entry);
    store<f64>(column, load<f64>(column) + derivative * value<T>(values, entry));
  }
}

// @ts-ignore: decorator
@inline
function gradientCsr<T>(
  count: i32, first: i32, order: usize, keep: i32, values: usize, indices: usize, offsets: usize, table: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  let total: f64 = 0;
  let interceptSum = load<f64>(interceptGradient);
  for (let k = 0; k < count; ++k) {
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const begin = firstEntry(offsets, row), end = endOfEntries(offsets, row);
    const own = record<T>(table, row);
    const prediction = product<T>(begin, end, values, indices, weights) + intercept;
    const weight = sampleWeight(sampleWeights, row);
    const slope = <f64>(<T>(weight * derivative(loss, prediction, label<T>(own), parameter)));
    total += weight * lossValue(loss, prediction, label<T>(own), parameter);
    if (keep) setResidual<T>(own, <T>slope);
    interceptSum += slope;
    accumulate<T>(begin, end, values, indices, gradient, slope);
  }
  store<f64>(interceptGradient, interceptSum);
  return total;
}

// @ts-ignore: decorator
@inline
function predictCsr<T>(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize, intercept: f64,
): void {
  for (let row = first; row < first + count; ++row) {
    const sum = product<T>(firstEntry(offsets, row), endOfEntries(offsets, row), values, indices, weights);
    setResidual<T>(record<T>(table, row), <T>(sum + intercept));
  }
}

// @ts-ignore: decorator
@inline
function resumCsr<T>(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, gradient: usize,
  interceptGradient: usize,
): void {
  let interceptSum = load<f64>(interceptGradient);
  for (let row = first; row < first + count; ++row) {
    const stored = residual<T>(record<T>(table, row));
    const slope = stored == stored ? stored : 0.0;
    interceptSum += slope;
    accumulate<T>(firstEntry(offsets, row), endOfEntries(offsets, row), values, indices, gradient, slope);
  }
  store<f64>(interceptGradient, interceptSum);
}

export function gradientCsr_f32(
  count: i32, first: i32, order: usize, keep: i32, values: usize, indices: usize, offsets: usize, table: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f32>(
    count, first, order, keep, values, indices, offsets, table, sampleWeights, loss, parameter, weights, intercept,
    gradient, interceptGradient,
  );
}

export function gradientCsr_f64(
  count: i32, first: i32, order: usize, keep: i32, values: usize, indices: usize, offsets: usize, table: usize,
  sampleWeights: usize, loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f64>(
    count, first, order, keep, values, indices, offsets, table, sampleWeights, loss, parameter, weights, intercept,
    gradient, interceptGradient,
  );
}

export function predictCsr_f32(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize, intercept: f64,
): void {
  predictCsr<f32>(count, first, values, indices, offsets, table, weights, intercept);
}

export function predictCsr_f64(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize, intercept: f64,
): void {
  predictCsr<f64>(count, first, values, indices, offsets, table, weights, intercept);
}

export function resumCsr_f32(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, gradient: usize,
  interceptGradient: usize,
): void {
  resumCsr<f32>(count, first, values, indices, offsets, table, gradient, interceptGradient);
}

export function resumCsr_f64(
  count: i32, first: i32, values: usize, indices: usize, offsets: usize, table: usize, gradient: usize,
  interceptGradient: usize,
): void {
  resumCsr<f64>(count, first, values, indices, offsets, table, gradient, interceptGradient);
}
