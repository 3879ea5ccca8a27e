// SAG and SAGA on models with several outputs, with a residual for every row and output.
//
//   table      T[n][outputs]     residuals, NaN while a row has not been drawn
//   features   f64[columns][outputs][2]   u and g as in ./csr-l2.ts, on dense rows too: entries of 0 cost nothing then
//   intercepts f64[outputs][2]   b, and the sum of the stored derivatives
//   room       f64[outputs][3]   predictions, then moves
//   own        1 for SAGA, 0 for SAG, whose weights don't move along the row itself
//
// The rules are those of ./dense.ts, with `seen`, `scale` and `lag` of the state. With l1 > 0, one strength for all, every column
// pays at every step, and costs as much as an entry. Labels, losses and weights of rows are as in ./multi.ts.

import { VECTOR, checkArray, multiplyAdd } from "../simd/lanes";
import { shrink } from "./csr-l1";
import { settleL2 } from "./csr-l2";
import { endOfEntries, firstEntry, value as entryValue } from "./csr-rows";
import { slopes } from "./multi-loss";
import { LAG, SCALE, SEEN, importanceOf, nextFactors, weightOf } from "./state";

// @ts-ignore: decorator
@inline const LEAST_SCALE: f64 = 1e-9;

/** y[k] <- y[k] + x z[k], pairs of f64. */
// @ts-ignore: decorator
@inline
function addPairs(outputs: i32, x: f64, z: usize, y: usize): void {
  const factor = f64x2.splat(x);
  for (const end = y + <usize>outputs * VECTOR; y < end; y += VECTOR, z += VECTOR) {
    v128.store(y, multiplyAdd<f64>(factor, v128.load(z), v128.load(y)));
  }
}

// @ts-ignore: decorator
@inline
function predict(outputs: i32, sums: usize, intercepts: usize, predictions: usize, scale: f64, lag: f64): void {
  for (let k = 0; k < outputs; ++k) {
    const pair = sums + <usize>k * VECTOR;
    const sum = load<f64>(pair) - lag * load<f64>(pair, 8);
    store<f64>(predictions + (<usize>k << 3), scale * sum + load<f64>(intercepts + <usize>k * VECTOR));
  }
}

/** All columns pay and are shrunk; the lag is 0 after that. */
// @ts-ignore: decorator
@inline
function shrinkAll(records: i32, features: usize, state: usize, threshold: f64): void {
  const lag = load<f64>(state, LAG);
  for (let p = features, end = features + <usize>records * VECTOR; p < end; p += VECTOR) {
    store<f64>(p, shrink(load<f64>(p) - lag * load<f64>(p, 8), threshold));
  }
  store<f64>(state, 0, LAG);
}

