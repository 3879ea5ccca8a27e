// Linear models on compressed sparse rows. A step costs the row's stored entries, whatever the number of columns.
//
//   values, indices, offsets   the rows: ./csr-rows.ts
//   features  one record a column, f64[2] whatever T is: ./csr-records.ts; what is in it without l1, ./csr-l2.ts, and with
//   lags      with l1: f64[columns], ./csr-l1.ts
//   strengths with l1: that of each column, f64[columns]; or 0, and it is `l1` for all
//   history   with l1: the lags after every step since the columns were last settled, f64[capacity]; 0 without
//
// Of a column, v is its weight without the common `scale` of the state, and g the sum S of the stored gradients, or those of a
// snapshot. All columns take w <- (1 - step l2) w - (step / seen) S at every step. Here the factor goes into the scale, and
// the rest is owed: a step adds to the state's `lag`, and a column that is needed again pays for all at once what it owes.
//
//   without l1  a step adds step / (seen scale);  v <- v - (lag - own lag) g
//   with l1     a step adds step / scale;  v <- shrink(v - a g / seen, a l1) for every part a of its lag

import { settleL1 } from "./csr-l1";
import { settleL2 } from "./csr-l2";
import { LAG, PAST, SCALE } from "./state";

/** Below this scale the columns are caught up and the scale is multiplied in, before v grows out of range. */
// @ts-ignore: decorator
@inline const LEAST_SCALE: f64 = 1e-9;

/** Catches up every column, so that v is the weight itself; the state's scale becomes 1 and its lag 0. */
export function settleCsr(
  columns: i32, features: usize, state: usize, lags: usize, l1: f64, strengths: usize, history: usize,
): void {
  const scale = load<f64>(state, SCALE), lag = load<f64>(state, LAG);
  if (history) settleL1(columns, features, lags, l1, strengths, state, history, scale, lag);
  else settleL2(columns, features, scale, lag);
  store<f64>(state, 1, SCALE);
  store<f64>(state, 0, LAG);
  store<i32>(state, 0, PAST);
}

/** The sum over the columns of (share g + l2 w)^2, for numbers w and g that are `stride` bytes apart from column to column. */
export function squaredGradientCsr(
  columns: i32, weights: usize, gradient: usize, stride: i32, share: f64, l2: f64,
): f64 {
  let sum: f64 = 0;
  for (const end = weights + <usize>columns * <usize>stride; weights < end; weights += stride, gradient += stride) {
    const part = share * load<f64>(gradient) + l2 * load<f64>(weights);
    sum += part * part;
  }
  return sum;
}

/** A step's debt, at the new scale. The columns are settled before the scale gets too small or the history too long. */
// @ts-ignore: decorator
@inline
export function owe(
  debt: f64, scale: f64, columns: i32, features: usize, state: usize, lags: usize, l1: f64, strengths: usize,
  history: usize, capacity: i32,
): void {
  const lag = load<f64>(state, LAG) + debt / scale;
  store<f64>(state, scale, SCALE);
  store<f64>(state, lag, LAG);
  let full = false;
  if (history) {
    const past = load<i32>(state, PAST);
    store<f64>(history + (<usize>past << 3), lag);
    store<i32>(state, past + 1, PAST);
    full = past + 1 == capacity;
  }
  if (full || abs(scale) < LEAST_SCALE) settleCsr(columns, features, state, lags, l1, strengths, history);
}
