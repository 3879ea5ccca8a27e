// assembly/finite-sum, with the sums in plain order and the platform's exponential, so that results agree with the
// kernels to rounding and not to the bit. The layouts of `state` and of the table are described in
// assembly/finite-sum/state.ts, that of the columns' records in assembly/finite-sum/csr.ts.

import type { Element, FloatArray, LinearMemory } from "./element.js";

interface Loss {
  value(prediction: number, label: number): number;
  derivative(prediction: number, label: number): number;
}

const logistic: Loss = {
  value: (p, y) => Math.log1p(Math.exp(-Math.min(Math.abs(y * p), 60))) + Math.max(-y * p, 0),
  derivative: (p, y) => -y / (1 + Math.exp(Math.min(Math.max(y * p, -60), 60))),
};

const squared: Loss = {
  value: (p, y) => 0.5 * (p - y) ** 2,
  derivative: (p, y) => p - y,
};

// Places in the state, as f64.
const INTERCEPT = 0;
const INTERCEPT_GRADIENT = 1;
const SEEN = 2;
const SCALE = 3;
const LAG = 4;
const STATE_LENGTH = 5;

// Places in a column's record, as f64.
const RECORD_LENGTH = 4;
const GRADIENT = 1;
const OWN_LAG = 2;

const LEAST_SCALE = 1e-9;

const stateAt = (memory: LinearMemory, pointer: number) => new Float64Array(memory.buffer, pointer, STATE_LENGTH);

/** The label and the residual of a row. */
const recordAt = (T: Element, memory: LinearMemory, table: number, row: number) =>
  T.view(memory, table + row * 2 * T.bytes, 2);

/** Stores the derivative of a SAG step and returns what it changed by; counts a row seen for the first time. */
function exchange(record: FloatArray, state: Float64Array, derivative: number): number {
  const stored = record[1]!;
  record[1] = derivative;
  if (!Number.isNaN(stored)) return record[1]! - stored;
  state[SEEN]! += 1;
  return record[1]!;
}

function product(x: FloatArray, w: FloatArray): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * w[j]!;
  return sum;
}

const sagDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number, order: number, _burst: number, rows: number, columns: number, table: number, state: number,
    weights: number, gradientSum: number, stepSize: number, l2: number, interceptStep: number,
  ): void => {
    const { round } = T;
    const at = stateAt(memory, state);
    const w = T.view(memory, weights, columns);
    const S = T.view(memory, gradientSum, columns);
    const decay = round(1 - stepSize * l2);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const change = exchange(own, at, loss.derivative(product(x, w) + at[INTERCEPT]!, own[0]!));
      const factor = round(change);
      const rate = round(stepSize / at[SEEN]!);
      for (let j = 0; j < columns; j++) {
        S[j] = round(factor * x[j]!) + S[j]!;
        w[j] = round(decay * w[j]!) - round(rate * S[j]!);
      }
      at[INTERCEPT_GRADIENT]! += change;
      at[INTERCEPT]! -= (interceptStep / at[SEEN]!) * at[INTERCEPT_GRADIENT]!;
    }
  };

const svrgDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number, order: number, _burst: number, rows: number, columns: number, table: number, state: number,
    weights: number, snapshotGradient: number, stepSize: number, l2: number, interceptStep: number,
  ): void => {
    const { round } = T;
    const at = stateAt(memory, state);
    const w = T.view(memory, weights, columns);
    const mean = T.view(memory, snapshotGradient, columns);
    const decay = round(1 - stepSize * l2);
    const rate = round(stepSize);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const change = loss.derivative(product(x, w) + at[INTERCEPT]!, own[0]!) - own[1]!;
      const factor = round(stepSize * change);
      for (let j = 0; j < columns; j++) {
        w[j] = round(round(decay * w[j]!) - round(rate * mean[j]!)) - round(factor * x[j]!);
      }
      at[INTERCEPT]! -= interceptStep * (change + at[INTERCEPT_GRADIENT]!);
    }
  };

const gradientDense =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    count: number, first: number, keep: number, rows: number, columns: number, table: number,
    weights: number, intercept: number, gradient: number, interceptGradient: number,
  ): number => {
    const w = T.view(memory, weights, columns);
    const sum = new Float64Array(memory.buffer, gradient, columns);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    let total = 0;
    for (let row = first; row < first + count; row++) {
      const x = T.view(memory, rows + row * columns * T.bytes, columns);
      const own = recordAt(T, memory, table, row);
      const prediction = product(x, w) + intercept;
      const derivative = T.round(loss.derivative(prediction, own[0]!));
      total += loss.value(prediction, own[0]!);
      if (keep) own[1] = derivative;
      interceptSum[0]! += derivative;
      for (let j = 0; j < columns; j++) sum[j]! += derivative * x[j]!;
    }
    return total;
  };

/** Catches up every column, so that v is the weight itself; the scale becomes 1 and the lag 0. */
export const settleCsr =
  (memory: LinearMemory) =>
  (columns: number, features: number, state: number): void => {
    const at = stateAt(memory, state);
    const records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    for (let r = 0; r < records.length; r += RECORD_LENGTH) {
      records[r] = at[SCALE]! * (records[r]! - (at[LAG]! - records[r + OWN_LAG]!) * records[r + GRADIENT]!);
      records[r + OWN_LAG] = 0;
    }
    at[SCALE] = 1;
    at[LAG] = 0;
  };

