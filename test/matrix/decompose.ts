// Runs the decompositions on matrices of plain numbers, and sees to it that they write nowhere else.

import { expect } from "vitest";

import { Arena } from "../kernels/arena.js";
import { type Dtype, dtypes } from "../kernels/numbers.js";
import { type KernelTable, kernelsOf, type Variant } from "../kernels/variants.js";
import { type Matrix, matrix } from "./dense.js";

/** How matrices lie in memory: elements between the end of a row and the next, and off the cache line. */
export interface Placement {
  readonly gap?: number;
  readonly shift?: number;
}

/** What lies where no element has been written. */
const UNTOUCHED = Number.NaN;

/** The largest matrix of the small arena, which is quicker to look through than the large one. */
const SMALL = 40;

/** Rounds all elements. */
export const rounded = (dtype: Dtype, a: Matrix): number[][] => a.map((row) => [...dtypes[dtype].array.from(row)]);

export class Decomposer {
  readonly #variant: Variant;
  readonly #dtype: Dtype;
  readonly #small = new Arena(6);
  readonly #large = new Arena(40);
  #arena = this.#small;
  #kernels: KernelTable;

  constructor(variant: Variant, dtype: Dtype) {
    this.#variant = variant;
    this.#dtype = dtype;
    this.#kernels = kernelsOf(variant, this.#arena.memory);
  }

  #begin(size: number): Arena {
    this.#arena = size <= SMALL ? this.#small : this.#large;
    this.#kernels = kernelsOf(this.#variant, this.#arena.memory);
    this.#arena.clear();
    return this.#arena;
  }

  /** Places rows with gaps in between. */
  #place(rows: Matrix, columns: number, { gap = 0, shift = 0 }: Placement): number {
    const padded = rows.flatMap((row) => [...row, ...Array<number>(columns + gap - row.length).fill(UNTOUCHED)]);
    return this.#arena.place(this.#dtype, padded, shift);
  }

  /** Room for a result, untouched. */
  #room(rows: number, columns: number, placement: Placement): number {
    return this.#place(
      matrix(rows, columns, () => UNTOUCHED),
      columns,
      placement,
    );
  }

  /** What was written, without the gaps, which must be untouched. */
  #read(pointer: number, rows: number, columns: number, { gap = 0 }: Placement): number[][] {
    const all = this.#arena.floats(this.#dtype, pointer, rows * (columns + gap));
    return Array.from({ length: rows }, (_, i) => {
      const row = all.subarray(i * (columns + gap), (i + 1) * (columns + gap));
      expect([...row.subarray(columns)].every(Number.isNaN), `${this.#variant}: wrote behind row ${i}`).toBe(true);
      return [...row.subarray(0, columns)];
    });
  }

  /** The bytes of rows, gaps included. */
  #bytes(pointer: number, rows: number, columns: number, { gap = 0 }: Placement): Buffer {
    const length = rows * (columns + gap) * dtypes[this.#dtype].bytes;
    return Buffer.from(new Uint8Array(this.#arena.memory.buffer, pointer, length));
  }

  #finish(): void {
    expect(this.#arena.firstOverwritten(), `${this.#variant}: wrote outside of its arrays`).toBeUndefined();
  }

  /** The lower triangle alone is handed over. */
  eigen(a: Matrix, placement: Placement = {}) {
    const [n, dtype, arena] = [a.length, this.#dtype, this.#begin(a.length)];
    const ld = n + (placement.gap ?? 0);
    const lower = a.map((row, i) => row.map((x, j) => (j <= i ? x : UNTOUCHED)));
    const pointer = this.#place(lower, n, placement);
    const [values, vectors] = [this.#room(1, n, {}), this.#room(n, n, placement)];
    const scratch = arena.reserve(this.#kernels[`symmetricEigenScratch_${dtype}`](n));
    const before = this.#bytes(pointer, n, n, placement);
    const status = this.#kernels[`symmetricEigen_${dtype}`](n, pointer, ld, values, vectors, ld, scratch);
    this.#finish();
    expect(before.equals(this.#bytes(pointer, n, n, placement)), "the matrix is kept").toBe(true);
    return {
      status,
      values: this.#read(values, 1, n, {})[0]!,
      vectors: this.#read(vectors, n, n, placement),
    };
  }

  qr(a: Matrix, columns: number, placement: Placement = {}, withR = true) {
    const [m, n, k, dtype] = [a.length, columns, Math.min(a.length, columns), this.#dtype];
    const arena = this.#begin(Math.max(m, n));
    const gap = placement.gap ?? 0;
    const pointer = this.#place(a, n, placement);
    const [q, r] = [this.#room(m, k, placement), this.#room(k, n, placement)];
    const scratch = arena.reserve(this.#kernels[`qrScratch_${dtype}`](m, n));
    const before = this.#bytes(pointer, m, n, placement);
    const status = this.#kernels[`qr_${dtype}`](m, n, pointer, n + gap, q, k + gap, withR ? r : 0, n + gap, scratch);
    this.#finish();
    expect(before.equals(this.#bytes(pointer, m, n, placement)), "the matrix is kept").toBe(true);
    return { status, q: this.#read(q, m, k, placement), r: this.#read(r, k, n, placement) };
  }

  refresh(a: Matrix, basis: Matrix, placement: Placement = {}) {
    const [n, dtype, arena] = [a.length, this.#dtype, this.#begin(a.length)];
    const ld = n + (placement.gap ?? 0);
    const [pointer, rows] = [this.#place(a, n, placement), this.#place(basis, n, placement)];
    const values = this.#room(1, n, {});
    const scratch = arena.reserve(this.#kernels[`refreshBasisScratch_${dtype}`](n));
    const status = this.#kernels[`refreshBasis_${dtype}`](n, pointer, ld, rows, ld, values, scratch);
    this.#finish();
    return { status, basis: this.#read(rows, n, n, placement), values: this.#read(values, 1, n, {})[0]! };
  }

  recompose(vectors: Matrix, weights: readonly number[], placement: Placement = {}): number[][] {
    const [n, dtype, arena] = [vectors.length, this.#dtype, this.#begin(vectors.length)];
    const ld = n + (placement.gap ?? 0);
    const [rows, diagonal] = [this.#place(vectors, n, placement), this.#place([weights], n, {})];
    const c = this.#room(n, n, placement);
    const scratch = arena.reserve(this.#kernels[`recomposeScratch_${dtype}`](n));
    this.#kernels[`recompose_${dtype}`](n, rows, ld, diagonal, c, ld, scratch);
    this.#finish();
    return this.#read(c, n, n, placement);
  }
}
