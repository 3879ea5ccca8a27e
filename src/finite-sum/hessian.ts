import type { Allocation } from "../memory/engine.js";
import type { LinearModel } from "./model.js";
import { SLICE } from "./oracle.js";

/** The share of the rows that a Hessian is made of at first, and how many it has at least. */
const SHARE = 0.2;
const LEAST = 2048;

/** The golden ratio's fraction, whose multiples are spread evenly over [0, 1). */
const GOLDEN = 0.6180339887498949;

/**
 * The Hessian of F over a part of the rows, where the rows have kept their curvatures: one row of every stretch of n / size, at
 * a place in it that no period of the rows can follow.
 */
export class SampledHessian {
  readonly #model: LinearModel;
  /** The rows, where they are not all. */
  #order: Allocation | undefined;
  #size: number;
  /** How many rows have been used, over n: passes over the data. */
  passes = 0;

  constructor(model: LinearModel) {
    this.#model = model;
    this.#size = Math.max(SHARE * model.rows, LEAST);
    this.#draw();
  }

  /** Takes twice as many rows from here on. */
  grow(): void {
    if (this.#order === undefined) return;
    this.#size *= 2;
    this.#draw();
  }

  /** Takes all rows from here on. */
  takeAll(): void {
    this.#size = this.#model.rows;
    this.#draw();
  }

  get whole(): boolean {
    return this.#size === this.#model.rows;
  }

  /** The product with a direction. */
  *times(direction: Float64Array): Generator<undefined, Float64Array, void> {
    const model = this.#model;
    const intercept = model.problem.intercept ? direction[direction.length - 1]! : 0;
    model.beginHessian(direction);
    yield* this.#over((first, count, order) => model.addHessianRows(first, count, order, intercept));
    const product = model.meanGradient(this.#size);
    model.regularizer.addGradient(direction, product);
    return product;
  }

  *diagonal(): Generator<undefined, Float64Array, void> {
    const model = this.#model;
    model.beginHessian();
    yield* this.#over((first, count, order) => model.addHessianDiagonalRows(first, count, order));
    const diagonal = model.meanGradient(this.#size);
    model.regularizer.addGradient(new Float64Array(diagonal.length).fill(1), diagonal);
    return diagonal;
  }

  dispose(): void {
    this.#order?.dispose();
  }

  *#over(add: (first: number, count: number, order: number) => void): Generator<undefined, void, void> {
    for (let first = 0; first < this.#size; first += SLICE) {
      const order = this.#order === undefined ? 0 : this.#order.pointer + 4 * first;
      add(first, Math.min(SLICE, this.#size - first), order);
      yield;
    }
    this.passes += this.#size / this.#model.rows;
  }

  #draw(): void {
    const { rows, engine } = this.#model;
    this.#order?.dispose();
    this.#order = undefined;
    if (this.#size > rows / 2) {
      this.#size = rows;
      return;
    }
    this.#size = Math.floor(this.#size);
    this.#order = engine.allocate(this, 4 * this.#size);
    const order = new Int32Array(engine.memory.buffer, this.#order.pointer, this.#size);
    const stretch = rows / this.#size;
    for (let k = 0; k < order.length; k++) order[k] = (k + ((k * GOLDEN) % 1)) * stretch;
  }
}
