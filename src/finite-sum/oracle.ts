import { type FiniteSumKernels, finiteSum } from "../engine/families/finite-sum.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { centredSquares, columnMeans } from "./columns.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";
import { squaredNorm } from "./vectors.js";

/** What an evaluation tells. */
export interface Evaluation {
  readonly objective: number;
  /** The norm of the gradient of F, or of the gradient mapping where F has more than smooth parts. */
  readonly gradientNorm: number;
}

/** What the weights pay, and the norm of an {@link Evaluation}. */
export interface Measure {
  readonly penalty: number;
  readonly gradientNorm: number;
}

/** What a full gradient leaves in the rows' records: the losses' derivatives, or their second derivatives. */
export type Kept = "nothing" | "slopes" | "curvatures";

/** Squared norms of the rows as placed, without the 1 of an intercept, weights counted in. */
export interface RowNorms {
  readonly greatest: number;
  readonly mean: number;
}

/**
 * The data of a problem in memory, and sums of the losses' gradients over its rows. A point is a vector of the weights, row by
 * row of outputs, and then of the intercepts.
 */
export abstract class Oracle {
  readonly engine: Engine;
  readonly problem: CheckedProblem;
  readonly regularizer: Regularizer;
  /** What the columns were multiplied by. */
  protected readonly factors: Float64Array | undefined;
  protected readonly sampleWeights: Allocation | undefined;
  readonly #allocations: Allocation[] = [];
  /** An objective so far above that of the start that no solver on its way down passes it. */
  readonly #hopeless: number;
  #lossSum = 0;

  protected constructor(
    engine: Engine,
    problem: CheckedProblem,
    factors: Float64Array | undefined,
    regularizer: Regularizer,
  ) {
    this.engine = engine;
    this.problem = problem;
    this.factors = factors;
    this.regularizer = regularizer;
    this.#hopeless = 1e6 * (squaredNorm(problem.labels) / (2 * problem.rows) + 2);
    const { sampleWeights } = problem;
    this.sampleWeights = sampleWeights && this.allocate(8 * sampleWeights.length);
  }

  get rows(): number {
    return this.problem.rows;
  }

  /** How many numbers a point has: the weights, and as many intercepts as there are outputs. */
  get length(): number {
    return (this.problem.columns + 1) * this.problem.outputs;
  }

  protected get kernels(): FiniteSumKernels {
    return this.engine.family(finiteSum);
  }

  abstract get norms(): RowNorms;

  /** Brings the data in; nothing works before. */
  place(): void {
    if (this.sampleWeights === undefined) return;
    this.engine.view("float64", this.sampleWeights.pointer, this.rows).set(this.problem.sampleWeights!);
  }

  abstract point(): Float64Array;
  abstract setPoint(point: Float64Array): void;

  /** Clears the sums of the gradient. */
  protected abstract clear(): void;
  /** Adds the losses and gradients of some rows, or those at `order`; what is kept becomes the residuals. */
  protected abstract addRows(first: number, count: number, order: number, keep: Kept): number;
  /** The sums of the gradient, as a point. */
  protected abstract sums(): Float64Array;

  /** Begins a gradient at the present point; `add` the rows, then ask for the means. */
  beginGradient(): void {
    this.#lossSum = 0;
    this.clear();
  }

  add(first: number, count: number, keep: Kept = "nothing"): void {
    this.#lossSum += this.addRows(first, count, 0, keep);
  }

  /** Adds the rows of which the numbers are at `order`. */
  addAt(order: number, count: number): void {
    this.#lossSum += this.addRows(0, count, order, "nothing");
  }

  /** The sum of the losses that were added, over n or as many as `count` says. */
  meanLoss(count = this.rows): number {
    return this.#lossSum / count;
  }

  /** The mean of the losses' gradients that were added; 0 for intercepts that there are not. */
  meanGradient(count = this.rows): Float64Array {
    const mean = this.sums();
    const free = this.problem.intercept ? mean.length : this.regularizer.size;
    for (let k = 0; k < free; k++) mean[k]! /= count;
    mean.fill(0, free);
    return mean;
  }

  /** A bound on how fast the gradient of the mean loss changes. */
  get smoothness(): number {
    return this.problem.loss.curvature * (this.norms.mean + (this.problem.intercept ? 1 : 0));
  }

