import type { Oracle } from "../oracle.js";

/**
 * The coordinates in which proximal steps are made: those of columns that are centred, where an intercept takes up their means,
 * and of curvature 1, so that neither the units of a column nor its distance from 0 make a difference. It is the same problem:
 * a penalty that acts on every weight by itself only has a step for each.
 *
 *     u = w / sqrt(steps),  c = b + centres.w      of each output
 */
export class Metric {
  readonly #oracle: Oracle;
  readonly #centres: Float64Array;
  readonly #steps: Float64Array;
  /** A bound on the curvature of F in these coordinates, infinite where the loss has none. */
  readonly smoothness: number;

  private constructor(oracle: Oracle, centres: Float64Array, steps: Float64Array, smoothness: number) {
    this.#oracle = oracle;
    this.#centres = centres;
    this.#steps = steps;
    this.smoothness = smoothness;
  }

  /** The weights and the intercept as they are. */
  static plain(oracle: Oracle): Metric {
    const centres = new Float64Array(oracle.problem.columns);
    const steps = new Float64Array(oracle.length).fill(1);
    return new Metric(oracle, centres, steps, oracle.smoothness + oracle.regularizer.greatestL2);
  }

  /** Centred columns of curvature 1. */
  static even(oracle: Oracle): Metric {
    const { problem } = oracle;
    const centres = problem.intercept ? oracle.placedMeans() : new Float64Array(problem.columns);
    // The trace, in which every column counts 1.
    const smoothness = Number.isFinite(problem.loss.curvature) ? problem.columns + 1 : Number.POSITIVE_INFINITY;
    return new Metric(oracle, centres, oracle.inverseCurvatures(centres), smoothness);
  }

  /** The proximal step of size 1 / smoothness from y. */
  step(y: Float64Array, gradient: Float64Array, smoothness: number): Float64Array {
    const { regularizer, problem } = this.#oracle;
    const { columns, outputs } = problem;
    const { size } = regularizer;
    const steps = this.#steps.map((step) => step / smoothness);
    const next = new Float64Array(y.length);
    for (let j = 0, k = 0; j < columns; j++) {
      const centre = this.#centres[j]!;
      for (let o = size; o < size + outputs; o++, k++) {
        next[k] = y[k]! - steps[k]! * (gradient[k]! - centre * gradient[o]!);
      }
    }
    for (let o = size; o < size + outputs; o++) next[o] = y[o]! - steps[o]! * gradient[o]!;
    regularizer.prox(next, steps);
    for (let j = 0, k = 0; j < columns; j++) {
      const centre = this.#centres[j]!;
      for (let o = size; o < size + outputs; o++, k++) next[o]! += centre * (y[k]! - next[k]!);
    }
    if (problem.loss.name === "softmax") keepSum(y.subarray(size), next.subarray(size));
    return next;
  }

  /** The inner product of two differences of points. */
  dot(a: Float64Array, b: Float64Array): number {
    const { regularizer, problem } = this.#oracle;
    const { columns, outputs } = problem;
    const { size } = regularizer;
    let sum = 0;
    for (let o = size; o < size + outputs; o++) {
      let shiftOfA = a[o]!;
      let shiftOfB = b[o]!;
      for (let j = 0, k = o - size; j < columns; j++, k += outputs) {
        shiftOfA += this.#centres[j]! * a[k]!;
        shiftOfB += this.#centres[j]! * b[k]!;
        sum += (a[k]! * b[k]!) / this.#steps[k]!;
      }
      sum += (shiftOfA * shiftOfB) / this.#steps[o]!;
    }
    return sum;
  }
}

/** The softmax knows its intercepts but for a constant, which steps along the gradient leave as it is. */
function keepSum(before: Float64Array, after: Float64Array): void {
  let surplus = 0;
  for (let o = 0; o < after.length; o++) surplus += after[o]! - before[o]!;
  for (let o = 0; o < after.length; o++) after[o]! -= surplus / after.length;
}
