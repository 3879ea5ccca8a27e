// assembly/finite-sum/csr-columns.ts, with what a column owes paid step by step: slow, and plainly right.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { shrink } from "./dense.js";
import { LAG, pastAt, SCALE, SEEN, stateAt } from "./state.js";

// Lengths of a column's record, and places in it, as f64.
export const RECORD_LENGTH = 2;
export const L1_RECORD_LENGTH = 4;
const GRADIENT = 1;
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
  /** Numbers in a record. */
  readonly width: number;
  readonly #records: Float64Array;
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
    this.width = history === 0 ? RECORD_LENGTH : L1_RECORD_LENGTH;
    this.#records = new Float64Array(memory.buffer, features, columns * this.width);
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
      sum += this.#paid(at[k]!) * x[k]!;
    }
    return sum;
  }

  /** v <- v - pull x, g <- g + change x, for the columns of a row that have been caught up. */
  move({ x, at }: SparseRow, pull: number, change: number): void {
    const records = this.#records;
    for (let k = 0; k < x.length; k++) {
      const v = this.#paid(at[k]!) - pull * x[k]!;
      records[at[k]! + GRADIENT]! += change * x[k]!;
      this.#setPaid(at[k]!, v);
    }
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
    const settled = [];
    for (let r = 0; r < this.#records.length; r += this.width) settled.push(this.#at[SCALE]! * this.#paid(r));
    this.#at[SCALE] = 1;
    this.#at[LAG] = 0;
    this.#past[0] = 0;
    settled.forEach((v, j) => {
      this.#setPaid(j * this.width, v);
    });
  }

  /** v, given that the column has paid: without l1 its record holds v + lag g. */
  #setPaid(r: number, v: number): void {
    const records = this.#records;
    const lag = this.#at[LAG]!;
    if (this.#history === undefined) {
      records[r] = v + lag * records[r + GRADIENT]!;
    } else {
      records[r] = v;
      records[r + OWN_LAG] = lag;
    }
  }

  /** v, once the column has paid. */
  #paid(r: number): number {
    const records = this.#records;
    const g = records[r + GRADIENT]!;
    if (this.#history === undefined) return records[r]! - this.#at[LAG]! * g;
    const slope = g / this.#at[SEEN]!;
    let v = records[r]!;
    let before = records[r + OWN_LAG]!;
    for (const after of this.#history.subarray(0, this.#past[0])) {
      if (after <= before) continue;
      const part = after - before;
      v = shrink(v - part * slope, part * records[r + L1]!);
      before = after;
    }
    return v;
  }
}

/** Catches up every column, so that v is the weight itself; the scale becomes 1 and the lag 0. */
export const settleCsr =
  (memory: LinearMemory) =>
  (columns: number, features: number, state: number, history: number): void =>
    new Columns(memory, columns, features, state, history).settle();
