// Linear models on compressed sparse rows: SAG, SVRG and the full gradient. A step costs the row's stored entries,
// whatever the number of columns.
//
//   values    T[stored], indices   i32[stored], offsets   i32[n + 1]: row i holds the entries offsets[i] .. offsets[i+1]-1
//   features  one record of 32 bytes a column, f64 whatever T is:
//             0 v   the weight is scale * v, once the column has been caught up
//             8 g   SAG: the sum S of the stored gradients. SVRG: the mean gradient of the data at the snapshot
//            16 lag the state's lag when the column was last caught up
//
// Both methods take w <- (1 - step l2) w - rate g in all columns at every step. Here the factor goes into the state's
// `scale`, and the rest is owed: a step adds rate / scale to the state's `lag`, and a column that is needed again pays
// v <- v - (lag - own lag) g at once, which is exact since its g has not changed in between.

import { checkArray } from "../simd/lanes";
import { INTERCEPT, INTERCEPT_GRADIENT, LAG, SCALE, SEEN, SINK, exchange, label, record, residual, setResidual } from "./state";
import { Logistic, Loss, Squared } from "./loss";

// @ts-ignore: decorator
@inline const FEATURE: usize = 32;
// @ts-ignore: decorator
@inline const GRADIENT: usize = 8;
// @ts-ignore: decorator
@inline const OWN_LAG: usize = 16;

/** Below this scale the columns are caught up and the scale is multiplied in, before v grows out of range. */
// @ts-ignore: decorator
@inline const LEAST_SCALE: f64 = 1e-9;

// @ts-ignore: decorator
@inline
function feature(features: usize, indices: usize, entry: i32): usize {
  return features + (<usize>load<i32>(indices + (<usize>entry << 2))) * FEATURE;
}

// @ts-ignore: decorator
@inline
function value<T>(values: usize, entry: i32): f64 {
  return <f64>load<T>(values + (<usize>entry) * sizeof<T>());
}

function touch<T>(
  count: i32, order: usize, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
): void {
  let word = 0;
  for (const end = order + (<usize>count << 2); order < end; order += 4) {
    const row = load<i32>(order);
    const bounds = offsets + (<usize>row << 2);
    word ^= load<i32>(record<T>(table, row));
    const first = <usize>load<i32>(bounds), last = <usize>load<i32>(bounds, 4);
    for (let p = values + first * sizeof<T>(), end = values + last * sizeof<T>(); p < end; p += 64) word ^= load<i32>(p);
    for (let p = indices + (first << 2), end = indices + (last << 2); p < end; p += 64) word ^= load<i32>(p);
  }
  store<i32>(state, word, SINK);
}

/** Catches up the columns of a row and returns x.v. */
// @ts-ignore: decorator
@inline
function catchUp<T>(first: i32, last: i32, values: usize, indices: usize, features: usize, lag: f64): f64 {
  let sum: f64 = 0;
  for (let entry = first; entry < last; ++entry) {
    const column = feature(features, indices, entry);
    const v = load<f64>(column) - (lag - load<f64>(column, OWN_LAG)) * load<f64>(column, GRADIENT);
    store<f64>(column, v);
    store<f64>(column, lag, OWN_LAG);
    sum += v * value<T>(values, entry);
  }
  return sum;
}

/** Catches up every column, so that v is the weight itself; the state's scale becomes 1 and its lag 0. */
export function settleCsr(columns: i32, features: usize, state: usize): void {
  const scale = load<f64>(state, SCALE);
  const lag = load<f64>(state, LAG);
  const end = features + (<usize>columns) * FEATURE;
  for (let column = features; column < end; column += FEATURE) {
    const v = load<f64>(column) - (lag - load<f64>(column, OWN_LAG)) * load<f64>(column, GRADIENT);
    store<f64>(column, scale * v);
    store<f64>(column, 0, OWN_LAG);
  }
  store<f64>(state, 1, SCALE);
  store<f64>(state, 0, LAG);
}

/** One step's decay and debt. Returns the new scale. */
// @ts-ignore: decorator
@inline
function owe(decay: f64, rate: f64, columns: i32, features: usize, state: usize): f64 {
  const scale = decay * load<f64>(state, SCALE);
  store<f64>(state, scale, SCALE);
  store<f64>(state, load<f64>(state, LAG) + rate / scale, LAG);
  return scale;
}

