import { checkInteger, checkNumber, checkOneOf, type Interval } from "../../check.js";
import type { FloatArray } from "../../memory/dtype.js";
import type { GradientTableOptions } from "./gradient-table.js";
import { createRows, type Rows } from "./storage.js";

const anyNumber: Interval = { from: -Number.MAX_VALUE, to: Number.MAX_VALUE };

export interface ScalarGradientTableOptions extends Pick<GradientTableOptions, "method"> {
  /** How a scalar is kept. Default `"float32"`. */
  readonly storage?: "float64" | "float32" | "float16";
}

/**
 * The table of {@link GradientTable} where a sample's gradient is a number times a vector that is at hand, as for a model that
 * is linear in its parameters: gradient_i = r_i x_i. It keeps the number alone.
 *
 * ```math
 * d = (r - table_i) x_i + mean(table_k x_k)      saga
 * table_i <- r
 * table_i <- r                                   sag
 * d = mean(table_k x_k)
 * ```
 *
 * The mean is over the samples seen so far. What rounding does to the table it does to the mean too. Memory: one number a sample
 * in the storage chosen, and `size` in f64.
 *
 * @param samples how many there are, n >= 1
 * @param size numbers in a gradient, >= 1
 * @param options `method`, default `"saga"`, and `storage`, default `"float32"`: see {@link ScalarGradientTableOptions}
 * @throws TypeError or RangeError for an argument of the wrong type or out of its range, naming it
 *
 * @example
 * const table = new ScalarGradientTable(100, 3);
 * const residual = 0.5; // the derivative of the loss in x.w
 * const direction = table.direction(7, residual, [1, 0, -1]);
 * @see Schmidt, Le Roux, Bach 2013, 4.1; Defazio, Bach, Lacoste-Julien 2014
 */
export class ScalarGradientTable {
  readonly samples: number;
  readonly size: number;
  readonly #saga: boolean;
  readonly #scalars: Rows;
  readonly #seen: Uint8Array;
  readonly #sum: Float64Array;
  readonly #cell = new Float64Array(1);
  #count = 0;

  constructor(
    samples: number,
    size: number,
    { method = "saga", storage = "float32" }: ScalarGradientTableOptions = {},
  ) {
    const where = "ScalarGradientTable";
    this.samples = checkInteger(where, "samples", samples, 1, 2 ** 31 - 1);
    this.size = checkInteger(where, "size", size, 1, 2 ** 31 - 1);
    this.#saga = checkOneOf(where, "method", method, ["saga", "sag"]) === "saga";
    checkOneOf(where, "storage", storage, ["float64", "float32", "float16"]);
    this.#scalars = createRows(storage, samples, 1);
    this.#seen = new Uint8Array(samples);
    this.#sum = new Float64Array(size);
  }

  /** How many samples have been seen. */
  get seen(): number {
    return this.#count;
  }

  /** Bytes of the table. */
  get bytes(): number {
    return this.#scalars.bytes;
  }

  /** The mean of the table's gradients, a copy. */
  mean(): Float64Array {
    return this.#sum.map((sum) => sum / Math.max(this.#count, 1));
  }

  /**
   * The direction that a sample's gradient makes; the table takes the scalar in.
   * @param sample which one, i, from 0 to samples - 1
   * @param scalar r, any finite number; the gradient is r times the vector
   * @param vector x_i, `size` numbers, always the same for a sample
   * @param into where to write it. Default: a new Float64Array.
   * @returns d, in `into`
   * @throws TypeError or RangeError for a sample, scalar or vector that does not fit the table
   */
  direction<Into extends FloatArray = Float64Array>(
    sample: number,
    scalar: number,
    vector: ArrayLike<number>,
    into: Into = new Float64Array(this.size) as unknown as Into,
  ): Into {
    const where = "ScalarGradientTable.direction";
    checkInteger(where, "sample", sample, 0, this.samples - 1);
    checkNumber(where, "scalar", scalar, anyNumber);
    if (vector.length !== this.size || into.length !== this.size) {
      throw new RangeError(`${where}: vectors must have ${this.size} elements, got ${vector.length}`);
    }
    const stored = this.#exchange(sample, scalar);
    const kept = this.#cell[0]!;
    const before = Math.max(this.#count, 1);
    const fresh = this.#seen[sample] === 0;
    if (fresh) {
      this.#seen[sample] = 1;
      this.#count++;
    }
    const correction = scalar - stored;
    for (let j = 0; j < this.size; j++) {
      const mean = this.#sum[j]! / before;
      this.#sum[j]! += (kept - stored) * vector[j]!;
      // As in GradientTable: of a new sample there is nothing to take off.
      into[j] = this.#saga && !fresh ? correction * vector[j]! + mean : this.#sum[j]! / this.#count;
    }
    return into;
  }

  /** Puts a scalar into the table; gives what was there, and leaves what it was rounded to in the cell. */
  #exchange(sample: number, scalar: number): number {
    this.#scalars.read(sample, this.#cell);
    const stored = this.#cell[0]!;
    this.#cell[0] = scalar;
    this.#scalars.write(sample, this.#cell);
    this.#scalars.read(sample, this.#cell);
    return stored;
  }
}
