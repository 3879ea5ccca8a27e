import type { ParameterSet } from "../memory/parameters.js";

/** A slot's numbers of one tensor, one for each mode: read once a step, written at once. */
export class ModeNumbers {
  readonly #set: ParameterSet;
  readonly #pointer: number;
  readonly #count: number;
  #numbers: ArrayLike<number> & { [index: number]: number } = [];

  constructor(set: ParameterSet, pointer: number, count: number) {
    this.#set = set;
    this.#pointer = pointer;
    this.#count = count;
  }

  read(): void {
    this.#numbers = this.#view.slice();
  }

  get(mode: number): number {
    return this.#numbers[mode]!;
  }

  set(mode: number, value: number): void {
    this.#numbers[mode] = value;
    this.#view[mode] = value;
  }

  get #view() {
    return this.#set.engine.view(this.#set.dtype, this.#pointer, this.#count);
  }
}
