// SDCA and Finito on sparse rows: the rules of ./dense-dual.ts. v of a column's record holds z; with l1, z is shrunk by `ratio`,
// 1 / l2, times the column's l1, which is in `strengths` or the same for all; without, `ratio` is 0. Nothing is owed: a step
// moves the columns of its row alone.

import { checkArray } from "../simd/lanes";
import { shrink } from "./csr-l1";
import { productL2 } from "./csr-l2";
import { moveRecords, recordAt } from "./csr-records";
import { endOfEntries, firstEntry, touchEntries, value } from "./csr-rows";
import { derivative, dualStep } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, label, nextFactors, record, residual, setResidual, weightOf } from "./state";

// @ts-ignore: decorator
@inline
function productShrunk<T>(
  value: usize, index: usize, end: usize, features: usize, ratio: f64, l1: f64, strengths: usize,
): f64 {
  let sum: f64 = 0;
  for (; index < end; index += 4, value += sizeof<T>()) {
    const column = load<i32>(index);
    const own = strengths ? load<f64>(strengths + (<usize>column << 3)) : l1;
    sum += <f64>load<T>(value) * shrink(load<f64>(recordAt(features, column)), ratio * own);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function squaredNorm<T>(first: i32, last: i32, values: usize): f64 {
  let sum: f64 = 0;
  for (let entry = first; entry < last; ++entry) sum += value<T>(values, entry) * value<T>(values, entry);
  return sum;
}

/** H is i32 with l1, f64 without. */
// @ts-ignore: decorator
@inline
function walk<T, H>(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(2 * columns, features);
  assert(burst > 0, "burst must be positive");
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touchEntries<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = firstEntry(offsets, row), last = endOfEntries(offsets, row);
      const x = values + <usize>first * sizeof<T>(), index = indices + (<usize>first << 2);
      const endOfRow = indices + (<usize>last << 2);
      const own = record<T>(table, row);
      const weight = weightOf(factors);
      const p = intercept + (isInteger<H>()
        ? productShrunk<T>(x, index, endOfRow, features, ratio, l1, strengths)
        : productL2<T>(x, index, endOfRow, features, 0));
      const stored = residual<T>(own);
      const g = weight > 0.0 ? stored / weight : 0.0;
      const next = relaxation > 0.0
        ? g + relaxation * (derivative(loss, p, label<T>(own), parameter) - g)
        : dualStep(loss, g, p, label<T>(own), weight * (scale * squaredNorm<T>(first, last, values) + interceptScale), parameter);
      setResidual<T>(own, <T>(weight * next));
      const change = residual<T>(own) - stored;
      moveRecords<T>(x, index, endOfRow, features, -scale * change, 0);
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
  state: usize, columns: i32, features: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  if (ratio > 0.0) walk<f32, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, ratio, l1, strengths, loss,
    parameter, scale, interceptScale, relaxation,
  );
  else walk<f32, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, loss, parameter,
    scale, interceptScale, relaxation,
  );
}

export function sdcaCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  if (ratio > 0.0) walk<f64, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, ratio, l1, strengths, loss,
    parameter, scale, interceptScale, relaxation,
  );
  else walk<f64, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, loss, parameter,
    scale, interceptScale, relaxation,
  );
}
