import { typed } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";

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
    this.#place = tensors === 0 ? undefined : set.engine.allocate(this, 8 * tensors);
  }

  /** Of the vector that begins at `pointer`, whose tensors the table names. */
  of(pointer: number, table: number): Float64Array {
    const { engine, dtype } = this.#set;
    return this.measured((norms) =>
      typed(engine.kernels, "tensorSquaredNorms", dtype)(this.#tensors, table, pointer, norms),
    );
  }

  /** The norms of which `measure` writes the squares to an address. */
  measured(measure: (place: number) => void): Float64Array {
    const norms = this.squares(measure).slice();
    for (let k = 0; k < norms.length; k++) norms[k] = Math.sqrt(norms[k]!);
    return norms;
  }

  /** Those squares themselves, until something else is measured. */
  squares(measure: (place: number) => void): Float64Array {
    const { pointer } = this.#place!;
    measure(pointer);
    return this.#set.engine.view("float64", pointer, this.#tensors) as Float64Array;
  }

  dispose(): void {
    this.#place?.dispose();
  }
}