/** SAG; the rule as in ./dense.ts. */
// @ts-ignore: decorator
@inline
function sagCsr<T, L extends Loss>(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<f64>(4 * columns, features);
  assert(burst > 0, "burst must be positive");
  const loss = changetype<L>(0);
  const decay = 1.0 - stepSize * l2;
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touch<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = load<i32>(offsets + (<usize>row << 2)), last = load<i32>(offsets + (<usize>row << 2), 4);
      const own = record<T>(table, row);
      const sum = catchUp<T>(first, last, values, indices, features, load<f64>(state, LAG));
      const derivative = loss.derivative(load<f64>(state, SCALE) * sum + intercept, label<T>(own));
      const change = exchange<T>(own, state, derivative);
      for (let entry = first; entry < last; ++entry) {
        const column = feature(features, indices, entry);
        store<f64>(column, load<f64>(column, GRADIENT) + change * value<T>(values, entry), GRADIENT);
      }
      const share = 1.0 / load<f64>(state, SEEN);
      if (owe(decay, stepSize * share, columns, features, state) < LEAST_SCALE) settleCsr(columns, features, state);
      interceptSum += change;
      intercept -= interceptStep * share * interceptSum;
    }
  }
  store<f64>(state, intercept, INTERCEPT);
  store<f64>(state, interceptSum, INTERCEPT_GRADIENT);
}

/** Inner steps of SVRG; the rule as in ./dense.ts. */
// @ts-ignore: decorator
@inline
function svrgCsr<T, L extends Loss>(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<f64>(4 * columns, features);
  assert(burst > 0, "burst must be positive");
  const loss = changetype<L>(0);
  const decay = 1.0 - stepSize * l2;
  let intercept = load<f64>(state, INTERCEPT);
  const interceptGradient = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touch<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = load<i32>(offsets + (<usize>row << 2)), last = load<i32>(offsets + (<usize>row << 2), 4);
      const own = record<T>(table, row);
      const sum = catchUp<T>(first, last, values, indices, features, load<f64>(state, LAG));
      const derivative = loss.derivative(load<f64>(state, SCALE) * sum + intercept, label<T>(own));
      const change = derivative - residual<T>(own);
      const scale = owe(decay, stepSize, columns, features, state);
      const pull = stepSize * change / scale;
      for (let entry = first; entry < last; ++entry) {
        const column = feature(features, indices, entry);
        store<f64>(column, load<f64>(column) - pull * value<T>(values, entry));
      }
      if (scale < LEAST_SCALE) settleCsr(columns, features, state);
      intercept -= interceptStep * (change + interceptGradient);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
}

/** The loss gradient of a range of rows, as `gradientDense` in ./dense.ts; weights and gradient are f64[columns]. */
// @ts-ignore: decorator
@inline
function gradientCsr<T, L extends Loss>(
  count: i32, first: i32, keep: i32, values: usize, indices: usize, offsets: usize, table: usize,
  weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  const loss = changetype<L>(0);
  let total: f64 = 0;
  let interceptSum = load<f64>(interceptGradient);
  for (let row = first; row < first + count; ++row) {
    const begin = load<i32>(offsets + (<usize>row << 2)), end = load<i32>(offsets + (<usize>row << 2), 4);
    const own = record<T>(table, row);
    let prediction = intercept;
    for (let entry = begin; entry < end; ++entry) {
      const column = <usize>load<i32>(indices + (<usize>entry << 2)) << 3;
      prediction += value<T>(values, entry) * load<f64>(weights + column);
    }
    const derivative = <f64>(<T>loss.derivative(prediction, label<T>(own)));
    total += loss.value(prediction, label<T>(own));
    if (keep) setResidual<T>(own, <T>derivative);
    interceptSum += derivative;
    for (let entry = begin; entry < end; ++entry) {
      const column = gradient + (<usize>load<i32>(indices + (<usize>entry << 2)) << 3);
      store<f64>(column, load<f64>(column) + derivative * value<T>(values, entry));
    }
  }
  store<f64>(interceptGradient, interceptSum);
  return total;
}

export function sagCsrLogistic_f32(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagCsr<f32, Logistic>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function sagCsrLogistic_f64(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagCsr<f64, Logistic>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function sagCsrSquared_f32(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagCsr<f32, Squared>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function sagCsrSquared_f64(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagCsr<f64, Squared>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function svrgCsrLogistic_f32(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgCsr<f32, Logistic>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function svrgCsrLogistic_f64(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgCsr<f64, Logistic>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function svrgCsrSquared_f32(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgCsr<f32, Squared>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function svrgCsrSquared_f64(
  steps: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  columns: i32, features: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgCsr<f64, Squared>(
    steps, order, burst, values, indices, offsets, table, state, columns, features, stepSize, l2, interceptStep,
  );
}
export function gradientCsrLogistic_f32(
  count: i32, first: i32, keep: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize,
  intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f32, Logistic>(
    count, first, keep, values, indices, offsets, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientCsrLogistic_f64(
  count: i32, first: i32, keep: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize,
  intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f64, Logistic>(
    count, first, keep, values, indices, offsets, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientCsrSquared_f32(
  count: i32, first: i32, keep: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize,
  intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f32, Squared>(
    count, first, keep, values, indices, offsets, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientCsrSquared_f64(
  count: i32, first: i32, keep: i32, values: usize, indices: usize, offsets: usize, table: usize, weights: usize,
  intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  return gradientCsr<f64, Squared>(
    count, first, keep, values, indices, offsets, table, weights, intercept, gradient, interceptGradient,
  );
}
