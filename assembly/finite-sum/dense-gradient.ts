// Gradients over rows that all see the same weights, dense rows.

import { accumulate, product, rowAt } from "./dense-rows";
import { curvatureFrom, derivativeFrom, exponential, valueFrom } from "./loss";
import { CURVATURES, SLOPES, label, record, residual, sampleWeight, setResidual } from "./state";

/**
 * Adds to `gradient`, f64[columns], and to `interceptGradient`, f64[1], the loss gradients of `count` rows, each times its
 * weight; returns the sum of their losses, weighted alike. The rows are order[0 .. count), or first .. first + count - 1 if
 * `order` is 0. What `keep` says becomes the residuals: the derivatives, which makes the weights the snapshot of SVRG, or the
 * second derivatives, of which ./dense-hessian.ts makes products with the Hessian.
 */
// @ts-ignore: decorator
@inline
function gradientDense<T>(
  count: i32, first: i32, order: usize, keep: i32, rows: usize, columns: i32, table: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  let total: f64 = 0;
  let interceptSum = load<f64>(interceptGradient);
  for (let k = 0; k < count; ++k) {
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const x = rowAt<T>(rows, columns, row);
    const own = record<T>(table, row);
    const prediction = product<T>(columns, x, weights) + intercept;
    const weight = sampleWeight(sampleWeights, row);
    const y = label<T>(own), e = exponential(loss, prediction, y), share = 1.0 / (1.0 + e);
    const slope = <f64>(<T>(weight * derivativeFrom(e, share, loss, prediction, y, parameter)));
    total += weight * valueFrom(e, loss, prediction, y, parameter);
    if (keep == SLOPES) setResidual<T>(own, <T>slope);
    else if (keep == CURVATURES) setResidual<T>(own, <T>(weight * curvatureFrom(e, share, loss, prediction, y, parameter)));
    interceptSum += slope;
    accumulate<T>(columns, x, gradient, slope);
  }
  store<f64>(interceptGradient, interceptSum);
  return total;
}

/** The residuals of the rows first .. first + count - 1 become their predictions. */
// @ts-ignore: decorator
@inline
function predictDense<T>(count: i32, first: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64): void {
  for (let row = first; row < first + count; ++row) {
    const prediction = product<T>(columns, rowAt<T>(rows, columns, row), weights) + intercept;
    setResidual<T>(record<T>(table, row), <T>prediction);
  }
}

/**
 * Adds derivative x to the gradients for the residuals as they stand: what `gradientDense` with `keep` has left, or what a
 * solver keeps.
 */
// @ts-ignore: decorator
@inline
function resumDense<T>(
  count: i32, first: i32, rows: usize, columns: i32, table: usize, gradient: usize, interceptGradient: usize,
): void {
  let interceptSum = load<f64>(interceptGradient);
  for (let row = first; row < first + count; ++row) {
    const stored = residual<T>(record<T>(table, row));
    const slope = stored == stored ? stored : 0.0;
    interceptSum += slope;
    accumulate<T>(columns, rowAt<T>(rows, columns, row), gradient, slope);
  }
  store<f64>(interceptGradient, interceptSum);
}

export function gradientDense_f32(
  count: i32, first: i32, order: usize, keep: i32, rows: usize, columns: i32, table: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f32>(
    count, first, order, keep, rows, columns, table, sampleWeights, loss, parameter, weights, intercept, gradient,
    interceptGradient,
  );
}

export function gradientDense_f64(
  count: i32, first: i32, order: usize, keep: i32, rows: usize, columns: i32, table: usize, sampleWeights: usize,
  loss: i32, parameter: f64, weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f64>(
    count, first, order, keep, rows, columns, table, sampleWeights, loss, parameter, weights, intercept, gradient,
    interceptGradient,
  );
}

export function predictDense_f32(
  count: i32, first: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
): void {
  predictDense<f32>(count, first, rows, columns, table, weights, intercept);
}

export function predictDense_f64(
  count: i32, first: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
): void {
  predictDense<f64>(count, first, rows, columns, table, weights, intercept);
}

export function resumDense_f32(
  count: i32, first: i32, rows: usize, columns: i32, table: usize, gradient: usize, interceptGradient: usize,
): void {
  resumDense<f32>(count, first, rows, columns, table, gradient, interceptGradient);
}

export function resumDense_f64(
  count: i32, first: i32, rows: usize, columns: i32, table: usize, gradient: usize, interceptGradient: usize,
): void {
  resumDense<f64>(count, first, rows, columns, table, gradient, interceptGradient);
}
