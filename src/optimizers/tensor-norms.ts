import { typed } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";

/** Norms of single tensors, in one kernel call however many there are. */
export class TensorNorms {
  readonly #set: ParameterSet;
  readonly #tensors: number;
  readonly #place: Allocation;

  constructor(set: ParameterSet) {
    this.#set = set;
    this.#tensors = set.layout.places.size;
    this.#place = set.engine.allocate(this, 8 * this.#tensors);
  }

  /** Of the vector that begins at `pointer`, whose tensors the table names. */
  of(pointer: number, table: number): Float64Array {
    const { engine, dtype } = this.#set;
    typed(engine.kernels, "tensorSquaredNorms", dtype)(this.#tensors, table, pointer, this.#place.pointer);
    const norms = engine.view("float64", this.#place.pointer, this.#tensors).slice() as Float64Array;
    for (let k = 0; k < norms.length; k++) norms[k] = Math.sqrt(norms[k]!);
    return norms;
  }

  dispose(): void {
    this.#place.dispose();
  }
}
