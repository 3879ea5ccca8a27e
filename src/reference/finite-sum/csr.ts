// assembly/finite-sum/csr.ts, with sums in plain order: results agree with the kernels to rounding, not to the bit.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { type Loss, logistic, squared } from "./loss.js";
import { exchange, INTERCEPT, INTERCEPT_GRADIENT, LAG, recordAt, SCALE, SEEN, stateAt } from "./state.js";

// Places in a column's record, as f64: assembly/finite-sum/csr.ts.
const RECORD_LENGTH = 4;
const GRADIENT = 1;
const OWN_LAG = 2;

const LEAST_SCALE = 1e-9;

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
  T: Element,
  memory: LinearMemory,
  values: number,
  indices: number,
  offsets: number,
  row: number,
  width: number,
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
    steps: number,
    order: number,
    _burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    state: number,
    columns: number,
    features: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
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
    steps: number,
    order: number,
    _burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    state: number,
    columns: number,
    features: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
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
    count: number,
    first: number,
    keep: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    weights: number,
    intercept: number,
    gradient: number,
    interceptGradient: number,
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

export const sagCsrLogistic = sagCsr(logistic);
export const sagCsrSquared = sagCsr(squared);
export const svrgCsrLogistic = svrgCsr(logistic);
export const svrgCsrSquared = svrgCsr(squared);
export const gradientCsrLogistic = gradientCsr(logistic);
export const gradientCsrSquared = gradientCsr(squared);
