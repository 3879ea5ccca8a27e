// What the rows' records alone tell: sums of the losses' slopes and conjugates, and how curved the losses are.

import { conjugate, derivative, value } from "./loss";
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

/** Below this squared norm of a row's gradient a descent would be lost in the rounding of the losses. */
// @ts-ignore: decorator
@inline const FLAT: f64 = 1e-8;

/**
 * The least of smoothness, 2 smoothness, 4 smoothness, ... =: L with which each of the rows keeps to
 *
 *   loss(p - g q / L, y) <= loss(p, y) - g^2 q / (2 L),   g = loss'(p, y)
 *
 * that is, a step of 1 / L along its own gradient brings its loss down as far as L promises. Residuals are the predictions
 * p; norms f64[count] holds the squared norms q, times the rows' weights. Schmidt, Le Roux, Bach 2013, section 4.6.
 */
// @ts-ignore: decorator
@inline
function searchSmoothness<T>(count: i32, table: usize, norms: usize, loss: i32, parameter: f64, smoothness: f64): f64 {
  for (let row = 0; row < count; ++row) {
    const own = record<T>(table, row);
    const p = residual<T>(own), y = label<T>(own), q = load<f64>(norms + (<usize>row << 3));
    const g = derivative(loss, p, y, parameter);
    if (!(g * g * q > FLAT)) continue;
    const here = value(loss, p, y, parameter);
    for (let k = 0; k < 100; ++k) {
      if (value(loss, p - g * q / smoothness, y, parameter) <= here - 0.5 * g * g * q / smoothness) break;
      smoothness *= 2.0;
    }
  }
  return smoothness;
}

export function searchSmoothness_f32(
  count: i32, table: usize, norms: usize, loss: i32, parameter: f64, smoothness: f64,
): f64 {
  return searchSmoothness<f32>(count, table, norms, loss, parameter, smoothness);
}

export function searchSmoothness_f64(
  count: i32, table: usize, norms: usize, loss: i32, parameter: f64, smoothness: f64,
): f64 {
  return searchSmoothness<f64>(count, table, norms, loss, parameter, smoothness);
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
