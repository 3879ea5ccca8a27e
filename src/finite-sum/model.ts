import { type FiniteSumKernels, finiteSum } from "../engine/families/finite-sum.js";
import { dtypes, typed } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { CheckedProblem, LossName } from "./problem.js";

/** Layouts of the state and of the table: assembly/finite-sum/state.ts. */
const STATE_BYTES = 64;
const INTERCEPT = 0;
const INTERCEPT_GRADIENT = 1;
const SEEN = 2;

type Layout = "Dense" | "Csr";
type Method = "sag" | "svrg" | "gradient";

/** What the full gradient tells. */
export interface Evaluation {
  readonly objective: number;
  readonly gradientNorm: number;
}

/**
 * A linear model in memory: the data, one record a row, the weights, and what SAG and SVRG keep beside them. What
 * differs between dense and sparse rows is left to the two subclasses.
 */
export abstract class LinearModel {
  readonly rows: number;
  readonly l2: number;
  /** The greatest |x_i|^2, with 1 added for the intercept. */
  greatestSquaredNorm = 0;

  protected readonly engine: Engine;
  protected readonly problem: CheckedProblem;
  protected readonly dtype: "float32" | "float64";
  protected readonly columns: number;
  protected readonly table: Allocation;
  protected readonly state: Allocation;
  /** Sums of the full gradient, f64: one a column, then one for the intercept. */
  protected readonly gradient: Allocation;
  readonly #allocations: Allocation[] = [];
  /** An objective so far above that of the start, where w and b are 0, that no solver on its way down passes it. */
  readonly #hopeless: number;
  #lossSum = 0;

  protected constructor(engine: Engine, problem: CheckedProblem, dtype: "float32" | "float64", columns: number) {
    this.engine = engine;
    this.problem = problem;
    this.dtype = dtype;
    this.columns = columns;
    this.rows = problem.rows;
    this.l2 = problem.l2;
    const start = problem.loss === "logistic" ? Math.LN2 : squaredNorm(problem.labels) / (2 * problem.rows);
    this.#hopeless = 1e6 * (start + 1);
    this.table = this.allocate(2 * problem.rows * this.bytes);
    this.state = this.allocate(STATE_BYTES);
    this.gradient = this.allocate(8 * (columns + 1));
  }

  /** Compiles the kernels without blocking; whoever does not wait for it has them compiled at the first call. */
  async prepare(): Promise<void> {
    await this.engine.prepare(finiteSum);
  }

  /** Brings the data in; nothing works before. */
  place(): void {
    const { rows, labels, intercept } = this.problem;
    const records = this.engine.view(this.dtype, this.table.pointer, 2 * rows);
    for (let i = 0; i < rows; i++) {
      records[2 * i] = labels[i]!;
      // NaN marks a row that SAG has not drawn.
      records[2 * i + 1] = Number.NaN;
    }
    this.greatestSquaredNorm = this.placeRows() + (intercept ? 1 : 0);
  }

  /** Copies the rows into memory and returns the greatest squared norm among them. */
  protected abstract placeRows(): number;

  /** SAG steps over `steps` rows at `order`. */
  abstract sag(steps: number, order: number, stepSize: number): void;
  /** SVRG steps over `steps` rows at `order`, from the snapshot. */
  abstract svrg(steps: number, order: number, stepSize: number): void;
  /** Adds the gradient of some rows; with `keep`, their derivatives become the residuals. */
  protected abstract addRows(first: number, count: number, keep: boolean): number;
  /** The weights in f64. */
  abstract weights(): Float64Array;
  /** What stands in the slot of the gradient sum or the snapshot gradient, in f64. */
  protected abstract direction(): Float64Array;
  protected abstract setDirection(mean: Float64Array): void;

  get intercept(): number {
    return this.stateView()[INTERCEPT]!;
  }

  /** Begins a full gradient at the present weights; `add` the rows, then `evaluate`. */
  beginGradient(): void {
    this.#lossSum = 0;
    this.engine.view("float64", this.gradient.pointer, this.columns + 1).fill(0);
  }

  add(first: number, count: number, keep: boolean): void {
    this.#lossSum += this.addRows(first, count, keep);
  }

  /**
   * Objective and norm of its gradient, once all rows have been added.
   * @throws RangeError if the steps lead away from the minimum
   */
  evaluate(): Evaluation {
    const w = this.weights();
    const sums = this.engine.view("float64", this.gradient.pointer, this.columns + 1);
    const interceptSum = this.problem.intercept ? sums[this.columns]! : 0;
    const objective = this.#lossSum / this.rows + (this.l2 / 2) * squaredNorm(w);
    if (!(objective <= this.#hopeless)) throw diverged("objective", objective);
    return { objective, gradientNorm: this.#gradientNorm(w, sums, interceptSum, this.rows) };
  }

  /** The norm of the gradient as SAG's table has it: nearly free, exact only in the limit. */
  estimateGradientNorm(): number {
    const state = this.stateView();
    const interceptSum = this.problem.intercept ? state[INTERCEPT_GRADIENT]! : 0;
    return this.#gradientNorm(this.weights(), this.direction(), interceptSum, state[SEEN]!);
  }

  /** Makes the full gradient just added the snapshot gradient of SVRG. */
  takeSnapshot(): void {
    const sums = this.engine.view("float64", this.gradient.pointer, this.columns + 1);
    const mean = sums.map((sum) => sum / this.rows) as Float64Array;
    this.stateView()[INTERCEPT_GRADIENT] = mean[this.columns]!;
    this.setDirection(mean.subarray(0, this.columns));
  }

  dispose(): void {
    for (const allocation of this.#allocations) allocation.dispose();
  }

  protected allocate(bytes: number): Allocation {
    try {
      const allocation = this.engine.allocate(this, bytes);
      this.#allocations.push(allocation);
      return allocation;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  protected get bytes(): number {
    return dtypes[this.dtype].bytes;
  }

  protected get kernels(): FiniteSumKernels {
    return this.engine.family(finiteSum);
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

  /** The kernel of a method for this layout, loss and element type. */
  protected kernel<M extends Method, L extends Layout>(method: M, layout: L): FiniteSumKernels[`${M}${L}Logistic_f32`] {
    const losses: Record<LossName, "Logistic" | "Squared"> = { logistic: "Logistic", squared: "Squared" };
    const name: `${Method}${Layout}${"Logistic" | "Squared"}` = `${method}${layout}${losses[this.problem.loss]}`;
    return typed(this.kernels, name, this.dtype) as FiniteSumKernels[`${M}${L}Logistic_f32`];
  }

  #gradientNorm(w: Float64Array, sums: ArrayLike<number>, interceptSum: number, count: number): number {
    let squared = (interceptSum / count) ** 2;
    for (let j = 0; j < w.length; j++) squared += (sums[j]! / count + this.l2 * w[j]!) ** 2;
    return Math.sqrt(squared);
  }
}

export function diverged(what: string, value: number): RangeError {
  return new RangeError(`minimize: the ${what} became ${value}; a smaller stepSize may help`);
}

function squaredNorm(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}
