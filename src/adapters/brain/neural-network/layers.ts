import type { Allocation, Engine } from "../../../memory/engine.js";
import type { HostArrays } from "./host.js";

type Row = Float32Array;

/** Where the arrays of a layer lie; 0 for what the first has not. */
export interface Layer {
  /** Nodes, and weights of each. */
  readonly m: number;
  readonly n: number;
  /** Elements from a row of weights to the next. */
  readonly lda: number;
  readonly pointers: Readonly<Record<keyof HostArrays, number>>;
}

export const VECTORS = ["outputs", "errors", "deltas"] as const;
export const OF_BIASES = ["biases", "biasChangesLow", "biasChangesHigh"] as const;
export const MATRICES = ["weights", "changes", "changesLow", "changesHigh"] as const;

const BYTES = 4;
const LANES = 4;

const wholeVectors = (n: number) => Math.ceil(n / LANES) * LANES;

/** Keeps the memory of a network for as long as one of its rows is in use. */
const owners = new WeakMap<Row, Layers>();

/** The arrays of a network in linear memory, and the rows of them that brain.js sees. */
export class Layers {
  readonly layers: readonly Layer[];
  readonly #engine: Engine;
  readonly #block: Allocation;
  #buffer: ArrayBufferLike | undefined;
  #arrays: HostArrays | undefined;

  constructor(engine: Engine, sizes: readonly number[]) {
    this.#engine = engine;
    let bytes = 0;
    const take = (count: number) => {
      const offset = bytes;
      bytes += wholeVectors(count) * BYTES;
      return offset;
    };
    const offsets = sizes.map((m, l) => {
      const n = l === 0 ? 0 : sizes[l - 1]!;
      const lda = wholeVectors(n);
      const pairs = [
        ...VECTORS.map((name) => [name, take(m)]),
        ...OF_BIASES.map((name) => [name, l === 0 ? 0 : take(m)]),
        ...MATRICES.map((name) => [name, l === 0 ? 0 : take(m * lda)]),
      ];
      return { m, n, lda, pointers: Object.fromEntries(pairs) as Record<keyof HostArrays, number> };
    });
    this.#block = engine.allocate(this, bytes);
    const { pointer } = this.#block;
    this.layers = offsets.map(({ pointers, ...layer }) => ({
      ...layer,
      pointers: Object.fromEntries(
        Object.entries(pointers).map(([name, offset]) => [name, pointer + offset]),
      ) as Record<keyof HostArrays, number>,
    }));
  }

  /** The rows, made anew after the memory has grown. */
  get arrays(): HostArrays {
    const { buffer } = this.#engine.memory;
    if (this.#arrays === undefined || this.#buffer !== buffer) {
      this.#buffer = buffer;
      this.#arrays = this.#rows();
    }
    return this.#arrays;
  }

  dispose(): void {
    this.#block.dispose();
    this.#arrays = undefined;
  }

  #row(pointer: number, length: number): Row {
    const row = this.#engine.view("float32", pointer, length) as Row;
    owners.set(row, this);
    return row;
  }

  #rows(): HostArrays {
    const vectors = (name: (typeof VECTORS)[number] | (typeof OF_BIASES)[number], from: number) => {
      const rows: Row[] = [];
      for (let l = from; l < this.layers.length; l++)
        rows[l] = this.#row(this.layers[l]!.pointers[name], this.layers[l]!.m);
      return rows;
    };
    const matrices = (name: (typeof MATRICES)[number]) => {
      const matrix: Row[][] = [];
      for (const [l, { m, n, lda, pointers }] of this.layers.entries()) {
        if (l > 0) matrix[l] = Array.from({ length: m }, (_, i) => this.#row(pointers[name] + i * lda * BYTES, n));
      }
      return matrix;
    };
    const entries = [
      ...VECTORS.map((name) => [name, vectors(name, 0)]),
      ...OF_BIASES.map((name) => [name, vectors(name, 1)]),
      ...MATRICES.map((name) => [name, matrices(name)]),
    ];
    return Object.fromEntries(entries) as HostArrays;
  }
}
