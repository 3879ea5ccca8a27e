import { typed } from "../memory/dtype.js";
import type { Allocation } from "../memory/engine.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Vector } from "./vector.js";

/** Norms of single tensors, in one kernel call however many there are. */
export class TensorNorms {
  readonly #set: ParameterSet;
  readonly #tensors: number;
  /** Where each vector's norms go: a rule compares those of two. */
  readonly #places = new Map<string, Allocation>();

  constructor(set: ParameterSet) {
    this.#set = set;
    this.#tensors = set.layout.places.size;
  }

  of(vector: Vector, pointer: number, table: number): Float64Array {
    const { engine, dtype } = this.#set;
    const key = typeof vector === "string" ? vector : `slot ${vector.slot}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = engine.allocate(this, 8 * this.#tensors);
      this.#places.set(key, place);
    }
    typed(engine.kernels, "tensorSquaredNorms", dtype)(this.#tensors, table, pointer, place.pointer);
    const norms = engine.view("float64", place.pointer, this.#tensors).slice() as Float64Array;
    for (let k = 0; k < norms.length; k++) norms[k] = Math.sqrt(norms[k]!);
    return norms;
  }

  dispose(): void {
    for (const place of this.#places.values()) place.dispose();
    this.#places.clear();
  }
}
