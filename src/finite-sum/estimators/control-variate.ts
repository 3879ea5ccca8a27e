import { checkInteger, checkNumber, type Interval } from "../../check.js";
import type { FloatArray } from "../../memory/dtype.js";

const anyNumber: Interval = { from: -Number.MAX_VALUE, to: Number.MAX_VALUE };

/** What a control variate has been worth since the snapshot. */
export interface ControlVariateDiagnostics {
  /** Steps since the snapshot. */
  readonly steps: number;
  /** Variance of the directions over that of the gradients: above 1 it does harm. About each one's own mean. */
  readonly varianceRatio: number;
  /** The coefficient that would have made the variance least: the covariance over the variance of the variate. */
  readonly bestCoefficient: number;
}

/**
 * SVRG for gradients of your own: the gradient of a batch, less what it was at a snapshot, plus the full gradient there.
 *
 * ```math
 * d = g - c (g_snapshot - mean)
 * ```
 *
 * Both gradients must be of the same samples, seen the same way (dropout masks, augmentation). For deep nets that is where it
 * fails: watch `diagnostics`.
 *
 * @param size numbers in a gradient, >= 1
 * @throws TypeError or RangeError for a size that is no such integer
 *
 * @example
 * const variate = new ControlVariate(2);
 * variate.snapshot([0.5, 0]); // the full gradient at the point that is kept
 * const direction = variate.direction([1, 1], [0.9, 0.8]); // [0.6, 0.2]
 * @see Johnson, Zhang 2013; Defazio, Bottou, "On the ineffectiveness of variance reduced optimization for deep learning", 2019
 */
export class ControlVariate {
  readonly size: number;
  readonly #mean: Float64Array;
  #taken = false;
  #steps = 0;
  // Sums over steps and coordinates for the moments, less the squared means, which need sums a coordinate.
  readonly #gradients: Float64Array;
  readonly #variates: Float64Array;
  readonly #directions: Float64Array;
  #squares = { gradient: 0, variate: 0, product: 0, direction: 0 };

  constructor(size: number) {
    this.size = checkInteger("ControlVariate", "size", size, 1, 2 ** 31 - 1);
    this.#mean = new Float64Array(size);
    this.#gradients = new Float64Array(size);
    this.#variates = new Float64Array(size);
    this.#directions = new Float64Array(size);
  }

  /**
   * Takes the full gradient at a point that the caller keeps, and begins the diagnostics anew.
   * @param mean the mean of the gradients of all samples at that point, `size` numbers
   * @throws RangeError for a gradient of another size
   */
  snapshot(mean: ArrayLike<number>): void {
    this.#check(mean);
    this.#mean.set(mean);
    this.#taken = true;
    this.#steps = 0;
    this.#squares = { gradient: 0, variate: 0, product: 0, direction: 0 };
    for (const sums of [this.#gradients, this.#variates, this.#directions]) sums.fill(0);
  }

  /**
   * The direction of a step.
   * @param gradient g, of a batch at the present point, `size` numbers
   * @param atSnapshot the gradient of the same batch at the snapshot
   * @param coefficient c, any number. Default 1. The direction is unbiased with every coefficient; `diagnostics` say which is best.
   * @param into where to write it; may be the gradient itself. Default: a new Float64Array.
   * @returns d, in `into`
   * @throws RangeError for gradients of another size, or before the first snapshot
   */
  direction<Into extends FloatArray = Float64Array>(
    gradient: ArrayLike<number>,
    atSnapshot: ArrayLike<number>,
    coefficient = 1,
    into: Into = new Float64Array(this.size) as unknown as Into,
  ): Into {
    this.#check(gradient);
    this.#check(atSnapshot);
    checkNumber("ControlVariate.direction", "coefficient", coefficient, anyNumber);
    if (!this.#taken) throw new RangeError("ControlVariate.direction: take a snapshot first");
    const squares = this.#squares;
    this.#steps++;
    for (let j = 0; j < this.size; j++) {
      const g = gradient[j]!;
      const x = atSnapshot[j]! - this.#mean[j]!;
      const d = g - coefficient * x;
      this.#gradients[j]! += g;
      this.#variates[j]! += x;
      this.#directions[j]! += d;
      squares.gradient += g * g;
      squares.variate += x * x;
      squares.product += g * x;
      squares.direction += d * d;
      into[j] = d;
    }
    return into;
  }

  /** What the control variate has been worth since the snapshot; NaN before the second step. */
  diagnostics(): ControlVariateDiagnostics {
    const steps = this.#steps;
    const central = (sum: number, x: Float64Array, y: Float64Array) =>
      sum - x.reduce((total, value, j) => total + value * y[j]!, 0) / Math.max(steps, 1);
    const { gradient, variate, product, direction } = this.#squares;
    const ofGradients = central(gradient, this.#gradients, this.#gradients);
    const ofVariates = central(variate, this.#variates, this.#variates);
    return {
      steps,
      varianceRatio: central(direction, this.#directions, this.#directions) / ofGradients,
      bestCoefficient: central(product, this.#gradients, this.#variates) / ofVariates,
    };
  }

  #check(gradient: ArrayLike<number>): void {
    if (gradient?.length !== this.size) {
      throw new RangeError(`ControlVariate: gradients must have ${this.size} elements, got ${gradient?.length}`);
    }
  }
}
