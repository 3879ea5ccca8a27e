// Linear models on compressed sparse rows. A step costs the row's stored entries, whatever the number of columns.
//
//   values    T[stored], indices   i32[stored], offsets   i32[n + 1]: row i holds the entries offsets[i] .. offsets[i+1]-1
//   features  one record of 32 bytes a column, f64 whatever T is:
//              0 v   the weight is scale * v, once the column has been caught up
//              8 g   the sum S of the stored gradients, or those of a snapshot
//             16 lag the state's lag when the column was last caught up
//             24 l1  the strength of its l1 penalty
//   history   with l1: the lags after every step since the columns were last settled, f64[capacity]; 0 without
//
// All columns take w <- (1 - step l2) w - (step / seen) S at every step. Here the factor goes into the state's `scale`, and
// the rest is owed: a step adds to the state's `lag`, and a column that is needed again pays for all at once what it owes.
//
//   without l1  a step adds step / (seen scale);  v <- v - (lag - own lag) g, exact since g has not changed in between
//   with l1     a step adds step / scale, and the column would have gone v <- shrink(v - a g / seen, a l1) for every part a
//               of its lag. While `seen` stands still that has a closed form, in O(log lag): `pay` below.

import { LAG, PAST, SCALE, SEEN, SINK, record } from "./state";

// @ts-ignore: decorator
@inline export const FEATURE: usize = 32;
// @ts-ignore: decorator
@inline export const GRADIENT: usize = 8;
// @ts-ignore: decorator
@inline export const OWN_LAG: usize = 16;
// @ts-ignore: decorator
@inline export const L1: usize = 24;

/** Below this scale the columns are caught up and the scale is multiplied in, before v grows out of range. */
// @ts-ignore: decorator
@inline const LEAST_SCALE: f64 = 1e-9;

// @ts-ignore: decorator
@inline
export function feature(features: usize, indices: usize, entry: i32): usize {
  return features + (<usize>load<i32>(indices + (<usize>entry << 2))) * FEATURE;
}

