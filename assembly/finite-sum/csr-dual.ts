// SDCA and Finito on sparse rows: the rules of ./dense-dual.ts. v of a column's record holds z; what z is shrunk by is
// `ratio`, 1 / l2, times the column's l1. Nothing is owed: a step moves the columns of its row alone.

import { checkArray } from "../simd/lanes";
import { L1, endOfEntries, feature, firstEntry, shrink, touchEntries, value } from "./csr-columns";
import { derivative, dualStep } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, label, nextFactors, record, residual, setResidual, weightOf } from "./state";

// @ts-ignore: decorator
@inline
function sdcaCsr<T>(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, ratio: f64, loss: i32, parameter: f64, scale: f64, interceptScale: f64,
  relaxation: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(4 * columns, features);
  assert(burst > 0, "burst must be positive");
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touchEntries<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = firstEntry(offsets, row), last = endOfEntries(offsets, row);
      const own = record<T>(table, row);
      const weight = weightOf(factors);
      let p = intercept;
      let squaredNorm: f64 = 0;
      for (let entry = first; entry < last; ++entry) {
        const column = feature(features, indices, entry);
        const x = value<T>(values, entry);
        p += x * shrink(load<f64>(column), ratio * load<f64>(column, L1));
        squaredNorm += x * x;
      }
      const stored = residual<T>(own);
      const g = weight > 0.0 ? stored / weight : 0.0;
      const next = relaxation > 0.0
        ? g + relaxation * (derivative(loss, p, label<T>(own), parameter) - g)
        : dualStep(loss, g, p, label<T>(own), weight * (scale * squaredNorm + interceptScale), parameter);
      setResidual<T>(own, <T>(weight * next));
      const change = residual<T>(own) - stored;
      const pull = scale * change;
      for (let entry = first; entry < last; ++entry) {
        const column = feature(features, indices, entry);
        store<f64>(column, load<f64>(column) - pull * value<T>(values, entry));
      }
      intercept -= interceptScale * change;
      interceptSum += change;
      factors = nextFactors(factors);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
  store<f64>(state, interceptSum, INTERCEPT_GRADIENT);
}

export function sdcaCsr_f32(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, ratio: f64, loss: i32, parameter: f64, scale: f64, interceptScale: f64,
  relaxation: f64,
): void {
  sdcaCsr<f32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, ratio, loss, parameter, scale,
    interceptScale, relaxation,
  );
}

export function sdcaCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, ratio: f64, loss: i32, parameter: f64, scale: f64, interceptScale: f64,
  relaxation: f64,
): void {
  sdcaCsr<f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, ratio, loss, parameter, scale,
    interceptScale, relaxation,
  );
}
