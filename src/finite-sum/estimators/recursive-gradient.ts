import { checkInteger, checkNumber, unit } from "../../check.js";
import type { FloatArray } from "../../memory/dtype.js";

/**
 * SARAH, SPIDER and STORM for gradients of your own: a direction that is carried from step to step, corrected by how the
 * gradient of one batch has changed.
 *
 * ```math
 * d <- g(w) + (1 - a) (d - g(v))      v the w before, both gradients of the same batch
 * ```
 *
 * With a = 0 that is SARAH and, in batches, SPIDER: `restart` with a full gradient every so many steps. With 0 < a < 1 it is STORM,
 * which needs no full gradient: begin with one of a batch. With a = 1 it is the gradient itself.
 *
 * @param size numbers in a gradient, >= 1
 * @throws TypeError or RangeError for a size that is no such integer
 *
 * @example
 * const recursive = new RecursiveGradient(2);
 * recursive.restart([1, 0]);
 * const direction = recursive.direction([0.8, 0.1], [0.9, 0]); // [0.9, 0.1] with a = 0
 * @see Nguyen, Liu, Scheinberg, Takac, "SARAH", 2017; Fang, Li, Lin, Zhang, "SPIDER", 2018; Cutkosky, Orabona, "STORM", 2019
 */
export class RecursiveGradient {
  readonly size: number;
  readonly #direction: Float64Array;
  #begun = false;

  constructor(size: number) {
    this.size = checkInteger("RecursiveGradient", "size", size, 1, 2 ** 31 - 1);
    this.#direction = new Float64Array(size);
  }

  /**
   * Begins anew from a gradient: of all samples for SARAH and SPIDER, of a batch for STORM.
   * @throws RangeError for a gradient of another size
   */
  restart(gradient: ArrayLike<number>): void {
    this.#check(gradient);
    this.#direction.set(gradient);
    this.#begun = true;
  }

  /**
   * The direction of a step.
   * @param gradient a batch's gradient at the present point
   * @param before the same batch's gradient at the point before
   * @param weight a, how much of the gradient is taken anew, in [0, 1]. Default 0.
   * @param into where to write it; may be the gradient itself. Default: a new Float64Array.
   * @returns d, in `into`
   * @throws RangeError for gradients of another size, or before `restart`
   */
  direction<Into extends FloatArray = Float64Array>(
    gradient: ArrayLike<number>,
    before: ArrayLike<number>,
    weight = 0,
    into: Into = new Float64Array(this.size) as unknown as Into,
  ): Into {
    this.#check(gradient);
    this.#check(before);
    checkNumber("RecursiveGradient.direction", "weight", weight, unit);
    if (!this.#begun) throw new RangeError("RecursiveGradient.direction: restart from a gradient first");
    for (let j = 0; j < this.size; j++) {
      this.#direction[j] = gradient[j]! + (1 - weight) * (this.#direction[j]! - before[j]!);
      into[j] = this.#direction[j]!;
    }
    return into;
  }

  #check(gradient: ArrayLike<number>): void {
    if (gradient?.length !== this.size) {
      throw new RangeError(`RecursiveGradient: gradients must have ${this.size} elements, got ${gradient?.length}`);
    }
  }
}
