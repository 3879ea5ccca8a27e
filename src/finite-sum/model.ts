import type { FiniteSumKernels } from "../engine/families/finite-sum.js";
import { type Dtype, dtypes, type FloatArray, type KernelName, typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { type Dual, dualityGap } from "./duality.js";
import { type Evaluation, type Kept, Oracle, type RowNorms } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";
import { INTERCEPT, INTERCEPT_GRADIENT, SEEN, STATE_BYTES } from "./state-layout.js";

/** As the kernels have it: assembly/finite-sum/state.ts. */
export const KEEP: Record<Kept, number> = { nothing: 0, slopes: 1, curvatures: 2 };

/**
 * Rows of no more bytes stay in cache from one product with the Hessian to the next. To touch ahead those that it is made of takes a
 * tenth of the time there; of 100,000 dense rows of 100 columns a product takes half as long by it.
 */
export const CACHED = 2 ** 23;

export type StepMethod = "sag" | "saga" | "svrg";

/** The steps that are to be made: how many, where their rows are listed, and their factors, 0 for none. */
export interface Steps {
  readonly count: number;
  readonly order: number;
  readonly factors: number;
  /** Of how many blocks of neighbours the rows come at a time, each in the order in which they lie; 0 where they come from anywhere. */
  readonly blocks: number;
}

/** What a dual step needs beside the rows: assembly/finite-sum/dense-dual.ts. */
export interface DualOptions {
  readonly scale: number;
  readonly interceptScale: number;
  readonly relaxation: number;
}

/** Numbers of a type, and as many to compare them with. */
export interface DualPlaces {
  readonly z: number;
  readonly before: number;
  readonly count: number;
  readonly dtype: Dtype;
}

/** The table, the sums and the rest of what a method keeps beside the weights. */
export interface Memory {
  readonly raw: Float64Array;
  readonly residuals: FloatArray;
  readonly sums: Float64Array;
  readonly interceptSum: number;
  readonly seen: number;
}

/**
 * A model of one output in memory: the data, one record a row, the weights, and what the stochastic methods keep beside
 * them. What differs between dense and sparse rows is left to the two subclasses.
 */
export abstract class LinearModel extends Oracle implements Dual {
  readonly dtype: Dtype;
  protected readonly columns: number;
  protected readonly table: Allocation;
  protected readonly state: Allocation;
  /** Sums of the full gradient, f64: one a column, then one for the intercept. */
  protected readonly gradient: Allocation;
  #norms: RowNorms = { greatest: 0, mean: 0 };
  /** What raw weights are shrunk by, times l1: 1 / l2 for the dual methods. */
  #shrinkage = 0;
  /** Squared norms of all rows, for draws by them. */
  #squaredNorms: Float64Array | undefined;
  /** Records and squared norms of the rows that a line search looks at. */
  #looked: { readonly records: Allocation; readonly norms: Allocation } | undefined;

  protected constructor(
    engine: Engine,
    problem: CheckedProblem,
    factors: Float64Array | undefined,
    regularizer: Regularizer,
    dtype: Dtype,
    columns: number,
  ) {
    super(engine, problem, factors, regularizer);
    this.dtype = dtype;
    this.columns = columns;
    this.table = this.allocate(2 * problem.rows * this.bytes);
    this.state = this.allocate(STATE_BYTES);
    this.gradient = this.allocate(8 * (columns + 1));
  }

  override place(): void {
    super.place();
    const { rows, labels, sampleWeights } = this.problem;
    const norms = new Float64Array(rows);
    this.placeRows(norms);
    const records = this.records();
    for (let i = 0; i < rows; i++) records[2 * i] = labels[i]!;
    this.forgetRows();
    let greatest = 0;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const weighted = norms[i]! * (sampleWeights?.[i] ?? 1);
      greatest = Math.max(greatest, weighted);
      sum += weighted;
      norms[i] = weighted;
    }
    this.#norms = { greatest, mean: sum / rows };
    this.#squaredNorms = norms;
  }

  /** Copies the rows into memory, and their squared norms into the array. The table holds nothing yet. */
  protected abstract placeRows(squaredNorms: Float64Array): void;

  /** Steps with an l2 that is the same everywhere, and the separable part of the regularizer. */
  abstract step(method: StepMethod, steps: Steps, stepSize: number): void;
  /** Steps of SDCA or Finito. */
  abstract dualStep(steps: Steps, options: DualOptions): void;
  /** Where the dual methods have z, and as much room that is of use to others alone. */
  protected abstract dualPlaces(): DualPlaces;
  protected abstract setWeights(weights: Float64Array): void;
  /** The weights, as a view of the memory where it has them side by side; for the dual methods z, before it is shrunk. */
  protected abstract rawWeights(): Float64Array;
  /** The sum of the stored gradients. */
  protected abstract sumsOfSteps(): Float64Array;
  protected abstract setSumsOfSteps(sums: Float64Array): void;
  /** The residuals of some rows become their predictions. */
  protected abstract predictRows(first: number, count: number, table: number): void;
  /** Adds to the gradient what the residuals make of it. */
  protected abstract resumRows(first: number, count: number): void;
  /** Brings in a direction, the intercept's part left out. */
  protected abstract setDirection(direction: Float64Array): void;
  /** Adds products of the Hessian with the direction to the sums, of rows that have kept their curvatures. */
  abstract addHessianRows(first: number, count: number, order: number, intercept: number): void;
  abstract addHessianDiagonalRows(first: number, count: number, order: number): void;

  get norms(): RowNorms {
    return this.#norms;
  }

  /** A squared norm a row, weights counted in, or undefined once they have been let go. */
  get squaredNorms(): Float64Array | undefined {
    return this.#squaredNorms;
  }

  letNormsGo(): void {
    this.#squaredNorms = undefined;
  }

  get intercept(): number {
    return this.stateView()[INTERCEPT]!;
  }

  set intercept(value: number) {
    this.stateView()[INTERCEPT] = value;
  }

  override get placedIntercepts(): Float64Array {
    return Float64Array.of(this.intercept);
  }

  /** From here on the raw weights are the z of the dual methods: they stay as they are, or are 0. */
  shrinkBy(shrinkage: number, stay: boolean): void {
    const raw = stay ? this.rawWeights() : new Float64Array(this.regularizer.size);
    this.#shrinkage = shrinkage;
    this.setWeights(raw);
  }

  /** Whether the raw weights are those of the dual methods, which have no sums of steps. */
  protected get dual(): boolean {
    return this.#shrinkage > 0;
  }

  protected weights(): Float64Array {
    const raw = this.rawWeights();
    const { l1, proximal } = this.regularizer;
    if (!this.dual || !proximal) return raw;
    return raw.map((z, j) => {
      const threshold = this.#shrinkage * (typeof l1 === "number" ? l1 : l1[j]!);
      return z - Math.max(Math.min(z, threshold), -threshold);
    });
  }

  /** How far z has moved since this was last asked; at first it says nothing. */
  moved(): number {
    const { z, before, count, dtype } = this.dualPlaces();
    const { kernels } = this.engine;
    typed(kernels, "axpby", dtype)(count, 1, z, -1, before);
    const squares = typed(kernels, "squaredNorm", dtype)(count, before);
    typed(kernels, "copy", dtype)(count, z, before);
    return Math.sqrt(squares);
  }

  /** Moves the centre of the intercept's quadratic to where it is: see methods/sdca.ts. */
  centreIntercept(interceptScale: number): void {
    const state = this.stateView();
    state[INTERCEPT]! -= interceptScale * state[INTERCEPT_GRADIENT]!;
  }

  point(): Float64Array {
    const point = new Float64Array(this.length);
    point.set(this.weights());
    point[point.length - 1] = this.intercept;
    return point;
  }

  setPoint(point: Float64Array): void {
    this.setWeights(point.subarray(0, this.regularizer.size));
    this.intercept = this.problem.intercept ? point[point.length - 1]! : 0;
  }

  /** Begins a sum of products of the Hessian with a direction, or of its diagonal where there is none. */
  beginHessian(direction?: Float64Array): void {
    this.clear();
    if (direction !== undefined) this.setDirection(direction.subarray(0, this.regularizer.size));
  }

  protected clear(): void {
    this.engine.view("float64", this.gradient.pointer, this.columns + 1).fill(0);
  }

  protected sums(): Float64Array {
    const sums = this.engine.view("float64", this.gradient.pointer, this.columns + 1);
    const point = new Float64Array(this.length);
    point.set(sums.subarray(0, this.regularizer.size));
    point[point.length - 1] = sums[this.columns]!;
    return point;
  }

  /** The norm of the gradient mapping as the table has it: nearly free, exact only in the limit. */
  estimateGradientNorm(): number {
    const state = this.stateView();
    const gradient = new Float64Array(this.length);
    gradient.set(this.sumsOfSteps());
    const seen = state[SEEN]!;
    for (let k = 0; k < gradient.length; k++) gradient[k]! /= seen;
    gradient[gradient.length - 1] = this.problem.intercept ? state[INTERCEPT_GRADIENT]! / seen : 0;
    return this.mappingNorm(this.point(), gradient);
  }

  /** Makes the full gradient just added, with its residuals kept, what the steps go from. */
  takeSnapshot(): void {
    const sums = this.sums();
    this.stateView()[SEEN] = this.rows;
    this.stateView()[INTERCEPT_GRADIENT] = sums[sums.length - 1]!;
    this.setSumsOfSteps(sums.subarray(0, this.regularizer.size));
  }

  /** The number that a method keeps for every row, in an array of its own. */
  get residuals(): FloatArray {
    const records = this.records();
    const residuals = records.slice(0, this.rows);
    for (let i = 0; i < this.rows; i++) residuals[i] = records[2 * i + 1]!;
    return residuals;
  }

  set residuals(residuals: FloatArray) {
    const records = this.records();
    for (let i = 0; i < this.rows; i++) records[2 * i + 1] = residuals[i]!;
  }

  #fillResiduals(value: number): void {
    const records = this.records();
    for (let k = 1; k < records.length; k += 2) records[k] = value;
  }

  /** No row has been drawn: NaN marks that. */
  forgetRows(): void {
    this.#fillResiduals(Number.NaN);
  }

  /** All rows count as drawn, with a derivative of 0. */
  zeroRows(seen = this.rows): void {
    this.#fillResiduals(0);
    this.stateView()[SEEN] = seen;
  }

  /** L, doubled as often as some rows from `first` on ask for at the present point: see assembly/finite-sum/margins.ts. */
  searchSmoothness(first: number, most: number, smoothness: number): number {
    const count = Math.min(most, this.rows - first);
    const { loss, intercept, sampleWeights, labels } = this.problem;
    this.#looked ??= { records: this.allocate(2 * most * this.bytes), norms: this.allocate(8 * most) };
    const { records, norms } = this.#looked;
    // A table in which the record of the first of the rows is the first.
    this.predictRows(first, count, records.pointer - first * 2 * this.bytes);
    const placed = this.engine.view(this.dtype, records.pointer, 2 * count);
    const squares = this.engine.view("float64", norms.pointer, count);
    for (let k = 0; k < count; k++) {
      placed[2 * k] = labels[first + k]!;
      squares[k] = this.#squaredNorms![first + k]! + (intercept ? (sampleWeights?.[first + k] ?? 1) : 0);
    }
    return this.kernel("searchSmoothness")(
      count,
      records.pointer,
      norms.pointer,
      loss.code,
      loss.parameter,
      smoothness,
    );
  }

  /** What is to be saved beside the point. */
  memory(): Memory {
    const state = this.stateView();
    return {
      raw: this.rawWeights().slice(),
      residuals: this.residuals,
      sums: this.sumsOfSteps(),
      interceptSum: state[INTERCEPT_GRADIENT]!,
      seen: state[SEEN]!,
    };
  }

  restore({ raw, residuals, sums, interceptSum, seen }: Memory): void {
    this.setWeights(raw);
    this.residuals = residuals;
    const state = this.stateView();
    state[INTERCEPT_GRADIENT] = interceptSum;
    state[SEEN] = seen;
    this.setSumsOfSteps(sums);
  }

  /** The sum of residual times row over all rows, as a mean: exact whatever the steps have done to the running sums. */
  *resum(): Generator<undefined, Float64Array, void> {
    this.beginGradient();
    for (let first = 0; first < this.rows; first += 8192) {
      this.resumRows(first, Math.min(8192, this.rows - first));
      yield;
    }
    return this.meanGradient();
  }

  protected get bytes(): number {
    return dtypes[this.dtype].bytes;
  }

  protected records(): FloatArray {
    return this.engine.view(this.dtype, this.table.pointer, 2 * this.rows);
  }

  protected stateView(): Float64Array {
    return this.engine.view("float64", this.state.pointer, STATE_BYTES / 8) as Float64Array;
  }

  protected interceptStep(stepSize: number): number {
    return this.problem.intercept ? stepSize : 0;
  }

  protected get interceptGradientPointer(): number {
    return this.gradient.pointer + 8 * this.columns;
  }

  /** The l2 of the steps, which is the same for all columns. */
  protected get evenL2(): number {
    const { l2 } = this.regularizer;
    if (typeof l2 !== "number") throw new Error("minimize: steps need an even l2");
    return l2;
  }

  /** The kernel of a family for this element type. */
  protected kernel<F extends KernelName<FiniteSumKernels>>(name: F): FiniteSumKernels[`${F}_f64`] {
    return this.kernels[`${name}_${dtypes[this.dtype].suffix}`] as FiniteSumKernels[`${F}_f64`];
  }

  override dualityGap(evaluation: Evaluation, ownResiduals: boolean): Generator<undefined, number | undefined, void> {
    return dualityGap(this, evaluation, ownResiduals);
  }

  predict(): void {
    this.predictRows(0, this.rows, this.table.pointer);
  }

  slopes(shift: number): number {
    const { code, parameter } = this.problem.loss;
    const { rows, table, sampleWeightsPointer } = this;
    return this.kernel("slopes")(rows, table.pointer, sampleWeightsPointer, code, parameter, shift);
  }

  conjugates(factor: number): number {
    const { code, parameter } = this.problem.loss;
    const { rows, table, sampleWeightsPointer } = this;
    return this.kernel("conjugates")(rows, table.pointer, sampleWeightsPointer, code, parameter, factor);
  }
}
