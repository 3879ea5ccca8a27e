// SAG, SAGA and the inner steps of SVRG on dense rows.
//
//   weights, sums   T[columns], padded as the rows are, see ./dense-rows.ts
//   order           i32[steps], the rows to visit, drawn ahead
//   prox            see ./dense-prox.ts
//   table, state, factors   see ./state.ts
//
// For each row i of `order`, with its weight s, its importance c, and its residual M_i (0 before the first visit):
//
//   D = s l'(x_i.w + b, y_i) - M_i
//   SAG and SAGA:  M_i += D;  S += D x_i
//   w <- prox( (1 - step l2) w - step ( S / seen + k D x_i ) )
//   with k = 0 for SAG, c - 1 / seen for SAGA (whose S holds D x_i already), c for SVRG
//
// and for b alike with interceptStep and neither penalty nor prox. Without importance, and with `seen` the number of rows,
// that is Schmidt, Le Roux, Bach 2013; Defazio, Bach, Lacoste-Julien 2014; Johnson, Zhang 2013. SVRG keeps M and S from
// the snapshot, as ./dense-gradient.ts leaves them; with both at 0 its steps are those of SGD.

import { QUAD, VECTOR, bytes, checkArray, multiplyAdd, splat, sumLanes, zero } from "../simd/lanes";
import { None, Prox, Shrink } from "./dense-prox";
import { product, rowAt, touchRows } from "./dense-rows";
import { derivative } from "./loss";
import { INTERCEPT, INTERCEPT_GRADIENT, SEEN, exchange, importanceOf, label, nextFactors, record, residual, weightOf } from "./state";

// What differs between the methods, as code that is inlined through a type parameter: a class without fields or instances.

interface Method {
  /** D, with the residual changed or not. */
  change(record: usize, state: usize, derivative: f64): f64;
  /** k */
  pull(importance: f64, share: f64): f64;
  /** What goes through the prox: w - (rate S + shrink w + pull x). */
  move(x: usize, sums: usize, w: v128, change: v128, shrink: v128, rate: v128, pull: v128): v128;
}

/** S + change x, stored. */
// @ts-ignore: decorator
@inline
function addTo<T>(sums: usize, change: v128, x: usize): v128 {
  const sum = multiplyAdd<T>(change, v128.load(x), v128.load(sums));
  v128.store(sums, sum);
  return sum;
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
  @inline move(x: usize, sums: usize, w: v128, change: v128, shrink: v128, rate: v128, pull: v128): v128 {
    return v128.sub<T>(w, multiplyAdd<T>(rate, addTo<T>(sums, change, x), v128.mul<T>(shrink, w)));
  }
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
  @inline move(x: usize, sums: usize, w: v128, change: v128, shrink: v128, rate: v128, pull: v128): v128 {
    const drift = multiplyAdd<T>(rate, addTo<T>(sums, change, x), v128.mul<T>(shrink, w));
    return v128.sub<T>(w, multiplyAdd<T>(pull, v128.load(x), drift));
  }
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
  @inline move(x: usize, sums: usize, w: v128, change: v128, shrink: v128, rate: v128, pull: v128): v128 {
    const drift = multiplyAdd<T>(rate, v128.load(sums), v128.mul<T>(shrink, w));
    return v128.sub<T>(w, multiplyAdd<T>(pull, v128.load(x), drift));
  }
}

// @ts-ignore: decorator
@inline
function moveLanes<T, M extends Method, P extends Prox>(
  x: usize, sums: usize, w: usize, change: v128, shrink: v128, rate: v128, pull: v128, threshold: usize, lower: usize, upper: usize,
): v128 {
  const free = changetype<M>(0).move(x, sums, v128.load(w), change, shrink, rate, pull);
  const moved = changetype<P>(0).apply(free, threshold, lower, upper);
  v128.store(w, moved);
  return moved;
}

/**
 * The step, and next.w as `product` would have it, while the weights are at hand. Not w <- (1 - shrink) w - ...: shrink =
 * step l2 is often below 1e-6, and 1 - shrink in f32 then is that of another l2, by up to a tenth.
 */
