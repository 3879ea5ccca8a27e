// The columns of ./csr-columns.ts under l1. Their records hold v and g. Beside them, f64 a column,
//
//   lags       the state's lag when the column was last caught up
//   strengths  its l1; where `strengths` is 0, all have the same
//
// While it owes, a column would have gone v <- shrink(v - a g / seen, a l1) for every part a of its lag. As long as `seen`
// stands still that has a closed form, in O(log lag): `paid`.

import { multiplyAdd, subtractProduct } from "../simd/lanes";
import { recordAt } from "./csr-records";
import { LAG, PAST, SEEN } from "./state";

/** x less what lies of it within the threshold, by vector minimum and maximum: the scalar ones compile to branches. */
// @ts-ignore: decorator
@inline
export function shrink(x: f64, threshold: f64): f64 {
  const value = f64x2.splat(x), most = f64x2.splat(threshold);
  return x - f64x2.extract_lane(f64x2.pmax(f64x2.pmin(value, most), f64x2.neg(most)), 0);
}

/** The first place in the history where fall * (lag - own) reaches v, or the last. */
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
 * v >= 0 after all steps v <- shrink(v - a slope, a l1), slope > l1, of which one crosses 0: v falls by slope + l1 until that
 * step, found by bisection in the history; the step is taken as it is; then v moves off by slope - l1.
 */
function paidAcross(v: f64, slope: f64, l1: f64, own: f64, lag: f64, history: usize, past: i32): f64 {
  if (v == 0.0) return -(slope - l1) * (lag - own);
  const fall = slope + l1;
  const at = crossing(history, past, own, fall, v);
  const before = at > 0 ? load<f64>(history + (<usize>(at - 1) << 3)) : 0.0;
  const after = load<f64>(history + (<usize>at << 3));
  const part = after - before;
  const crossed = shrink(v - fall * (before - own) - slope * part, l1 * part);
  return crossed - (slope - l1) * (lag - after);
}

/** `end`, with the lanes that cross replaced. */
function crossed(
  crosses: i32, end: v128, v: v128, slope: v128, l1: v128, own: v128, lag: f64, history: usize, past: i32,
): v128 {
  if (crosses & 1) {
    const across = paidAcross(
      f64x2.extract_lane(v, 0), f64x2.extract_lane(slope, 0), f64x2.extract_lane(l1, 0), f64x2.extract_lane(own, 0),
      lag, history, past,
    );
    end = f64x2.replace_lane(end, 0, across);
  }
  if (crosses & 2) {
    const across = paidAcross(
      f64x2.extract_lane(v, 1), f64x2.extract_lane(slope, 1), f64x2.extract_lane(l1, 1), f64x2.extract_lane(own, 1),
      lag, history, past,
    );
    end = f64x2.replace_lane(end, 1, across);
  }
  return end;
}

/**
 * v of two columns after all steps v <- shrink(v - a slope, a l1) for the parts a of lag - own, one after another. Seen from the
 * side of 0 that v is on, where its slope is `along`, |v| falls by along + l1 and stops at 0; unless along > l1, when it moves
 * off on the other side. A v that is NaN stays so.
 */
// @ts-ignore: decorator
@inline
function paid(v: v128, slope: v128, l1: v128, own: v128, lag: f64, history: usize, past: i32): v128 {
  const side = v128.and(v, f64x2.splat(-0.0));
  const magnitude = v128.xor(v, side), along = v128.xor(slope, side);
  const rest = subtractProduct<f64>(f64x2.add(along, l1), f64x2.sub(f64x2.splat(lag), own), magnitude);
  const end = f64x2.pmax(rest, f64x2.splat(0));
  const crosses = i64x2.bitmask(v128.and(rest, f64x2.sub(l1, along)));
  return v128.xor(crosses ? crossed(crosses, end, magnitude, along, l1, own, lag, history, past) : end, side);
}

/** 1 / seen; 0 before a row has been seen, when nothing is owed. */
// @ts-ignore: decorator
@inline
function shareOf(state: usize): f64 {
  const seen = load<f64>(state, SEEN);
  return seen > 0.0 ? 1.0 / seen : 0.0;
}

