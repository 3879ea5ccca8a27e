import { type Dtype, dtypes } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { Regularizer } from "./regularizer.js";

/** Bytes of a line, which dense rows and all that goes with them are padded to. */
export const LINE = 64;

/** The record of assembly/finite-sum/dense-prox.ts, and a line for each of its three, for where one number stands for all columns. */
const RECORD_BYTES = 4 * LINE;

/** One number for all columns, or one a column. */
type Numbers = number | Float64Array;

/** Memory that a run has anyway and does not use while it steps. */
export interface IdleMemory {
  /** T[columns] */
  readonly point: Allocation;
  /** f64[columns] at least */
  readonly gradient: Allocation;
}

/**
 * Thresholds and bounds of the steps on dense rows, where they are written for every call. Numbers of every column lie where a
 * gradient has its point and its sums: steps and gradients come one after the other, and each begin with nothing of what the
 * other kept. That is room for two numbers a column in f64; a third, where both bounds and an l1 differ from column to column,
 * gets room of its own.
 */
export class DenseProx {
  readonly #engine: Engine;
  readonly #dtype: Dtype;
  /** Padded. */
  readonly #columns: number;
  readonly #record: Allocation;
  readonly #l1: Numbers;
  readonly #lower: Numbers;
  readonly #upper: Numbers;
  /** Where numbers of every column may lie, in turn. */
  readonly #room: number[];

  constructor(
    engine: Engine,
    allocate: (bytes: number) => Allocation,
    dtype: Dtype,
    columns: number,
    { l1, term }: Regularizer,
    { point, gradient }: IdleMemory,
  ) {
    this.#engine = engine;
    this.#dtype = dtype;
    this.#columns = columns;
    this.#record = allocate(RECORD_BYTES);
    this.#l1 = l1;
    const lower = term?.bounds === undefined ? Number.NEGATIVE_INFINITY : joined(term.bounds.lower);
    const upper = term?.bounds === undefined ? Number.POSITIVE_INFINITY : joined(term.bounds.upper);
    // One stride for both.
    const even = typeof lower === "number" && typeof upper === "number";
    this.#lower = even ? lower : term!.bounds!.lower;
    this.#upper = even ? upper : term!.bounds!.upper;
    const bytes = columns * dtypes[dtype].bytes;
    this.#room = [point.pointer, gradient.pointer];
    if (2 * bytes <= gradient.bytes) this.#room.push(gradient.pointer + bytes);
    const needed = (even ? 0 : 2) + (typeof l1 === "number" ? 0 : 1);
    if (needed > this.#room.length) this.#room.push(allocate(bytes).pointer);
  }

  /** The record's address, once all that a step needs has been written. */
  write(stepSize: number): number {
    const { pointer } = this.#record;
    let taken = 0;
    const place = (numbers: Numbers, line: number, factor = 1): [pointer: number, stride: number] => {
      if (typeof numbers === "number") {
        const at = pointer + line * LINE;
        this.#engine.view(this.#dtype, at, LINE / dtypes[this.#dtype].bytes).fill(factor * numbers);
        return [at, 0];
      }
      const at = this.#room[taken++]!;
      const view = this.#engine.view(this.#dtype, at, this.#columns);
      for (let j = 0; j < numbers.length; j++) view[j] = factor * numbers[j]!;
      view.fill(0, numbers.length);
      return [at, LINE];
    };
    const [thresholds, thresholdStride] = place(this.#l1, 1, stepSize);
    const [lower, boundStride] = place(this.#lower, 2);
    const [upper] = place(this.#upper, 3);
    new Uint32Array(this.#engine.memory.buffer, pointer, 5).set([
      thresholds,
      lower,
      upper,
      thresholdStride,
      boundStride,
    ]);
    return pointer;
  }
}

/** One number where all are the same. */
function joined(numbers: Float64Array): Numbers {
  return numbers.every((number) => number === numbers[0]) ? numbers[0]! : numbers;
}
