// Linear models on dense rows: SAG, SVRG and the full gradient.
//
//   rows      T[n][columns], each row padded with zeros to whole 64-byte lines: columns counts the padding
//   weights, gradientSum, snapshotGradient   T[columns], padded alike
//   order     i32[steps], the rows to visit, drawn ahead
//   table, state   see ./state.ts
//
// A step waits on memory, not on arithmetic, where rows come in random order. So every `burst` steps one word of each
// line of the coming rows is touched: hundreds of misses are in flight at once, and the rows then come from cache.

import { QUAD, VECTOR, bytes, checkArray, multiplyAdd, splat, sumLanes, zero } from "../simd/lanes";
import { Logistic, Loss, Squared } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, SEEN, SINK, exchange, label, record, residual, setResidual } from "./state";

// @ts-ignore: decorator
@inline
function rowAt<T>(rows: usize, columns: i32, row: i32): usize {
  return rows + (<usize>row) * bytes<T>(columns);
}

/**
 * Two lines of each row, then two more of each: the rows lie on pages of their own, whose addresses are then translated
 * side by side. Row after row a step takes 1.2 times as long in f64, 1.07 times in f32.
 */
function touch<T>(count: i32, order: usize, rows: usize, columns: i32, table: usize, state: usize): void {
  let word = 0;
  const start = order, end = order + (<usize>count << 2);
  for (; order < end; order += 4) word ^= load<i32>(record<T>(table, load<i32>(order)));
  const size = bytes<T>(columns);
  const pairs = size & ~(2 * QUAD - 1);
  for (let line: usize = 0; line < pairs; line += 2 * QUAD) {
    for (order = start; order < end; order += 4) {
      const p = rowAt<T>(rows, columns, load<i32>(order)) + line;
      word ^= load<i32>(p) ^ load<i32>(p + QUAD);
    }
  }
  if (pairs < size) {
    for (order = start; order < end; order += 4) word ^= load<i32>(rowAt<T>(rows, columns, load<i32>(order)) + pairs);
  }
  store<i32>(state, word, SINK);
}

/** x.w over whole lines, in four vectors of partial sums. */
// @ts-ignore: decorator
@inline
function product<T>(columns: i32, x: usize, w: usize): f64 {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  const end = x + bytes<T>(columns);
  if (x < end) do {
    a0 = multiplyAdd<T>(v128.load(x), v128.load(w), a0);
    a1 = multiplyAdd<T>(v128.load(x + VECTOR), v128.load(w + VECTOR), a1);
    a2 = multiplyAdd<T>(v128.load(x + 2 * VECTOR), v128.load(w + 2 * VECTOR), a2);
    a3 = multiplyAdd<T>(v128.load(x + 3 * VECTOR), v128.load(w + 3 * VECTOR), a3);
    x += QUAD;
    w += QUAD;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a0, a1), v128.add<T>(a2, a3)));
}

// @ts-ignore: decorator
@inline
function sagLanes<T>(x: usize, sums: usize, w: usize, change: v128, shrink: v128, rate: v128): v128 {
  const sum = multiplyAdd<T>(change, v128.load(x), v128.load(sums));
  v128.store(sums, sum);
  const weight = v128.load(w);
  const moved = v128.sub<T>(weight, multiplyAdd<T>(rate, sum, v128.mul<T>(shrink, weight)));
  v128.store(w, moved);
  return moved;
}

/**
 * S <- S + change x;  w <- w - (rate S + shrink w); returns next.w as `product` would, while the weights are at hand. Not
 * w <- (1 - shrink) w - rate S: shrink = step l2 is often below 1e-6, and 1 - shrink in f32 then is that of another l2,
 * by up to a tenth.
 */
// @ts-ignore: decorator
@inline
function sagUpdate<T>(columns: i32, x: usize, next: usize, sums: usize, w: usize, change: T, shrink: T, rate: T): f64 {
  const c = splat<T>(change), d = splat<T>(shrink), r = splat<T>(rate);
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  const end = x + bytes<T>(columns);
  if (x < end) do {
    a0 = multiplyAdd<T>(v128.load(next), sagLanes<T>(x, sums, w, c, d, r), a0);
    a1 = multiplyAdd<T>(v128.load(next + VECTOR), sagLanes<T>(x + VECTOR, sums + VECTOR, w + VECTOR, c, d, r), a1);
    a2 = multiplyAdd<T>(v128.load(next + 2 * VECTOR), sagLanes<T>(x + 2 * VECTOR, sums + 2 * VECTOR, w + 2 * VECTOR, c, d, r), a2);
    a3 = multiplyAdd<T>(v128.load(next + 3 * VECTOR), sagLanes<T>(x + 3 * VECTOR, sums + 3 * VECTOR, w + 3 * VECTOR, c, d, r), a3);
    x += QUAD;
    next += QUAD;
    sums += QUAD;
    w += QUAD;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a0, a1), v128.add<T>(a2, a3)));
}