/** The numbers of two columns, f64 each. */
// @ts-ignore: decorator
@inline
function pairOf(numbers: usize, a: i32, b: i32): v128 {
  return v128.load64_lane(numbers + (<usize>b << 3), v128.load64_zero(numbers + (<usize>a << 3)), 1);
}

/**
 * Catches up two columns, or twice the same, and returns v of both. S is i32 with strengths, f64 without. The stores have the width that the move loads: narrower ones
 * would have to reach the cache first.
 */
// @ts-ignore: decorator
@inline
function catchUp<S>(
  a: i32, b: i32, features: usize, lags: usize, l1: f64, strengths: usize, share: v128, lag: f64, history: usize, past: i32,
): v128 {
  const atA = recordAt(features, a), atB = recordAt(features, b);
  const first = v128.load(atA), second = v128.load(atB);
  const v = v128.shuffle<f64>(first, second, 0, 2), g = v128.shuffle<f64>(first, second, 1, 3);
  const l1s = isInteger<S>() ? pairOf(strengths, a, b) : f64x2.splat(l1);
  const end = paid(v, f64x2.mul(g, share), l1s, pairOf(lags, a, b), lag, history, past);
  v128.store(atA, v128.shuffle<f64>(end, g, 0, 2));
  v128.store(atB, v128.shuffle<f64>(end, g, 1, 3));
  store<f64>(lags + (<usize>a << 3), lag);
  store<f64>(lags + (<usize>b << 3), lag);
  return end;
}

// @ts-ignore: decorator
@inline
function pairOfValues<T>(value: usize): v128 {
  if (sizeof<T>() == sizeof<f64>()) return v128.load(value);
  return f64x2.promote_low_f32x4(v128.load64_zero(value));
}

// @ts-ignore: decorator
@inline
function catchUpRow<T, S>(
  value: usize, index: usize, end: usize, features: usize, lags: usize, l1: f64, strengths: usize, state: usize, history: usize,
): f64 {
  const lag = load<f64>(state, LAG), share = f64x2.splat(shareOf(state));
  const past = load<i32>(state, PAST);
  let sums = f64x2.splat(0);
  for (; index + 4 < end; index += 8, value += 2 * sizeof<T>()) {
    const a = load<i32>(index), b = load<i32>(index, 4);
    const v = catchUp<S>(a, b, features, lags, l1, strengths, share, lag, history, past);
    sums = multiplyAdd<f64>(pairOfValues<T>(value), v, sums);
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (index < end) {
    const column = load<i32>(index);
    const v = catchUp<S>(column, column, features, lags, l1, strengths, share, lag, history, past);
    sum += <f64>load<T>(value) * f64x2.extract_lane(v, 0);
  }
  return sum;
}

/** Catches up the columns of a row, whose values and indices begin there, and returns x.v. */
export function catchUpL1<T>(
  value: usize, index: usize, end: usize, features: usize, lags: usize, l1: f64, strengths: usize, state: usize, history: usize,
): f64 {
  return strengths
    ? catchUpRow<T, i32>(value, index, end, features, lags, l1, strengths, state, history)
    : catchUpRow<T, f64>(value, index, end, features, lags, l1, 0, state, history);
}

/** All columns pay, and v becomes the weight. */
export function settleL1(
  columns: i32, features: usize, lags: usize, l1: f64, strengths: usize, state: usize, history: usize, scale: f64, lag: f64,
): void {
  const share = f64x2.splat(shareOf(state));
  const past = load<i32>(state, PAST);
  for (let column = 0; column < columns; ++column) {
    const own = strengths ? load<f64>(strengths + (<usize>column << 3)) : l1;
    const v = catchUp<f64>(column, column, features, lags, own, 0, share, lag, history, past);
    // Plus 0: no weight of -0.
    store<f64>(recordAt(features, column), scale * f64x2.extract_lane(v, 0) + 0.0);
    store<f64>(lags + (<usize>column << 3), 0);
  }
}
