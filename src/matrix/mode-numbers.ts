import type { ParameterSet } from "../memory/parameters.js";

/** A slot's numbers of one tensor, one for each mode: read once, and written at once where they change. */
export class ModeNumbers {
  readonly #set: ParameterSet;
  readonly #pointer: number;
  readonly #numbers: number[];

  constructor(set: ParameterSet, pointer: number, count: number) {
    this.#set = set;
    this.#pointer = pointer;
    this.#numbers = [...set.engine.view(set.dtype, pointer, count)];
  }

  get(mode: number): number {
    return this.#numbers[mode]!;
  }

  set(mode: number, value: number): void {
    if (this.#numbers[mode] === value) return;
    const { engine, dtype } = this.#set;
    this.#numbers[mode] = value;
    engine.view(dtype, this.#pointer, this.#numbers.length)[mode] = value;
  }
}
