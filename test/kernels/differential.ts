// Runs a kernel and its reference on the same memory content and says where they part.

import { Arena } from "./arena.js";
import type { Call, Family } from "./families/family.js";
import { type Dtype, dtypes, type FloatArray, type Random, type Sprinkle } from "./numbers.js";
import { placeOptions } from "./options.js";
import { type Binary, type KernelTable, kernelsOf } from "./variants.js";

type AnyKernel = (...args: number[]) => number | undefined;

/** How a call is laid out in memory. */
export interface Placement {
  /** By how many elements the k-th array is moved off its cache line. */
  readonly shift: (k: number) => number;
  /** Arrays that are one and the same. */
  readonly alias?: readonly string[];
  /** The array with which the memory ends. */
  readonly last?: string;
}

/** A binary and the reference, each over a memory of its own. */
export class Comparison {
  readonly #binary: Binary;
  readonly #actual: Arena;
  readonly #expected: Arena;
  readonly #kernels: KernelTable;
  readonly #reference: KernelTable;

  constructor(binary: Binary, pages: number) {
    this.#binary = binary;
    this.#actual = new Arena(pages);
    this.#expected = new Arena(pages);
    this.#kernels = kernelsOf(binary, this.#actual.memory);
    this.#reference = kernelsOf("reference", this.#expected.memory);
  }

  /** Draws arguments, calls both, and describes the first difference; undefined if there is none. */
  run(
    name: string,
    family: Family,
    dtype: Dtype,
    n: number,
    placement: Placement,
    random: Random,
    sprinkle: Sprinkle,
  ): string | undefined {
    const scalars = mapValues(family.scalars, (draw) => draw(random, sprinkle));
    const before = mapValues(family.arrays, (draw) => new dtypes[dtype].array(n).map(() => draw(random, sprinkle)));
    const pointers = place(this.#actual, dtype, before, placement);
    place(this.#expected, dtype, before, placement);
    const options = placeOptions(this.#actual, scalars);
    placeOptions(this.#expected, scalars);
    const args = family.signature.map((argument) => {
      if (argument === "n") return n;
      return argument === "options" ? options : (pointers[argument] ?? scalars[argument]!);
    });
    const { alias = [] } = placement;
    for (const other of alias) before[other] = before[alias[0]!]!;

    const kernel = `${name}_${dtype}` as keyof KernelTable;
    const actual = (this.#kernels[kernel] as AnyKernel)(...args);
    const expected = (this.#reference[kernel] as AnyKernel)(...args);

    const after = mapValues(pointers, (pointer) => this.#expected.floats(dtype, pointer, n));
    const call: Call = { dtype, n, scalars, before, after };
    const unit = this.#binary === "relaxed" ? (family.roundings ?? 0) * dtypes[dtype].roundoff : 0;
    const describe = (what: string) => `${kernel}, n = ${n}, ${show(scalars)}: ${what}`;
    const overwritten = this.#actual.firstOverwritten();
    if (overwritten !== undefined) return describe(`wrote to byte ${overwritten}, arrays at ${show(pointers)}`);
    const resultBound = unit === 0 ? 0 : unit * (family.resultMagnitude?.(call) ?? 0);
    if (!agree(actual, expected, resultBound)) return describe(`returned ${actual}, expected ${expected}`);
    for (const [array, wanted] of Object.entries(after)) {
      const got = this.#actual.floats(dtype, pointers[array]!, n);
      // Of arrays that are one, the last is the one written to, and has the magnitudes.
      const written = alias.includes(array) ? alias.at(-1)! : array;
      for (let i = 0; i < n; i++) {
        if (Object.is(got[i], wanted[i])) continue;
        const bound = unit === 0 ? 0 : unit * (family.magnitudes?.(call, i)[written] ?? 0);
        if (agree(got[i], wanted[i], bound)) continue;
        const inputs = mapValues(before, (values) => values[i]!);
        return describe(`${array}[${i}] is ${got[i]}, expected ${wanted[i]} within ${bound}; from ${show(inputs)}`);
      }
    }
    return undefined;
  }
}

/** The same to the bit (any NaN for NaN), or finite and no further apart than the bound. */
function agree(actual: number | undefined, expected: number | undefined, bound: number): boolean {
  if (Object.is(actual, expected)) return true;
  return bound > 0 && Math.abs(actual! - expected!) <= bound;
}

function place(
  arena: Arena,
  dtype: Dtype,
  arrays: Readonly<Record<string, FloatArray>>,
  { shift, alias = [], last }: Placement,
): Record<string, number> {
  arena.clear();
  const pointers: Record<string, number> = {};
  Object.entries(arrays).forEach(([name, values], k) => {
    if (alias.includes(name) && name !== alias[0]) pointers[name] = pointers[alias[0]!]!;
    else if (name === last) pointers[name] = arena.placeLast(dtype, values);
    else pointers[name] = arena.place(dtype, values, shift(k));
  });
  return pointers;
}

function mapValues<X, Y>(record: Readonly<Record<string, X>>, f: (x: X) => Y): Record<string, Y> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}

/** As JSON, with NaN, the infinities and -0. */
const show = (record: Readonly<Record<string, number>>): string =>
  Object.entries(record)
    .map(([key, value]) => `${key} ${Object.is(value, -0) ? "-0" : value}`)
    .join(", ");
