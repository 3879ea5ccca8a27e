// Sums over the rows' records alone: the losses' slopes and conjugates.

import { conjugate, derivative } from "./loss";
import { label, record, residual, sampleWeight } from "./state";

/** sum_i s_i l'(p_i + shift, y_i), for residuals that are predictions: falls through 0 where the intercept is best. */
// @ts-ignore: decorator
@inline
function slopes<T>(count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, shift: f64): f64 {
  let sum: f64 = 0;
  for (let row = 0; row < count; ++row) {
    const own = record<T>(table, row);
    sum += sampleWeight(sampleWeights, row) * derivative(loss, residual<T>(own) + shift, label<T>(own), parameter);
  }
  return sum;
}

/** sum_i s_i l*(factor g_i / s_i, y_i), l* the conjugate and g_i the residuals, weighted derivatives. */
// @ts-ignore: decorator
@inline
function conjugates<T>(count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, factor: f64): f64 {
  let sum: f64 = 0;
  for (let row = 0; row < count; ++row) {
    const own = record<T>(table, row);
    const weight = sampleWeight(sampleWeights, row);
    if (weight > 0.0) sum += weight * conjugate(loss, factor * residual<T>(own) / weight, label<T>(own), parameter);
  }
  return sum;
}

export function slopes_f32(
  count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, shift: f64,
): f64 {
  return slopes<f32>(count, table, sampleWeights, loss, parameter, shift);
}

export function slopes_f64(
  count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, shift: f64,
): f64 {
  return slopes<f64>(count, table, sampleWeights, loss, parameter, shift);
}

export function conjugates_f32(
  count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, factor: f64,
): f64 {
  return conjugates<f32>(count, table, sampleWeights, loss, parameter, factor);
}

export function conjugates_f64(
  count: i32, table: usize, sampleWeights: usize, loss: i32, parameter: f64, factor: f64,
): f64 {
  return conjugates<f64>(count, table, sampleWeights, loss, parameter, factor);
}
