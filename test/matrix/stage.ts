// Places matrices of plain numbers in an arena, runs kernels on them, and sees to it that they write nowhere else.

import { expect } from "vitest";
import { Arena } from "../kernels/arena.js";
import { type Dtype, dtypes } from "../kernels/numbers.js";
import { type KernelTable, kernelsOf, type Variant } from "../kernels/variants.js";
import { type Matrix, matrix } from "./dense.js";

/** Names of kernels without their element type. */
type Base<Name> = Name extends `${infer B}_f32` ? B : never;
type Kernel = Base<keyof KernelTable>;

/** A matrix in memory. */
export interface Placed {
  readonly pointer: number;
  /** Elements from row to row: one more than the columns, so that a kernel that takes them for equal shows. */
  readonly ld: number;
  /** What it holds now; the elements between rows must be untouched. */
  read(): number[][];
}

/** What lies where no element has been written. */
const UNTOUCHED = Number.NaN;

export const room = (rows: number, columns: number): number[][] => matrix(rows, columns, () => UNTOUCHED);

export class Stage {
  readonly variant: Variant;
  readonly dtype: Dtype;
  readonly #arena: Arena;
  readonly #kernels: KernelTable;

  constructor(variant: Variant, dtype: Dtype, pages = 12) {
    this.variant = variant;
    this.dtype = dtype;
    this.#arena = new Arena(pages);
    this.#kernels = kernelsOf(variant, this.#arena.memory);
  }

  clear(): void {
    this.#arena.clear();
  }

  place(rows: Matrix, columns = rows[0]?.length ?? 0): Placed {
    const ld = columns + 1;
    const pointer = this.#arena.place(
      this.dtype,
      rows.flatMap((row) => [...row, UNTOUCHED]),
      rows.length % 4,
    );
    const read = () => {
      const all = this.#arena.floats(this.dtype, pointer, rows.length * ld);
      return rows.map((_, i) => {
        expect(all[i * ld + columns], `${this.variant}: wrote behind row ${i}`).toBeNaN();
        return [...all.subarray(i * ld, i * ld + columns)];
      });
    };
    return { pointer, ld, read };
  }

  /** A vector, packed. */
  vector(values: readonly number[]): { readonly pointer: number; read(): number[] } {
    const pointer = this.#arena.place(this.dtype, values, values.length % 4);
    return { pointer, read: () => [...this.#arena.floats(this.dtype, pointer, values.length)] };
  }

  integers(values: readonly number[]): number {
    return this.#arena.placeIntegers(values);
  }

  scratch(bytes: number): number {
    return this.#arena.reserve(bytes);
  }

  kernel<K extends Kernel>(name: K): KernelTable[`${K}_f32` & keyof KernelTable] {
    return this.#kernels[`${name}_${dtypes[this.dtype].bytes === 4 ? "f32" : "f64"}` as keyof KernelTable] as never;
  }

  /** After a call: it must have written to the placed arrays only. */
  finish(): void {
    expect(this.#arena.firstOverwritten(), `${this.variant}: wrote outside of its arrays`).toBeUndefined();
  }
}
