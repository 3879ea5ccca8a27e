import { checkInteger, checkOneOf } from "../../check.js";
import type { FloatArray } from "../../memory/dtype.js";
import { createRows, type Rows, type StorageName } from "./storage.js";

export interface GradientTableOptions {
  /** `"saga"` (default): unbiased. `"sag"`: biased, of less variance. */
  readonly method?: "saga" | "sag";
  /**
   * How the table keeps a gradient: `"float32"` (default), `"float64"`, `"float16"`, or `"int8"` in blocks of 256 with a scale
   * each. What rounding does to the table it does to the mean too, so that SAGA stays unbiased.
   */
  readonly storage?: StorageName;
}

/**
 * The last gradient of every sample, for gradients of your own: turns the gradient of one sample into a direction of less
 * variance, for any optimizer.
 *
 * ```math
 * d = g - table_i + mean(table)      saga
 * table_i <- g
 * table_i <- g                       sag
 * d = mean(table)
 * ```
 *
 * The mean is over the samples seen so far. Memory: samples x size numbers in the storage chosen, and `size` in f64.
 *
 * @param samples how many there are, n >= 1
 * @param size numbers in a gradient, >= 1
 * @param options `method`, default `"saga"`, and `storage`, default `"float32"`: see {@link GradientTableOptions}
 * @throws TypeError or RangeError for an argument of the wrong type or out of its range, naming it
 *
 * @example
 * const table = new GradientTable(100, 3);
 * const direction = table.direction(7, Float32Array.of(1, 0, -1)); // hand it to an optimizer as the gradient
 * @see Schmidt, Le Roux, Bach 2013; Defazio, Bach, Lacoste-Julien 2014
 */
export class GradientTable {
  readonly samples: number;
  readonly size: number;
  readonly #saga: boolean;
  readonly #rows: Rows;
  readonly #seen: Uint8Array;
  readonly #sum: Float64Array;
  readonly #stored: Float64Array;
  readonly #kept: Float64Array;
  #count = 0;

  constructor(samples: number, size: number, { method = "saga", storage = "float32" }: GradientTableOptions = {}) {
    const where = "GradientTable";
    this.samples = checkInteger(where, "samples", samples, 1, 2 ** 31 - 1);
    this.size = checkInteger(where, "size", size, 1, 2 ** 31 - 1);
    this.#saga = checkOneOf(where, "method", method, ["saga", "sag"]) === "saga";
    checkOneOf(where, "storage", storage, ["float64", "float32", "float16", "int8"]);
    this.#rows = createRows(storage, samples, size);
    this.#seen = new Uint8Array(samples);
    this.#sum = new Float64Array(size);
    this.#stored = new Float64Array(size);
    this.#kept = new Float64Array(size);
  }

  /** How many samples have been seen. */
  get seen(): number {
    return this.#count;
  }

  /** Bytes of the table. */
  get bytes(): number {
    return this.#rows.bytes;
  }

  /** The mean of the table, a copy. */
  mean(): Float64Array {
    return this.#sum.map((sum) => sum / Math.max(this.#count, 1));
  }

  /**
   * The direction that a sample's gradient makes; the table takes the gradient in.
   * @param sample which one, from 0 to samples - 1
   * @param gradient its gradient at the present point, `size` numbers
   * @param into where to write it; may be the gradient itself. Default: a new Float64Array.
   * @returns d, in `into`
   * @throws RangeError for a sample or a gradient that does not fit the table
   */
  direction<Into extends FloatArray = Float64Array>(
    sample: number,
    gradient: ArrayLike<number>,
    into: Into = new Float64Array(this.size) as unknown as Into,
  ): Into {
    checkInteger("GradientTable.direction", "sample", sample, 0, this.samples - 1);
    if (gradient.length !== this.size || into.length !== this.size) {
      throw new RangeError(
        `GradientTable.direction: gradients must have ${this.size} elements, got ${gradient.length}`,
      );
    }
    const { size } = this;
    const before = Math.max(this.#count, 1);
    const fresh = this.#seen[sample] === 0;
    this.#rows.read(sample, this.#stored);
    this.#rows.write(sample, gradient);
    this.#rows.read(sample, this.#kept);
    if (fresh) {
      this.#seen[sample] = 1;
      this.#count++;
    }
    for (let j = 0; j < size; j++) {
      const own = gradient[j]!;
      const mean = this.#sum[j]! / before;
      this.#sum[j]! += this.#kept[j]! - this.#stored[j]!;
      // A new sample has nothing in the table that could be taken off its gradient: the mean with it is all there is to go by.
      into[j] = this.#saga && !fresh ? own - this.#stored[j]! + mean : this.#sum[j]! / this.#count;
    }
    return into;
  }
}
