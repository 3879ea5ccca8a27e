// The layouts of the state and of the table: assembly/finite-sum/state.ts.

import type { Element, FloatArray, LinearMemory } from "../element.js";

// Places in the state, as f64.
export const INTERCEPT = 0;
export const INTERCEPT_GRADIENT = 1;
export const SEEN = 2;
export const SCALE = 3;
export const LAG = 4;
const STATE_LENGTH = 5;

export const stateAt = (memory: LinearMemory, pointer: number) =>
  new Float64Array(memory.buffer, pointer, STATE_LENGTH);

/** The label and the residual of a row. */
export const recordAt = (T: Element, memory: LinearMemory, table: number, row: number) =>
  T.view(memory, table + row * 2 * T.bytes, 2);

/** Stores the derivative of a SAG step and returns what it changed by; counts a row seen for the first time. */
export function exchange(record: FloatArray, state: Float64Array, derivative: number): number {
  const stored = record[1]!;
  record[1] = derivative;
  if (!Number.isNaN(stored)) return record[1]! - stored;
  state[SEEN]! += 1;
  return record[1]!;
}