// @ts-ignore: decorator
@inline
export function value<T>(values: usize, entry: i32): f64 {
  return <f64>load<T>(values + (<usize>entry) * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function firstEntry(offsets: usize, row: i32): i32 {
  return load<i32>(offsets + (<usize>row << 2));
}

// @ts-ignore: decorator
@inline
export function endOfEntries(offsets: usize, row: i32): i32 {
  return load<i32>(offsets + (<usize>row << 2), 4);
}

/**
 * As `touchRows` in ./dense-rows.ts. First what tells where the rows begin and end, of all of them: a loop over lines that
 * is left by a guess, and still waits for the row's end to come from memory, holds up all that follow.
 */
export function touchEntries<T>(
  count: i32, order: usize, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
): void {
  let word = 0;
  const start = order, end = order + (<usize>count << 2);
  for (; order < end; order += 4) {
    const row = load<i32>(order);
    word ^= load<i32>(record<T>(table, row)) ^ endOfEntries(offsets, row);
  }
  for (order = start; order < end; order += 4) {
    const row = load<i32>(order);
    const first = <usize>firstEntry(offsets, row), last = <usize>endOfEntries(offsets, row);
    for (let p = values + first * sizeof<T>(), end = values + last * sizeof<T>(); p < end; p += 64) word ^= load<i32>(p);
    for (let p = indices + (first << 2), end = indices + (last << 2); p < end; p += 64) word ^= load<i32>(p);
  }
  store<i32>(state, word, SINK);
}

/** x less what lies of it within the threshold, by vector minimum and maximum: the scalar ones compile to branches. */
// @ts-ignore: decorator
@inline
export function shrink(x: f64, threshold: f64): f64 {
  const value = f64x2.splat(x), most = f64x2.splat(threshold);
  return x - f64x2.extract_lane(f64x2.pmax(f64x2.pmin(value, most), f64x2.neg(most)), 0);
}

/** The first place in the history where fall * (lag - own) reaches v. There is one. */
function crossing(history: usize, past: i32, own: f64, fall: f64, v: f64): i32 {
  let low = 0, high = past - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fall * (load<f64>(history + (<usize>middle << 3)) - own) >= v) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * v > 0 after all steps v <- shrink(v - a slope, a l1), slope > l1, of which one crosses 0: v falls by slope + l1 until that
 * step, found by bisection in the history; the step is taken as it is; then v moves off by slope - l1.
 */
function payAcross(v: f64, slope: f64, l1: f64, own: f64, lag: f64, history: usize, past: i32): f64 {
  const fall = slope + l1;
  const at = crossing(history, past, own, fall, v);
  const before = at > 0 ? load<f64>(history + (<usize>(at - 1) << 3)) : 0.0;
  const after = load<f64>(history + (<usize>at << 3));
  const part = after - before;
  const crossed = shrink(v - fall * (before - own) - slope * part, l1 * part);
  return crossed - (slope - l1) * (lag - after);
}

/**
 * v after all steps v <- shrink(v - a slope, a l1) for the parts a of lag - own, one after another. The steps add up to a single
 * one: where v stays on its side of 0, and where |slope| <= l1, so that v is drawn to 0 and stays there. They don't where v
 * crosses 0.
 */
// @ts-ignore: decorator
@inline
function pay(v: f64, slope: f64, l1: f64, own: f64, lag: f64, history: usize, past: i32): f64 {
  const span = lag - own;
  const steep = abs(slope);
  if (v * slope > 0.0 && steep > l1 && abs(v) < (steep + l1) * span) {
    const side = slope > 0.0 ? 1.0 : -1.0;
    return side * payAcross(side * v, steep, l1, own, lag, history, past);
  }
  return shrink(v - slope * span, l1 * span);
}

/** 1 / seen; 0 before a row has been seen, when nothing is owed. */
// @ts-ignore: decorator
@inline
function shareOf(state: usize): f64 {
  const seen = load<f64>(state, SEEN);
  return seen > 0.0 ? 1.0 / seen : 0.0;
}

/** What a column holds once it has paid, without l1. */
// @ts-ignore: decorator
@inline
function paid(column: usize, lag: f64): f64 {
  return load<f64>(column) - (lag - load<f64>(column, OWN_LAG)) * load<f64>(column, GRADIENT);
}

/** What a column holds once it has paid. H is i32 with a history, f64 without. */
// @ts-ignore: decorator
@inline
export function caughtUp<H>(column: usize, lag: f64, share: f64, history: usize, past: i32): f64 {
  if (!isInteger<H>()) return paid(column, lag);
  const slope = load<f64>(column, GRADIENT) * share;
  return pay(load<f64>(column), slope, load<f64>(column, L1), load<f64>(column, OWN_LAG), lag, history, past);
}

// @ts-ignore: decorator
@inline
function term<T>(values: usize, features: usize, indices: usize, entry: i32, lag: f64): f64 {
  return paid(feature(features, indices, entry), lag) * value<T>(values, entry);
}

/** x.v once the columns of the row have paid; they do when the step moves them, so that each is stored once. */
export function productOwed<T>(first: i32, last: i32, values: usize, indices: usize, features: usize, state: usize): f64 {
  const lag = load<f64>(state, LAG);
  let a: f64 = 0, b: f64 = 0;
  let entry = first;
  for (const end = last - 1; entry < end; entry += 2) {
    a += term<T>(values, features, indices, entry, lag);
    b += term<T>(values, features, indices, entry + 1, lag);
  }
  if (entry < last) a += term<T>(values, features, indices, entry, lag);
  return a + b;
}

/** Catches up the columns of a row under l1 and returns x.v. */
export function catchUp<T>(first: i32, last: i32, values: usize, indices: usize, features: usize, state: usize, history: usize): f64 {
  const lag = load<f64>(state, LAG), share = shareOf(state);
  const past = load<i32>(state, PAST);
  let sum: f64 = 0;
  for (let entry = first; entry < last; ++entry) {
    const column = feature(features, indices, entry);
    const v = caughtUp<i32>(column, lag, share, history, past);
    store<f64>(column, v);
    store<f64>(column, lag, OWN_LAG);
    sum += v * value<T>(values, entry);
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function settle<H>(columns: i32, features: usize, state: usize, history: usize): void {
  const scale = load<f64>(state, SCALE), lag = load<f64>(state, LAG), share = shareOf(state);
  const past = load<i32>(state, PAST);
  const end = features + (<usize>columns) * FEATURE;
  for (let column = features; column < end; column += FEATURE) {
    store<f64>(column, scale * caughtUp<H>(column, lag, share, history, past));
    store<f64>(column, 0, OWN_LAG);
  }
  store<f64>(state, 1, SCALE);
  store<f64>(state, 0, LAG);
  store<i32>(state, 0, PAST);
}

/** Catches up every column, so that v is the weight itself; the state's scale becomes 1 and its lag 0. */
export function settleCsr(columns: i32, features: usize, state: usize, history: usize): void {
  if (history) settle<i32>(columns, features, state, history);
  else settle<f64>(columns, features, state, 0);
}

/** A step's debt, at the new scale. The columns are settled before the scale gets too small or the history too long. */
// @ts-ignore: decorator
@inline
export function owe<H>(
  debt: f64, scale: f64, columns: i32, features: usize, state: usize, history: usize, capacity: i32,
): void {
  const lag = load<f64>(state, LAG) + debt / scale;
  store<f64>(state, scale, SCALE);
  store<f64>(state, lag, LAG);
  let full = false;
  if (isInteger<H>()) {
    const past = load<i32>(state, PAST);
    store<f64>(history + (<usize>past << 3), lag);
    store<i32>(state, past + 1, PAST);
    full = past + 1 == capacity;
  }
  if (full || abs(scale) < LEAST_SCALE) settleCsr(columns, features, state, history);
}
