// The layouts of the state, the table and the factors: assembly/finite-sum/state.ts.

import type { Element, FloatArray, LinearMemory } from "../element.js";

// Places in the state, as f64.
export const INTERCEPT = 0;
export const INTERCEPT_GRADIENT = 1;
export const SEEN = 2;
export const SCALE = 3;
export const LAG = 4;
const STATE_LENGTH = 5;
/** Where the count of lags in the history is, an i32, in bytes. */
const PAST = 44;

// What a full gradient leaves as the residuals: nothing if 0.
export const SLOPES = 1;
export const CURVATURES = 2;

export const stateAt = (memory: LinearMemory, pointer: number) =>
  new Float64Array(memory.buffer, pointer, STATE_LENGTH);

export const pastAt = (memory: LinearMemory, pointer: number) => new Int32Array(memory.buffer, pointer + PAST, 1);

/** The label and the residual of a row. */
export const recordAt = (T: Element, memory: LinearMemory, table: number, row: number) =>
  T.view(memory, table + row * 2 * T.bytes, 2);

/** Stores the derivative of a step and returns what it changed by, which goes into the sum too; counts new rows. */
export function exchange(record: FloatArray, state: Float64Array, derivative: number): number {
  const stored = record[1]!;
  record[1] = derivative;
  const seen = !Number.isNaN(stored);
  if (!seen) state[SEEN]! += 1;
  const change = seen ? record[1]! - stored : record[1]!;
  state[INTERCEPT_GRADIENT]! += change;
  return change;
}

/** The weight and the importance of a step's row. */
export function factorsAt(memory: LinearMemory, factors: number, step: number): [weight: number, importance: number] {
  if (factors === 0) return [1, 1];
  const [weight, importance] = new Float64Array(memory.buffer, factors + 16 * step, 2);
  return [weight!, importance!];
}

export const sampleWeight = (memory: LinearMemory, sampleWeights: number, row: number): number =>
  sampleWeights === 0 ? 1 : new Float64Array(memory.buffer, sampleWeights + 8 * row, 1)[0]!;

/** The rows of a gradient: order[0 .. count), or `count` from `first` on if there is no order. */
export const rowsOf = (memory: LinearMemory, count: number, first: number, order: number): Iterable<number> =>
  order === 0 ? Array.from({ length: count }, (_, k) => first + k) : new Int32Array(memory.buffer, order, count);