// @ts-ignore: decorator
@inline
function update<T, M extends Method, P extends Prox>(
  columns: i32, x: usize, next: usize, sums: usize, w: usize, change: T, shrink: T, rate: T, pull: T, prox: usize,
): f64 {
  const c = splat<T>(change), d = splat<T>(shrink), r = splat<T>(rate), k = splat<T>(pull);
  const p = changetype<P>(0);
  let t = p.thresholds(prox), l = p.lower(prox), u = p.upper(prox);
  const thresholdStride = p.thresholdStride(prox), boundStride = p.boundStride(prox);
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  const end = x + bytes<T>(columns);
  if (x < end) do {
    a0 = multiplyAdd<T>(v128.load(next), moveLanes<T, M, P>(x, sums, w, c, d, r, k, t, l, u), a0);
    a1 = multiplyAdd<T>(
      v128.load(next + VECTOR),
      moveLanes<T, M, P>(x + VECTOR, sums + VECTOR, w + VECTOR, c, d, r, k, t + VECTOR, l + VECTOR, u + VECTOR), a1,
    );
    a2 = multiplyAdd<T>(
      v128.load(next + 2 * VECTOR),
      moveLanes<T, M, P>(
        x + 2 * VECTOR, sums + 2 * VECTOR, w + 2 * VECTOR, c, d, r, k, t + 2 * VECTOR, l + 2 * VECTOR, u + 2 * VECTOR,
      ), a2,
    );
    a3 = multiplyAdd<T>(
      v128.load(next + 3 * VECTOR),
      moveLanes<T, M, P>(
        x + 3 * VECTOR, sums + 3 * VECTOR, w + 3 * VECTOR, c, d, r, k, t + 3 * VECTOR, l + 3 * VECTOR, u + 3 * VECTOR,
      ), a3,
    );
    x += QUAD;
    next += QUAD;
    sums += QUAD;
    w += QUAD;
    t += thresholdStride;
    l += boundStride;
    u += boundStride;
  } while (x < end);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a0, a1), v128.add<T>(a2, a3)));
}

// @ts-ignore: decorator
@inline
function walk<T, M extends Method, P extends Prox>(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, prox: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(6, state);
  checkArray<T>(columns, weights);
  assert((bytes<T>(columns) & (QUAD - 1)) == 0, "columns must fill whole lines of 64 bytes");
  assert(burst >= 0, "burst must not be negative");
  const method = changetype<M>(0);
  const shrink = <T>(stepSize * l2);
  let intercept = load<f64>(state, INTERCEPT);
  for (let left = steps; left > 0;) {
    const count = burst ? min(burst, left) : left;
    left -= count;
    if (burst) touchRows<T>(count, order, rows, columns, table, state);
    let row = load<i32>(order);
    let x = rowAt<T>(rows, columns, row);
    let predicted = product<T>(columns, x, weights);
    for (const end = order + (<usize>count << 2); order < end; order += 4) {
      const own = record<T>(table, row);
      const slope = weightOf(factors) * derivative(loss, predicted + intercept, label<T>(own), parameter);
      const change = method.change(own, state, slope);
      const share = 1.0 / load<f64>(state, SEEN);
      const pull = method.pull(importanceOf(factors), share) * change;
      if (order + 4 < end) row = load<i32>(order, 4);
      const next = rowAt<T>(rows, columns, row);
      predicted = update<T, M, P>(
        columns, x, next, sums, weights, <T>change, shrink, <T>(stepSize * share), <T>(stepSize * pull), prox,
      );
      x = next;
      intercept -= interceptStep * (share * load<f64>(state, INTERCEPT_GRADIENT) + pull);
      factors = nextFactors(factors);
    }
  }
  store<f64>(state, intercept, INTERCEPT);
}

export function sagDense_f32(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  walk<f32, Sag<f32>, None<f32>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagDense_f64(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  walk<f64, Sag<f64>, None<f64>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagaDense_f32(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, prox: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (prox) walk<f32, Saga<f32>, Shrink<f32>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, prox, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f32, Saga<f32>, None<f32>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}

export function sagaDense_f64(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, prox: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (prox) walk<f64, Saga<f64>, Shrink<f64>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, prox, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f64, Saga<f64>, None<f64>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}

export function svrgDense_f32(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, prox: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (prox) walk<f32, Svrg<f32>, Shrink<f32>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, prox, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f32, Svrg<f32>, None<f32>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}

export function svrgDense_f64(
  steps: i32, order: usize, factors: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  weights: usize, sums: usize, prox: usize, loss: i32, parameter: f64, stepSize: f64, l2: f64, interceptStep: f64,
): void {
  if (prox) walk<f64, Svrg<f64>, Shrink<f64>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, prox, loss, parameter, stepSize, l2, interceptStep,
  );
  else walk<f64, Svrg<f64>, None<f64>>(
    steps, order, factors, burst, rows, columns, table, state, weights, sums, 0, loss, parameter, stepSize, l2, interceptStep,
  );
}