/**
 * SAG (Schmidt, Le Roux, Bach 2013). For each row i of `order`, with the stored residual M_i (0 before the first visit):
 *   D = l'(x_i.w + b, y_i) - M_i;  M_i += D;  S += D x_i;  w <- (1 - step l2) w - step S / seen
 *   Sb += D;  b <- b - interceptStep Sb / seen
 */
// @ts-ignore: decorator
@inline
function sagDense<T, L extends Loss>(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, gradientSum: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<T>(columns, weights);
  assert((bytes<T>(columns) & (QUAD - 1)) == 0, "columns must fill whole lines of 64 bytes");
  assert(burst > 0, "burst must be positive");
  const loss = changetype<L>(0);
  const shrink = <T>(stepSize * l2);
  let intercept = load<f64>(state, INTERCEPT);
  let interceptSum = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touch<T>(count, order, rows, columns, table, state);
    let row = load<i32>(order);
    let x = rowAt<T>(rows, columns, row);
    let predicted = product<T>(columns, x, weights);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const own = record<T>(table, row);
      const derivative = loss.derivative(predicted + intercept, label<T>(own));
      const change = exchange<T>(own, state, derivative);
      const share = 1.0 / load<f64>(state, SEEN);
      if (order + 4 < end) row = load<i32>(order, 4);
      const next = rowAt<T>(rows, columns, row);
      predicted = sagUpdate<T>(columns, x, next, gradientSum, weights, <T>change, shrink, <T>(stepSize * share));
      x = next;
      interceptSum += change;
      intercept -= interceptStep * share * interceptSum;
    }
  }
  store<f64>(state, intercept, INTERCEPT);
  store<f64>(state, interceptSum, INTERCEPT_GRADIENT);
}

// @ts-ignore: decorator
@inline
function svrgLanes<T>(x: usize, mean: usize, w: usize, change: v128, shrink: v128, rate: v128): void {
  const weight = v128.load(w);
  const drift = multiplyAdd<T>(rate, v128.load(mean), v128.mul<T>(shrink, weight));
  v128.store(w, v128.sub<T>(weight, multiplyAdd<T>(change, v128.load(x), drift)));
}

/** w <- w - (change x + rate mean + shrink w) */
// @ts-ignore: decorator
@inline
function svrgUpdate<T>(columns: i32, x: usize, mean: usize, w: usize, change: T, shrink: T, rate: T): void {
  const c = splat<T>(change), d = splat<T>(shrink), r = splat<T>(rate);
  const end = x + bytes<T>(columns);
  if (x < end) do {
    svrgLanes<T>(x, mean, w, c, d, r);
    svrgLanes<T>(x + VECTOR, mean + VECTOR, w + VECTOR, c, d, r);
    svrgLanes<T>(x + 2 * VECTOR, mean + 2 * VECTOR, w + 2 * VECTOR, c, d, r);
    svrgLanes<T>(x + 3 * VECTOR, mean + 3 * VECTOR, w + 3 * VECTOR, c, d, r);
    x += QUAD;
    mean += QUAD;
    w += QUAD;
  } while (x < end);
}

/**
 * Inner steps of SVRG (Johnson, Zhang 2013). With the residuals r_i and the mean gradients m, mb of the data at the
 * snapshot, as `gradientDense` leaves them, for each row i of `order`:
 *   D = l'(x_i.w + b, y_i) - r_i;  w <- (1 - step l2) w - step (D x_i + m);  b <- b - interceptStep (D + mb)
 */
