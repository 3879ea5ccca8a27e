import type { Engine } from "../../../memory/engine.js";
import { free, type HostMatrix, rowsOf } from "./host.js";

type Row = Float32Array;

export const BYTES = 4;

/** Keeps the memory of a layer for as long as one of its rows is in use. */
const owners = new WeakMap<Row, object>();

/** A matrix in linear memory, and the rows of it that brain.js sees. */
export class Slab {
  readonly m: number;
  readonly n: number;
  /** Elements from a row to the next. */
  readonly lda: number;
  readonly pointer: number;
  readonly #engine: Engine;
  readonly #owner: object;
  #buffer: ArrayBufferLike | undefined;
  #rows: Row[] = [];

  constructor(engine: Engine, owner: object, pointer: number, m: number, n: number, lda = n) {
    this.m = m;
    this.n = n;
    this.lda = lda;
    this.pointer = pointer;
    this.#engine = engine;
    this.#owner = owner;
  }

  /** The rows, made anew after the memory has grown. */
  get rows(): Row[] {
    const { buffer } = this.#engine.memory;
    if (this.#buffer !== buffer) {
      this.#buffer = buffer;
      this.#rows = Array.from({ length: this.m }, (_, i) => this.#row(this.pointer + i * this.lda * BYTES, this.n));
    }
    return this.#rows;
  }

  /** Takes over numbers that lie elsewhere. */
  set(matrix: HostMatrix): void {
    const { rows } = this;
    if (matrix === rows) return;
    rowsOf(matrix).forEach((row, i) => {
      rows[i]!.set(row);
    });
  }

  #row(pointer: number, length: number): Row {
    const row = this.#engine.view("float32", pointer, length) as Row;
    owners.set(row, this.#owner);
    return row;
  }
}

/** Lets a property of brain.js's stand for a slab, what is assigned to it being taken over. Returns how it ends. */
export function expose<Key extends string>(object: { [K in Key]?: HostMatrix }, key: Key, slab: Slab): () => void {
  const before = object[key];
  if (before !== undefined) {
    slab.set(before);
    free(before);
  }
  const shared = { configurable: true, enumerable: true };
  Object.defineProperty(object, key, {
    ...shared,
    get: () => slab.rows,
    set: (matrix: HostMatrix) => slab.set(matrix),
  });
  return () => {
    const value = slab.rows.map((row) => row.slice());
    Object.defineProperty(object, key, { ...shared, writable: true, value });
  };
}
