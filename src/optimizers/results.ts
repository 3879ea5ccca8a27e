import type { Allocation, Engine } from "../memory/engine.js";

/** Numbers that a kernel writes beside what it returns. */
export class Results {
  readonly #engine: Engine;
  readonly #count: number;
  readonly #place: Allocation | undefined;

  constructor(engine: Engine, owner: object, count: number) {
    this.#engine = engine;
    this.#count = count;
    this.#place = count === 0 ? undefined : engine.allocate(owner, 8 * count);
  }

  get pointer(): number {
    return this.#place?.pointer ?? 0;
  }

  read(): readonly number[] {
    return this.#count === 0 ? [] : [...this.#engine.view("float64", this.pointer, this.#count)];
  }

  dispose(): void {
    this.#place?.dispose();
  }
}