interface SparseRow {
  readonly x: FloatArray;
  /** Where in the records each entry's column begins. */
  readonly at: Int32Array;
}

function sparseRow(
  T: Element, memory: LinearMemory, values: number, indices: number, offsets: number, row: number, width: number,
): SparseRow {
  const [first, last] = new Int32Array(memory.buffer, offsets + 4 * row, 2) as unknown as [number, number];
  const columns = new Int32Array(memory.buffer, indices + 4 * first, last - first);
  return { x: T.view(memory, values + T.bytes * first, last - first), at: columns.map((j) => j * width) };
}

/** Catches up the columns of a row and returns x.v. */
function catchUp(records: Float64Array, { x, at }: SparseRow, lag: number): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) {
    const r = at[k]!;
    records[r]! -= (lag - records[r + OWN_LAG]!) * records[r + GRADIENT]!;
    records[r + OWN_LAG] = lag;
    sum += records[r]! * x[k]!;
  }
  return sum;
}

const sagCsr =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number, order: number, _burst: number, values: number, indices: number, offsets: number, table: number,
    state: number, columns: number, features: number, stepSize: number, l2: number, interceptStep: number,
  ): void => {
    const at = stateAt(memory, state);
    const records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    const settle = settleCsr(memory);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const entries = sparseRow(T, memory, values, indices, offsets, row, RECORD_LENGTH);
      const own = recordAt(T, memory, table, row);
      const prediction = at[SCALE]! * catchUp(records, entries, at[LAG]!) + at[INTERCEPT]!;
      const change = exchange(own, at, loss.derivative(prediction, own[0]!));
      for (let k = 0; k < entries.x.length; k++) records[entries.at[k]! + GRADIENT]! += change * entries.x[k]!;
      at[SCALE]! *= 1 - stepSize * l2;
      at[LAG]! += stepSize / at[SEEN]! / at[SCALE]!;
      if (at[SCALE]! < LEAST_SCALE) settle(columns, features, state);
      at[INTERCEPT_GRADIENT]! += change;
      at[INTERCEPT]! -= (interceptStep / at[SEEN]!) * at[INTERCEPT_GRADIENT]!;
    }
  };

const svrgCsr =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number, order: number, _burst: number, values: number, indices: number, offsets: number, table: number,
    state: number, columns: number, features: number, stepSize: number, l2: number, interceptStep: number,
  ): void => {
    const at = stateAt(memory, state);
    const records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    const settle = settleCsr(memory);
    for (const row of new Int32Array(memory.buffer, order, steps)) {
      const entries = sparseRow(T, memory, values, indices, offsets, row, RECORD_LENGTH);
      const own = recordAt(T, memory, table, row);
      const prediction = at[SCALE]! * catchUp(records, entries, at[LAG]!) + at[INTERCEPT]!;
      const change = loss.derivative(prediction, own[0]!) - own[1]!;
      at[SCALE]! *= 1 - stepSize * l2;
      at[LAG]! += stepSize / at[SCALE]!;
      const pull = (stepSize * change) / at[SCALE]!;
      for (let k = 0; k < entries.x.length; k++) records[entries.at[k]!]! -= pull * entries.x[k]!;
      if (at[SCALE]! < LEAST_SCALE) settle(columns, features, state);
      at[INTERCEPT]! -= interceptStep * (change + at[INTERCEPT_GRADIENT]!);
    }
  };

const gradientCsr =
  (loss: Loss) =>
  (memory: LinearMemory, T: Element) =>
  (
    count: number, first: number, keep: number, values: number, indices: number, offsets: number, table: number,
    weights: number, intercept: number, gradient: number, interceptGradient: number,
  ): number => {
    // The number of columns is not an argument: the views reach to the end of the memory.
    const w = new Float64Array(memory.buffer, weights);
    const sum = new Float64Array(memory.buffer, gradient);
    const interceptSum = new Float64Array(memory.buffer, interceptGradient, 1);
    let total = 0;
    for (let row = first; row < first + count; row++) {
      const { x, at } = sparseRow(T, memory, values, indices, offsets, row, 1);
      const own = recordAt(T, memory, table, row);
      let prediction = intercept;
      for (let k = 0; k < x.length; k++) prediction += x[k]! * w[at[k]!]!;
      const derivative = T.round(loss.derivative(prediction, own[0]!));
      total += loss.value(prediction, own[0]!);
      if (keep) own[1] = derivative;
      interceptSum[0]! += derivative;
      for (let k = 0; k < x.length; k++) sum[at[k]!]! += derivative * x[k]!;
    }
    return total;
  };

export const sagDenseLogistic = sagDense(logistic);
export const sagDenseSquared = sagDense(squared);
export const svrgDenseLogistic = svrgDense(logistic);
export const svrgDenseSquared = svrgDense(squared);
export const gradientDenseLogistic = gradientDense(logistic);
export const gradientDenseSquared = gradientDense(squared);
export const sagCsrLogistic = sagCsr(logistic);
export const sagCsrSquared = sagCsr(squared);
export const svrgCsrLogistic = svrgCsr(logistic);
export const svrgCsrSquared = svrgCsr(squared);
export const gradientCsrLogistic = gradientCsr(logistic);
export const gradientCsrSquared = gradientCsr(squared);
