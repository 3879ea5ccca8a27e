// Gradients over rows that all see the same weights, f64[columns], sparse rows. As ./dense-gradient.ts.

import { accumulate, endOfEntries, firstEntry, product } from "./csr-rows";
import { curvatureFrom, derivativeFrom, exponential, valueFrom } from "./loss";
import { CURVATURES, SLOPES, label, record, residual, sampleWeight, setResidual } from "./state";

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
    const y = label<T>(own), e = exponential(loss, prediction, y), share = 1.0 / (1.0 + e);
    const slope = <f64>(<T>(weight * derivativeFrom(e, share, loss, prediction, y, parameter)));
    total += weight * valueFrom(e, loss, prediction, y, parameter);
    if (keep == SLOPES) setResidual<T>(own, <T>slope);
    else if (keep == CURVATURES) setResidual<T>(own, <T>(weight * curvatureFrom(e, share, loss, prediction, y, parameter)));
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
