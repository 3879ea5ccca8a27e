// assembly/finite-sum/csr-columns.ts, with what a column owes paid step by step: slow, and plainly right.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { shrink } from "./dense.js";
import { LAG, pastAt, SCALE, SEEN, stateAt } from "./state.js";

// Places in a column's record, as f64.
export const RECORD_LENGTH = 4;
export const GRADIENT = 1;
const OWN_LAG = 2;
export const L1 = 3;

const LEAST_SCALE = 1e-9;

export interface SparseRow {
  readonly x: FloatArray;
  /** Where in the records each entry's column begins. */
  readonly at: Int32Array;
}

export function sparseRow(
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

/** The columns of a running solver: their records, and what they owe. */
export class Columns {
  readonly records: Float64Array;
  readonly #at: Float64Array;
  readonly #past: Int32Array;
  readonly #history: Float64Array | undefined;
  readonly #capacity: number;

  constructor(
    memory: LinearMemory,
    columns: number,
    features: number,
    state: number,
    history: number,
    capacity?: number,
  ) {
    this.records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    this.#at = stateAt(memory, state);
    this.#past = pastAt(memory, state);
    const length = capacity ?? this.#past[0]!;
    this.#history = history === 0 ? undefined : new Float64Array(memory.buffer, history, length);
    this.#capacity = length;
  }

  /** Catches up the columns of a row and returns x.v. */
  catchUp({ x, at }: SparseRow): number {
    let sum = 0;
    for (let k = 0; k < x.length; k++) {
      this.#pay(at[k]!);
      sum += this.records[at[k]!]! * x[k]!;
    }
    return sum;
  }

  /** A step's debt, at the new scale. */
  owe(debt: number, scale: number): void {
    const at = this.#at;
    at[SCALE] = scale;
    at[LAG]! += debt / scale;
    if (this.#history !== undefined) this.#history[this.#past[0]!++] = at[LAG]!;
    const full = this.#history !== undefined && this.#past[0] === this.#capacity;
    if (full || Math.abs(scale) < LEAST_SCALE) this.settle();
  }

  settle(): void {
    for (let r = 0; r < this.records.length; r += RECORD_LENGTH) {
      this.#pay(r);
      this.records[r]! *= this.#at[SCALE]!;
      this.records[r + OWN_LAG] = 0;
    }
    this.#at[SCALE] = 1;
    this.#at[LAG] = 0;
    this.#past[0] = 0;
  }

  #pay(r: number): void {
    const { records } = this;
    const own = records[r + OWN_LAG]!;
    const lag = this.#at[LAG]!;
    const g = records[r + GRADIENT]!;
    records[r + OWN_LAG] = lag;
    if (this.#history === undefined) {
      records[r]! -= (lag - own) * g;
      return;
    }
    const slope = g / this.#at[SEEN]!;
    let before = own;
    for (const after of this.#history.subarray(0, this.#past[0])) {
      if (after <= before) continue;
      const part = after - before;
      records[r] = shrink(records[r]! - part * slope, part * records[r + L1]!);
      before = after;
    }
  }
}

/** Catches up every column, so that v is the weight itself; the scale becomes 1 and the lag 0. */
export const settleCsr =
  (memory: LinearMemory) =>
  (columns: number, features: number, state: number, history: number): void =>
    new Columns(memory, columns, features, state, history).settle();
