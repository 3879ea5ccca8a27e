// SAG, SAGA and the inner steps of SVRG on sparse rows: the rules of ./dense.ts, with what the columns owe as
// ./csr-columns.ts has it. With `history` there is an l1 penalty, and `seen` must not change from one settling to the next.

import { checkArray } from "../simd/lanes";
import { owe } from "./csr-columns";
import { catchUpL1 } from "./csr-l1";
import { moveL2, productL2 } from "./csr-l2";
import { moveRecords } from "./csr-records";
import { endOfEntries, firstEntry, touchEntries } from "./csr-rows";
import { derivative } from "./loss";
import {
  INTERCEPT, INTERCEPT_GRADIENT, LAG, SCALE, SEEN, exchange, importanceOf, label, nextFactors, record, residual, weightOf,
} from "./state";

// As in ./dense.ts.

interface Method {
  change(record: usize, state: usize, derivative: f64): f64;
  pull(importance: f64, share: f64): f64;
  /** Whether the sums take the change in. */
  sums(): bool;
}

class Sag<T> implements Method {
  // @ts-ignore: decorator
  @inline change(record: usize, state: usize, derivative: f64): f64 {
    return exchange<T>(record, state, derivative);
  }
  // @ts-ignore: decorator
  @inline pull(importance: f64, share: f64): f64 {
    return 0;
  }
  // @ts-ignore: decorator
  @inline sums(): bool { return true; }
}

class Saga<T> implements Method {
  // @ts-ignore: decorator
  @inline change(record: usize, state: usize, derivative: f64): f64 {
    return exchange<T>(record, state, derivative);
  }
  // @ts-ignore: decorator
  @inline pull(importance: f64, share: f64): f64 {
    return importance - share;
  }
  // @ts-ignore: decorator
  @inline sums(): bool { return true; }
}

class Svrg<T> implements Method {
  // @ts-ignore: decorator
  @inline change(record: usize, state: usize, derivative: f64): f64 {
    return derivative - residual<T>(record);
  }
  // @ts-ignore: decorator
  @inline pull(importance: f64, share: f64): f64 {
    return importance;
  }
  // @ts-ignore: decorator
  @inline sums(): bool { return false; }
}

/** H is i32 with a history, f64 without. */
// @ts-ignore: decorator
@inline
function walk<T, M extends Method, H>(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, history: usize, capacity: i32,
  loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<f64>(2 * columns, features);
  if (isInteger<H>()) checkArray<f64>(columns, lags);
  assert(burst >= 0, "burst must not be negative");
  const method = changetype<M>(0);
  const decay = 1.0 - stepSize * l2;
  let intercept = load<f64>(state, INTERCEPT);
  for (let left = steps; left > 0;) {
    const count = burst ? min(burst, left) : left;
    left -= count;
    if (burst) touchEntries<T>(count, order, values, indices, offsets, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const first = firstEntry(offsets, row), last = endOfEntries(offsets, row);
      const own = record<T>(table, row);
      const x = values + <usize>first * sizeof<T>(), index = indices + (<usize>first << 2);
      const endOfRow = indices + (<usize>last << 2);
      const lag = load<f64>(state, LAG);
      const sum = isInteger<H>()
        ? catchUpL1<T>(x, index, endOfRow, features, lags, l1, strengths, state, history)
        : productL2<T>(x, index, endOfRow, features, lag);
      const predicted = load<f64>(state, SCALE) * sum + intercept;
      const slope = weightOf(factors) * derivative(loss, predicted, label<T>(own), parameter);
      const change = method.change(own, state, slope);
      const share = 1.0 / load<f64>(state, SEEN);
      const pull = method.pull(importanceOf(factors), share) * change;
      const scale = decay * load<f64>(state, SCALE);
      const pulled = stepSize * pull / scale;
      const summed = method.sums() ? change : 0.0;
      if (isInteger<H>()) moveRecords<T>(x, index, endOfRow, features, -pulled, summed);
      else moveL2<T>(x, index, endOfRow, features, lag, pulled, summed);
      const debt = isInteger<H>() ? stepSize : stepSize * share;
      owe(debt, scale, columns, features, state, lags, l1, strengths, history, capacity);
      intercept -= interceptStep * (share * load<f64>(state, INTERCEPT_GRADIENT) + pull);
      factors = nextFactors(factors);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
}

export function sagCsr_f32(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  walk<f32, Sag<f32>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  walk<f64, Sag<f64>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagaCsr_f32(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, history: usize, capacity: i32,
  loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (history) walk<f32, Saga<f32>, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, lags, l1, strengths,
    history, capacity, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f32, Saga<f32>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagaCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, history: usize, capacity: i32,
  loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (history) walk<f64, Saga<f64>, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, lags, l1, strengths,
    history, capacity, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f64, Saga<f64>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}

export function svrgCsr_f32(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, history: usize, capacity: i32,
  loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (history) walk<f32, Svrg<f32>, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, lags, l1, strengths,
    history, capacity, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f32, Svrg<f32>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}

export function svrgCsr_f64(
  steps: i32, order: usize, factors: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize,
  state: usize, columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, history: usize, capacity: i32,
  loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (history) walk<f64, Svrg<f64>, i32>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, lags, l1, strengths,
    history, capacity, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f64, Svrg<f64>, f64>(
    steps, order, factors, burst, values, indices, offsets, table, state, columns, features, 0, 0, 0, 0, 0,
    loss, parameter, stepSize, l2, interceptStep,
  );
}
