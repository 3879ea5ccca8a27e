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

  /** @param tensors how many there are, in the table that the norms are asked for with */
  constructor(set: ParameterSet, tensors: number) {
    this.#set = set;
    this.#tensors = tensors;
  }

  of(vector: Vector, pointer: number, table: number): Float64Array {
    const key = typeof vector === "string" ? vector : `slot ${vector.slot}`;
    const { engine, dtype } = this.#set;
    return this.measured(key, (norms) =>
      typed(engine.kernels, "tensorSquaredNorms", dtype)(this.#tensors, table, pointer, norms),
    );
  }

  /** The norms of which `measure` writes the squares to an address. */
  measured(key: string, measure: (norms: number) => void): Float64Array {
    const { engine } = this.#set;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = engine.allocate(this, 8 * this.#tensors);
      this.#places.set(key, place);
    }
    measure(place.pointer);
    const norms = engine.view("float64", place.pointer, this.#tensors).slice() as Float64Array;
    for (let k = 0; k < norms.length; k++) norms[k] = Math.sqrt(norms[k]!);
    return norms;
  }

  dispose(): void {
    for (const place of this.#places.values()) place.dispose();
    this.#places.clear();
  }
}
