// SDCA and Finito on sparse rows: the rules of ./dense-dual.ts, z f64[columns]. With l1, z is shrunk by `ratio`, 1 / l2, times
// the column's l1, which is in `strengths` or the same for all; without, `ratio` is 0. Nothing is owed: a step moves the columns
// of its row alone.

import { checkArray, multiplyAdd } from "../simd/lanes";
import { shrink } from "./csr-l1";
import { splatOf } from "./csr-records";
import { accumulate, endOfEntries, firstEntry, touchEntries } from "./csr-rows";
import { derivative, dualStep } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, label, nextFactors, record, residual, setResidual, weightOf } from "./state";

/** The weight of the column whose index is there. H is i32 with l1, f64 without. */
// @ts-ignore: decorator
@inline
function weightAt<H>(index: usize, z: usize, ratio: f64, l1: f64, strengths: usize): f64 {
  const place = <usize>load<i32>(index) << 3;
  const free = load<f64>(z + place);
  if (isInteger<H>()) return shrink(free, ratio * (strengths ? load<f64>(strengths + place) : l1));
  return free;
}

/** x (w, x) */
// @ts-ignore: decorator
@inline
function addTerms<T, H>(
  sums: v128, value: usize, index: usize, z: usize, ratio: f64, l1: f64, strengths: usize,
): v128 {
  const x = splatOf<T>(value);
  return multiplyAdd<f64>(x, f64x2.replace_lane(x, 0, weightAt<H>(index, z, ratio, l1, strengths)), sums);
}

/** x.w and |x|^2, of the entries whose values and indices begin there. */
// @ts-ignore: decorator
@inline
function productAndNorm<T, H>(
  value: usize, index: usize, end: usize, z: usize, ratio: f64, l1: f64, strengths: usize,
): v128 {
  let a = f64x2.splat(0), b = a;
  for (; index + 4 < end; index += 8, value += 2 * sizeof<T>()) {
    a = addTerms<T, H>(a, value, index, z, ratio, l1, strengths);
    b = addTerms<T, H>(b, value + sizeof<T>(), index + 4, z, ratio, l1, strengths);
  }
  if (index < end) a = addTerms<T, H>(a, value, index, z, ratio, l1, strengths);
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
function walk<T, H>(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, z: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(columns, z);
  assert(burst >= 0, "burst must not be negative");
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0;) {
    const count = burst ? min(burst, left) : left;
    left -= count;
    if (burst) touchEntries<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = firstEntry(offsets, row), last = endOfEntries(offsets, row);
      const x = values + <usize>first * sizeof<T>(), index = indices + (<usize>first << 2);
      const endOfRow = indices + (<usize>last << 2);
      const own = record<T>(table, row);
      const weight = weightOf(factors);
      const sums = productAndNorm<T, H>(x, index, endOfRow, z, ratio, l1, strengths);
      const p = intercept + f64x2.extract_lane(sums, 0);
      const stored = residual<T>(own);
      const g = weight > 0.0 ? stored / weight : 0.0;
      const next = relaxation > 0.0
        ? g + relaxation * (derivative(loss, p, label<T>(own), parameter) - g)
        : dualStep(loss, g, p, label<T>(own), weight * (scale * f64x2.extract_lane(sums, 1) + interceptScale), parameter);
      setResidual<T>(own, <T>(weight * next));
      const change = residual<T>(own) - stored;
      accumulate<T>(first, last, values, indices, z, -scale * change);
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
  state: usize, columns: i32, z: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  if (ratio > 0.0) walk<f32, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, z, ratio, l1, strengths, loss,
    parameter, scale, interceptScale, relaxation,
  );
  else walk<f32, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, z, 0, 0, 0, loss, parameter,
    scale, interceptScale, relaxation,
  );
}

export function sdcaCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, z: usize, ratio: f64, l1: f64, strengths: usize, loss: i32, parameter: f64, scale: f64,
  interceptScale: f64, relaxation: f64,
): void {
  if (ratio > 0.0) walk<f64, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, z, ratio, l1, strengths, loss,
    parameter, scale, interceptScale, relaxation,
  );
  else walk<f64, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, z, 0, 0, 0, loss, parameter,
    scale, interceptScale, relaxation,
  );
}
