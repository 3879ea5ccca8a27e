import type { Allocation, Engine } from "../memory/engine.js";
import type { Steps } from "./model.js";
import { SLICE } from "./oracle.js";
import type { Sampler } from "./sampling.js";

/** How rows are drawn. */
export interface Draw {
  readonly sampler: Sampler;
  /** See {@link Steps.blocks}. */
  readonly blocks: number;
  /** Whether the sampler is the caller's, so that its rows have to be looked at. */
  readonly foreign?: true;
  /** 1 over n times the probability of every row, where they differ. */
  readonly importance?: Float64Array;
}

/** Brings the rows of a pass into memory slice by slice, with their factors where they have any. */
export class Draws {
  readonly #engine: Engine;
  readonly #order: Allocation;
  readonly #factors: Allocation | undefined;
  readonly #rows: Int32Array;
  readonly #sampler: Sampler;
  readonly #weights: Float64Array | undefined;
  readonly #importance: Float64Array | undefined;
  readonly #blocks: number;
  readonly #foreign: boolean;
  #pass: number;

  /** @param pass the number of the first pass */
  constructor(
    engine: Engine,
    rows: number,
    { sampler, blocks, foreign, importance }: Draw,
    weights: Float64Array | undefined,
    pass = 0,
  ) {
    this.#engine = engine;
    this.#rows = new Int32Array(rows);
    this.#sampler = sampler;
    this.#weights = weights;
    this.#importance = importance;
    this.#blocks = blocks;
    this.#foreign = foreign === true;
    this.#pass = pass;
    this.#order = engine.allocate(this, 4 * SLICE);
    this.#factors = weights || importance ? engine.allocate(this, 16 * SLICE) : undefined;
  }

  /** How many passes have been drawn, those before a restart too. */
  get passes(): number {
    return this.#pass;
  }

  /** Draws a pass, or its first `steps` steps, and runs it in slices of at most `size`, told their first row too. */
  *pass(
    run: (steps: Steps, first: number) => void,
    steps = this.#rows.length,
    size = SLICE,
  ): Generator<undefined, void, void> {
    this.#sampler(this.#rows, this.#pass++);
    for (let first = 0; first < steps; first += size) {
      const slice = this.#rows.subarray(first, Math.min(first + size, steps));
      if (this.#foreign) checkRows(slice, this.#rows.length);
      const { buffer } = this.#engine.memory;
      new Int32Array(buffer, this.#order.pointer, slice.length).set(slice);
      if (this.#factors) this.#fill(new Float64Array(buffer, this.#factors.pointer, 2 * slice.length), slice);
      const factors = this.#factors?.pointer ?? 0;
      run({ count: slice.length, order: this.#order.pointer, factors, blocks: this.#blocks }, slice[0]!);
      yield;
    }
  }

  dispose(): void {
    this.#order.dispose();
    this.#factors?.dispose();
  }

  #fill(factors: Float64Array, rows: Int32Array): void {
    const weights = this.#weights;
    const importance = this.#importance;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      factors[2 * k] = weights ? weights[row]! : 1;
      factors[2 * k + 1] = importance ? importance[row]! : 1;
    }
  }
}

/** Slice by slice, since a sampler may hold on to its array and write to it again. */
function checkRows(slice: Int32Array, rows: number): void {
  for (let k = 0; k < slice.length; k++) {
    const row = slice[k]!;
    if (row < 0 || row >= rows) throw new RangeError(`minimize: order must hold rows in [0, ${rows - 1}], got ${row}`);
  }
}