  /**
   * Objective and gradient norm at the present point, once all rows have been added.
   * @throws RangeError if the steps lead away from the minimum
   */
  evaluate(): Evaluation {
    const { penalty, gradientNorm } = this.measure();
    const objective = this.meanLoss() + penalty;
    if (!(objective <= this.#hopeless)) throw diverged("objective", objective);
    return { objective, gradientNorm };
  }

  /** What an evaluation takes from the weights and the sums of the gradient. */
  protected measure(): Measure {
    const w = this.point();
    return { penalty: this.regularizer.value(w), gradientNorm: this.mappingNorm(w, this.meanGradient()) };
  }

  /** The means of the columns as placed. */
  placedMeans(): Float64Array {
    const { centres, columns } = this.problem;
    if (centres !== undefined) return new Float64Array(columns);
    return columnMeans(this.problem).map((mean, j) => mean * (this.factors?.[j] ?? 1));
  }

  /**
   * For each number of a point, the inverse of a bound on the curvature of F along it alone; or of columns about their means,
   * if `centres` says where those are.
   */
  inverseCurvatures(centres?: Float64Array): Float64Array {
    const { columns, outputs, loss } = this.problem;
    const curvature = Number.isFinite(loss.curvature) ? loss.curvature : 1;
    const squares = centredSquares(this.problem);
    const { l2 } = this.regularizer;
    const inverse = new Float64Array(this.length).fill(1 / curvature);
    for (let j = 0, k = 0; j < columns; j++) {
      const square = squares[j]! * (this.factors?.[j] ?? 1) ** 2;
      // A constant column has no curvature, but what rounding leaves.
      const spread = Math.max(square - (centres?.[j] ?? 0) ** 2, 1e-12 * square);
      const own = curvature * spread;
      for (let output = 0; output < outputs; output++, k++) {
        const bound = own + (typeof l2 === "number" ? l2 : l2[k]!);
        inverse[k] = bound > 0 ? 1 / bound : 1;
      }
    }
    return inverse;
  }

  /** The gradient mapping at w, given the mean gradient of the losses there, which is changed. */
  protected mappingNorm(w: Float64Array, gradient: Float64Array): number {
    this.regularizer.addGradient(w, gradient);
    return this.regularizer.mappingNorm(w, gradient, 1 / this.mappingSmoothness);
  }

  /** The inverse of the gradient mapping's step; 1 where the losses have no bound. */
  get mappingSmoothness(): number {
    const bound = this.smoothness + this.regularizer.greatestL2;
    return Number.isFinite(bound) && bound > 0 ? bound : 1;
  }

  /**
   * F at the present point less the value of a dual point: never less than F less its minimum. Undefined where no dual is known.
   * After a full gradient at this point, and its evaluation.
   */
  // biome-ignore lint/correctness/useYield: subclasses have work to do
  *dualityGap(_evaluation: Evaluation, _ownResiduals: boolean): Generator<undefined, number | undefined, void> {
    return undefined;
  }

  /** Those of a point. */
  get placedIntercepts(): Float64Array {
    return this.point().slice(this.regularizer.size);
  }

  /** The user's. */
  get intercepts(): Float64Array {
    return this.problem.centres ? this.solution().intercepts : this.placedIntercepts;
  }

  /** A point as the user's weights and intercepts: those of the columns as they were given. */
  solution(point = this.point()): { weights: Float64Array; intercepts: Float64Array } {
    const { size } = this.regularizer;
    const { outputs } = this.problem;
    const weights = point.slice(0, size);
    if (this.factors) for (let k = 0; k < size; k++) weights[k]! *= this.factors[Math.floor(k / outputs)]!;
    const intercepts = point.slice(size);
    this.#shift(intercepts, weights, -1);
    return { weights, intercepts };
  }

  /** The user's weights and intercepts as a point. */
  pointOf(weights: ArrayLike<number>, intercepts: ArrayLike<number>): Float64Array {
    const { size } = this.regularizer;
    const point = new Float64Array(this.length);
    for (let k = 0; k < size; k++) point[k] = weights[k]! / (this.factors?.[Math.floor(k / this.problem.outputs)] ?? 1);
    if (this.problem.intercept) for (let k = 0; size + k < point.length; k++) point[size + k] = intercepts[k] ?? 0;
    this.#shift(point.subarray(size), weights, 1);
    return point;
  }

  /** Moves intercepts by what the user's weights make of the centres. */
  #shift(intercepts: Float64Array, weights: ArrayLike<number>, sign: 1 | -1): void {
    const { centres, outputs } = this.problem;
    if (centres === undefined) return;
    for (let k = 0; k < weights.length; k++) {
      intercepts[k % outputs]! += sign * centres[Math.floor(k / outputs)]! * weights[k]!;
    }
  }

  dispose(): void {
    for (const allocation of this.#allocations) allocation.dispose();
  }

  protected get sampleWeightsPointer(): number {
    return this.sampleWeights?.pointer ?? 0;
  }

  protected allocate(bytes: number): Allocation {
    return this.#hold(() => this.engine.allocate(this, bytes));
  }

  /** Memory that is written before it is read. */
  protected reserve(bytes: number): Allocation {
    return this.#hold(() => this.engine.reserve(this, bytes));
  }

  #hold(take: () => Allocation): Allocation {
    try {
      const allocation = take();
      this.#allocations.push(allocation);
      return allocation;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }
}

export function diverged(what: string, value: number): RangeError {
  return new RangeError(`minimize: the ${what} became ${value}; a smaller stepSize may help, or scaleColumns`);
}

/** Rows a kernel call visits: some milliseconds at most, and V8 takes up optimised code only between calls. */
export const SLICE = 2048;

/** The full gradient at the present point, in slices. */
export function* fullGradient(oracle: Oracle, keep: Kept = "nothing"): Generator<undefined, void, void> {
  oracle.beginGradient();
  for (let first = 0; first < oracle.rows; first += SLICE) {
    oracle.add(first, Math.min(SLICE, oracle.rows - first), keep);
    yield;
  }
}