/** I is i32 for sparse rows, f64 for dense ones, of which `values` are the rows and the rest is 0. */
// @ts-ignore: decorator
@inline
function walk<T, I>(
  steps: i32, order: usize, factors: usize, values: usize, indices: usize, offsets: usize, columns: i32, outputs: i32,
  labels: usize, table: usize, state: usize, features: usize, intercepts: usize, room: usize, loss: i32, parameter: f64,
  own: f64, stepSize: f64, l2: f64, l1: f64, interceptStep: f64,
): void {
  checkArray<i32>(steps, order);
  checkArray<f64>(2 * columns * outputs, features);
  const predictions = room, moves = room + (<usize>outputs << 3);
  const width = <usize>outputs * VECTOR;
  const decay = 1.0 - stepSize * l2;
  for (const end = order + (<usize>steps << 2); order < end; order += 4) {
    const row = load<i32>(order);
    const first = isInteger<I>() ? firstEntry(offsets, row) : row * columns;
    const last = isInteger<I>() ? endOfEntries(offsets, row) : first + columns;
    const lag = load<f64>(state, LAG);
    memory.fill(moves, 0, width);
    for (let entry = first; entry < last; ++entry) {
      const x = entryValue<T>(values, entry);
      const column = isInteger<I>() ? load<i32>(indices + (<usize>entry << 2)) : entry - first;
      if (x != 0.0) addPairs(outputs, x, features + <usize>column * width, moves);
    }
    predict(outputs, moves, intercepts, predictions, load<f64>(state, SCALE), lag);
    slopes<T>(outputs, row, predictions, labels, loss, parameter, weightOf(factors));
    const stored = table + <usize>row * <usize>outputs * sizeof<T>();
    const known = load<T>(stored) == load<T>(stored);
    if (!known) store<f64>(state, load<f64>(state, SEEN) + 1, SEEN);
    const share = 1.0 / load<f64>(state, SEEN);
    const pull = own * (importanceOf(factors) - share);
    const scale = decay * load<f64>(state, SCALE);
    const pulled = stepSize * pull / scale;
    for (let k = 0; k < outputs; ++k) {
      const place = stored + <usize>k * sizeof<T>(), intercept = intercepts + <usize>k * VECTOR;
      const slope = <T>load<f64>(predictions + (<usize>k << 3));
      const change = <f64>slope - (known ? <f64>load<T>(place) : 0.0);
      store<T>(place, slope);
      const sum = load<f64>(intercept, 8) + change;
      store<f64>(intercept, sum, 8);
      store<f64>(intercept, load<f64>(intercept) - interceptStep * (share * sum + pull * change));
      const move = moves + <usize>k * VECTOR;
      store<f64>(move, (lag - pulled) * change);
      store<f64>(move, change, 8);
    }
    for (let entry = first; entry < last; ++entry) {
      const x = entryValue<T>(values, entry);
      const column = isInteger<I>() ? load<i32>(indices + (<usize>entry << 2)) : entry - first;
      if (x != 0.0) addPairs(outputs, x, moves, features + <usize>column * width);
    }
    store<f64>(state, scale, SCALE);
    store<f64>(state, lag + stepSize * share / scale, LAG);
    if (l1 > 0.0) shrinkAll(columns * outputs, features, state, stepSize * l1 / scale);
    if (abs(scale) < LEAST_SCALE) settleMulti(columns * outputs, features, state);
    factors = nextFactors(factors);
  }
}

// @ts-ignore: decorator
@inline
function settleMulti(records: i32, features: usize, state: usize): void {
  settleL2(records, features, load<f64>(state, SCALE), load<f64>(state, LAG));
  store<f64>(state, 1, SCALE);
  store<f64>(state, 0, LAG);
}

export function multiStepsDense_f32(
  steps: i32, order: usize, factors: usize, rows: usize, columns: i32, outputs: i32, labels: usize, table: usize, state: usize,
  features: usize, intercepts: usize, room: usize, loss: i32, parameter: f64, own: f64, stepSize: f64, l2: f64, l1: f64,
  interceptStep: f64,
): void {
  walk<f32, f64>(
    steps, order, factors, rows, 0, 0, columns, outputs, labels, table, state, features, intercepts, room, loss, parameter, own,
    stepSize, l2, l1, interceptStep,
  );
}

export function multiStepsDense_f64(
  steps: i32, order: usize, factors: usize, rows: usize, columns: i32, outputs: i32, labels: usize, table: usize, state: usize,
  features: usize, intercepts: usize, room: usize, loss: i32, parameter: f64, own: f64, stepSize: f64, l2: f64, l1: f64,
  interceptStep: f64,
): void {
  walk<f64, f64>(
    steps, order, factors, rows, 0, 0, columns, outputs, labels, table, state, features, intercepts, room, loss, parameter, own,
    stepSize, l2, l1, interceptStep,
  );
}

export function multiStepsCsr_f32(
  steps: i32, order: usize, factors: usize, values: usize, indices: usize, offsets: usize, columns: i32, outputs: i32,
  labels: usize, table: usize, state: usize, features: usize, intercepts: usize, room: usize, loss: i32, parameter: f64,
  own: f64, stepSize: f64, l2: f64, l1: f64, interceptStep: f64,
): void {
  walk<f32, i32>(
    steps, order, factors, values, indices, offsets, columns, outputs, labels, table, state, features, intercepts, room, loss,
    parameter, own, stepSize, l2, l1, interceptStep,
  );
}

export function multiStepsCsr_f64(
  steps: i32, order: usize, factors: usize, values: usize, indices: usize, offsets: usize, columns: i32, outputs: i32,
  labels: usize, table: usize, state: usize, features: usize, intercepts: usize, room: usize, loss: i32, parameter: f64,
  own: f64, stepSize: f64, l2: f64, l1: f64, interceptStep: f64,
): void {
  walk<f64, i32>(
    steps, order, factors, values, indices, offsets, columns, outputs, labels, table, state, features, intercepts, room, loss,
    parameter, own, stepSize, l2, l1, interceptStep,
  );
}