// @ts-ignore: decorator
@inline
function svrgDense<T, L extends Loss>(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, snapshotGradient: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<T>(columns, weights);
  assert((bytes<T>(columns) & (QUAD - 1)) == 0, "columns must fill whole lines of 64 bytes");
  assert(burst > 0, "burst must be positive");
  const loss = changetype<L>(0);
  const shrink = <T>(stepSize * l2);
  let intercept = load<f64>(state, INTERCEPT);
  const interceptGradient = load<f64>(state, INTERCEPT_GRADIENT);
  for (let left = steps; left > 0; left -= burst) {
    const count = min(burst, left);
    touch<T>(count, order, rows, columns, table, state);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const row = load<i32>(order);
      const x = rowAt<T>(rows, columns, row);
      const own = record<T>(table, row);
      const derivative = loss.derivative(product<T>(columns, x, weights) + intercept, label<T>(own));
      const change = derivative - residual<T>(own);
      svrgUpdate<T>(columns, x, snapshotGradient, weights, <T>(stepSize * change), shrink, <T>stepSize);
      intercept -= interceptStep * (change + interceptGradient);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
}

/** gradient += derivative x, in f64 whatever T is: a sum over all rows. */
// @ts-ignore: decorator
@inline
function accumulate<T>(columns: i32, x: usize, gradient: usize, derivative: f64): void {
  const d = f64x2.splat(derivative);
  const end = x + bytes<T>(columns);
  if (x < end) do {
    if (sizeof<T>() == sizeof<f64>()) {
      v128.store(gradient, multiplyAdd<f64>(d, v128.load(x), v128.load(gradient)));
      v128.store(gradient + VECTOR, multiplyAdd<f64>(d, v128.load(x + VECTOR), v128.load(gradient + VECTOR)));
    } else {
      const low = f64x2.promote_low_f32x4(v128.load(x));
      const high = f64x2.promote_low_f32x4(v128.load64_zero(x + 8));
      v128.store(gradient, multiplyAdd<f64>(d, low, v128.load(gradient)));
      v128.store(gradient + VECTOR, multiplyAdd<f64>(d, high, v128.load(gradient + VECTOR)));
    }
    x += 4 * sizeof<T>();
    gradient += 2 * VECTOR;
  } while (x < end);
}

/**
 * Adds the loss gradient of the rows first .. first + count - 1 to `gradient`, f64[columns], and to
 * `interceptGradient`, f64[1]; returns the sum of their losses. With `keep` the derivatives are stored as the
 * residuals, which makes the weights the snapshot of SVRG.
 */
// @ts-ignore: decorator
@inline
function gradientDense<T, L extends Loss>(
  count: i32, first: i32, keep: i32, rows: usize, columns: i32, table: usize,
  weights: usize, intercept: f64, gradient: usize, interceptGradient: usize,
): f64 {
  const loss = changetype<L>(0);
  let total: f64 = 0;
  let interceptSum = load<f64>(interceptGradient);
  for (let row = first; row < first + count; ++row) {
    const x = rowAt<T>(rows, columns, row);
    const own = record<T>(table, row);
    const prediction = product<T>(columns, x, weights) + intercept;
    const derivative = <f64>(<T>loss.derivative(prediction, label<T>(own)));
    total += loss.value(prediction, label<T>(own));
    if (keep) setResidual<T>(own, <T>derivative);
    interceptSum += derivative;
    accumulate<T>(columns, x, gradient, derivative);
  }
  store<f64>(interceptGradient, interceptSum);
  return total;
}

export function sagDenseLogistic_f32(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  gradientSum: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagDense<f32, Logistic>(
    steps, order, burst, rows, columns, table, state, weights, gradientSum, stepSize, l2, interceptStep,
  );
}
export function sagDenseLogistic_f64(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  gradientSum: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagDense<f64, Logistic>(
    steps, order, burst, rows, columns, table, state, weights, gradientSum, stepSize, l2, interceptStep,
  );
}
export function sagDenseSquared_f32(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  gradientSum: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagDense<f32, Squared>(
    steps, order, burst, rows, columns, table, state, weights, gradientSum, stepSize, l2, interceptStep,
  );
}
export function sagDenseSquared_f64(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  gradientSum: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  sagDense<f64, Squared>(
    steps, order, burst, rows, columns, table, state, weights, gradientSum, stepSize, l2, interceptStep,
  );
}
export function svrgDenseLogistic_f32(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  snapshotGradient: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgDense<f32, Logistic>(
    steps, order, burst, rows, columns, table, state, weights, snapshotGradient, stepSize, l2, interceptStep,
  );
}
export function svrgDenseLogistic_f64(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  snapshotGradient: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgDense<f64, Logistic>(
    steps, order, burst, rows, columns, table, state, weights, snapshotGradient, stepSize, l2, interceptStep,
  );
}
export function svrgDenseSquared_f32(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  snapshotGradient: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgDense<f32, Squared>(
    steps, order, burst, rows, columns, table, state, weights, snapshotGradient, stepSize, l2, interceptStep,
  );
}
export function svrgDenseSquared_f64(
  steps: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, weights: usize,
  snapshotGradient: usize, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  svrgDense<f64, Squared>(
    steps, order, burst, rows, columns, table, state, weights, snapshotGradient, stepSize, l2, interceptStep,
  );
}
export function gradientDenseLogistic_f32(
  count: i32, first: i32, keep: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
  gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f32, Logistic>(
    count, first, keep, rows, columns, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientDenseLogistic_f64(
  count: i32, first: i32, keep: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
  gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f64, Logistic>(
    count, first, keep, rows, columns, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientDenseSquared_f32(
  count: i32, first: i32, keep: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
  gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f32, Squared>(
    count, first, keep, rows, columns, table, weights, intercept, gradient, interceptGradient,
  );
}
export function gradientDenseSquared_f64(
  count: i32, first: i32, keep: i32, rows: usize, columns: i32, table: usize, weights: usize, intercept: f64,
  gradient: usize, interceptGradient: usize,
): f64 {
  return gradientDense<f64, Squared>(
    count, first, keep, rows, columns, table, weights, intercept, gradient, interceptGradient,
  );
}
