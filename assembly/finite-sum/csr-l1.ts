// The columns of ./csr-columns.ts under l1. Their records, f64:
//
//    0 v, 8 g
//   16 own lag  the state's lag when the column was last caught up
//   24 l1       the strength of its penalty
//
// While it owes, a column would have gone v <- shrink(v - a g / seen, a l1) for every part a of its lag. As long as `seen`
// stands still that has a closed form, in O(log lag): `pay`.

import { multiplyAdd } from "../simd/lanes";
import { value } from "./csr-rows";
import { LAG, PAST, SEEN } from "./state";

// @ts-ignore: decorator
@inline const RECORD_SHIFT: usize = 5;
// @ts-ignore: decorator
@inline const OWN_LAG: usize = 16;
// @ts-ignore: decorator
@inline export const L1: usize = 24;

// @ts-ignore: decorator
@inline
export function recordL1(features: usize, indices: usize, entry: i32): usize {
  return features + ((<usize>load<i32>(indices + (<usize>entry << 2))) << RECORD_SHIFT);
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
  if (i32(v * slope > 0.0) & i32(steep > l1) & i32(abs(v) < (steep + l1) * span)) {
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

/** Catches up the columns of a row and returns x.v. */
export function catchUpL1<T>(
  first: i32, last: i32, values: usize, indices: usize, features: usize, state: usize, history: usize,
): f64 {
  const lag = load<f64>(state, LAG), share = shareOf(state);
  const past = load<i32>(state, PAST);
  let sum: f64 = 0;
  for (let entry = first; entry < last; ++entry) {
    const column = recordL1(features, indices, entry);
    // The store has the width that the move loads: a narrower one would have to reach the cache first.
    const both = v128.load(column);
    const slope = f64x2.extract_lane(both, 1) * share;
    const v = pay(f64x2.extract_lane(both, 0), slope, load<f64>(column, L1), load<f64>(column, OWN_LAG), lag, history, past);
    v128.store(column, f64x2.replace_lane(both, 0, v));
    store<f64>(column, lag, OWN_LAG);
    sum += v * value<T>(values, entry);
  }
  return sum;
}

/** v <- v - pull x, g <- g + change x, for columns that have been caught up. */
// @ts-ignore: decorator
@inline
export function moveL1<T>(
  first: i32, last: i32, values: usize, indices: usize, features: usize, pull: f64, change: f64,
): void {
  const moves = f64x2.replace_lane(f64x2.splat(change), 0, -pull);
  for (let entry = first; entry < last; ++entry) {
    const column = recordL1(features, indices, entry);
    v128.store(column, multiplyAdd<f64>(f64x2.splat(value<T>(values, entry)), moves, v128.load(column)));
  }
}

/** All columns pay, and v becomes the weight. */
export function settleL1(columns: i32, features: usize, state: usize, history: usize, scale: f64, lag: f64): void {
  const share = shareOf(state);
  const past = load<i32>(state, PAST);
  const end = features + (<usize>columns << RECORD_SHIFT);
  for (let column = features; column < end; column += 1 << RECORD_SHIFT) {
    const slope = load<f64>(column, 8) * share;
    const v = pay(load<f64>(column), slope, load<f64>(column, L1), load<f64>(column, OWN_LAG), lag, history, past);
    store<f64>(column, scale * v);
    store<f64>(column, 0, OWN_LAG);
  }
}
