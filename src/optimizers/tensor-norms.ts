import { typed } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";

/** Whose norms are kept apart. */
const KINDS = ["parameters", "gradients"] as const;
export type Measured = (typeof KINDS)[number];

/** Norms of single tensors, in one kernel call however many there are. */
export class TensorNorms {
  readonly #set: ParameterSet;
  readonly #tensors: number;
  /** Undefined where no tensors are told apart. */
  readonly #place: Allocation | undefined;

  /** @param tensors how many there are, in the table that the norms are asked for with */
  constructor(set: ParameterSet, tensors: number) {
    this.#set = set;
    this.#tensors = tensors;
    this.#place = tensors === 0 ? undefined : set.engine.allocate(this, 8 * tensors * KINDS.length);
  }

  /** Of the parameters or the gradients, which begin at `pointer`, and whose tensors the table names. */
  of(kind: Measured, pointer: number, table: number): Float64Array {
    this.squares(kind, pointer, table);
    return this.view(kind).map(Math.sqrt);
  }

  /** Where the squares of those norms are, f64 each, until there are others of their kind. */
  squares(kind: Measured, pointer: number, table: number): number {
    const { engine, dtype } = this.#set;
    const place = this.place(kind);
    typed(engine.kernels, "tensorSquaredNorms", dtype)(this.#tensors, table, pointer, place);
    return place;
  }

  /** Where they are put. */
  place(kind: Measured): number {
    return this.#place!.pointer + 8 * this.#tensors * KINDS.indexOf(kind);
  }

  /** Those squares themselves. */
  view(kind: Measured): Float64Array {
    return this.#set.engine.view("float64", this.place(kind), this.#tensors) as Float64Array;
  }

  dispose(): void {
    this.#place?.dispose();
  }
}
