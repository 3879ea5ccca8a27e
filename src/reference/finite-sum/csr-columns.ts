// assembly/finite-sum/csr-columns.ts, with what a column owes paid step by step: slow, and plainly right.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { shrink } from "./dense.js";
import { LAG, pastAt, SCALE, SEEN, stateAt } from "./state.js";

// Length of a column's record, and a place in it, as f64.
export const RECORD_LENGTH = 2;
const GRADIENT = 1;

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

/** The l1 of every column. */
export const strengthsOf = (memory: LinearMemory, columns: number, l1: number, strengths: number): Float64Array =>
  strengths === 0 ? new Float64Array(columns).fill(l1) : new Float64Array(memory.buffer, strengths, columns);

/** What the columns need under l1. */
interface Lagged {
  readonly lags: Float64Array;
  readonly strengths: Float64Array;
  readonly history: Float64Array;
}

/** The columns of a running solver: their records, and what they owe. */
export class Columns {
  readonly #records: Float64Array;
  readonly #at: Float64Array;
  readonly #past: Int32Array;
  readonly #lagged: Lagged | undefined;

  /** @param capacity of the history, which otherwise ends where the lags do */
  constructor(
    memory: LinearMemory,
    columns: number,
    features: number,
    state: number,
    lags: number,
    l1: number,
    strengths: number,
    history: number,
    capacity?: number,
  ) {
    this.#records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    this.#at = stateAt(memory, state);
    this.#past = pastAt(memory, state);
    if (history !== 0) {
      this.#lagged = {
        lags: new Float64Array(memory.buffer, lags, columns),
        strengths: strengthsOf(memory, columns, l1, strengths),
        history: new Float64Array(memory.buffer, history, capacity ?? this.#past[0]!),
      };
    }
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
    const history = this.#lagged?.history;
    if (history !== undefined) history[this.#past[0]!++] = at[LAG]!;
    if (this.#past[0] === history?.length || Math.abs(scale) < LEAST_SCALE) this.settle();
  }

  settle(): void {
    const settled = [];
    for (let r = 0; r < this.#records.length; r += RECORD_LENGTH) settled.push(this.#at[SCALE]! * this.#paid(r));
    this.#at[SCALE] = 1;
    this.#at[LAG] = 0;
    this.#past[0] = 0;
    settled.forEach((v, j) => {
      this.#setPaid(j * RECORD_LENGTH, v);
    });
  }

  /** v, given that the column has paid: without l1 its record holds v + lag g. */
  #setPaid(r: number, v: number): void {
    const records = this.#records;
    const lag = this.#at[LAG]!;
    if (this.#lagged === undefined) {
      records[r] = v + lag * records[r + GRADIENT]!;
    } else {
      records[r] = v;
      this.#lagged.lags[r / RECORD_LENGTH] = lag;
    }
  }

  /** v, once the column has paid. */
  #paid(r: number): number {
    const records = this.#records;
    const g = records[r + GRADIENT]!;
    if (this.#lagged === undefined) return records[r]! - this.#at[LAG]! * g;
    const { lags, strengths, history } = this.#lagged;
    const j = r / RECORD_LENGTH;
    const slope = g / this.#at[SEEN]!;
    let v = records[r]!;
    let before = lags[j]!;
    for (const after of history.subarray(0, this.#past[0])) {
      if (after <= before) continue;
      const part = after - before;
      v = shrink(v - part * slope, part * strengths[j]!);
      before = after;
    }
    return v;
  }
}

/** Catches up every column, so that v is the weight itself; the scale becomes 1 and the lag 0. */
export const settleCsr =
  (memory: LinearMemory) =>
  (
    columns: number,
    features: number,
    state: number,
    lags: number,
    l1: number,
    strengths: number,
    history: number,
  ): void =>
    new Columns(memory, columns, features, state, lags, l1, strengths, history).settle();

/** The sum over the columns of (share g + l2 w)^2, for numbers w and g that are `stride` bytes apart from column to column. */
export const squaredGradientCsr =
  (memory: LinearMemory) =>
  (columns: number, weights: number, gradient: number, stride: number, share: number, l2: number): number => {
    const w = new Float64Array(memory.buffer, weights);
    const g = new Float64Array(memory.buffer, gradient);
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const at = (j * stride) / Float64Array.BYTES_PER_ELEMENT;
      sum += (share * g[at]! + l2 * w[at]!) ** 2;
    }
    return sum;
  };
