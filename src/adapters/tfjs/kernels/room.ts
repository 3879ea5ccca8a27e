import type { Allocation, Engine } from "../../../memory/engine.js";

/** Memory for one product at a time: kept for the next, and made larger where that needs more. */
export class Room {
  readonly #engine: Engine;
  #block: Allocation | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Where so many bytes are, which hold nothing of note. */
  take(bytes: number): number {
    if (this.#block === undefined || this.#block.bytes < bytes) {
      this.#block?.dispose();
      this.#block = this.#engine.allocate(this, bytes);
    }
    return this.#block.pointer;
  }
}
