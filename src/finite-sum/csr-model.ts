import { dtypeOf } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { CsrMatrix } from "./csr-matrix.js";
import { type DualOptions, KEEP, LinearModel, type StepMethod, type Steps } from "./model.js";
import type { Kept } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";
import { INTERCEPT_GRADIENT, SCALE, SEEN } from "./state-layout.js";

/** The record of a column, in f64: u, g; with l1 v, g, lag, l1. See assembly/finite-sum/csr-columns.ts. */
const RECORD = 2;
const L1_RECORD = 4;
const VALUE = 0;
const GRADIENT = 1;
const L1 = 3;

/** How many coming rows are touched ahead. */
const BURST = 16;

/** The most lags that are kept before all columns are settled: at least so many as columns, so that it costs little. */
const LEAST_CAPACITY = 4096;

/** A linear model on compressed sparse rows. The weights are f64 whatever the values are. */
export class CsrModel extends LinearModel {
  readonly #values: Allocation;
  readonly #indices: Allocation;
  readonly #offsets: Allocation;
  readonly #features: Allocation;
  /** How many numbers the record of a column has. */
  readonly #width: number;
  readonly #weights: Allocation;
  /** The lags of the steps since the columns were settled, where there is an l1. */
  readonly #history: Allocation | undefined;
  readonly #capacity: number;

  constructor(engine: Engine, problem: CheckedProblem, factors: Float64Array | undefined, regularizer: Regularizer) {
    const { values, indices, offsets } = problem.features as CsrMatrix;
    super(engine, problem, factors, regularizer, dtypeOf(values)!, problem.columns);
    this.#values = this.allocate(values.byteLength);
    this.#indices = this.allocate(indices.byteLength);
    this.#offsets = this.allocate(offsets.byteLength);
    this.#width = regularizer.proximal ? L1_RECORD : RECORD;
    this.#features = this.allocate(8 * this.#width * problem.columns);
    this.#weights = this.allocate(8 * problem.columns);
    this.#capacity = Math.min(Math.max(LEAST_CAPACITY, 4 * problem.columns), Math.max(LEAST_CAPACITY, problem.rows));
    this.#history = regularizer.proximal ? this.allocate(8 * this.#capacity) : undefined;
  }

  protected placeRows(squaredNorms: Float64Array): void {
    const { values, indices, offsets } = this.problem.features as CsrMatrix;
    const { buffer } = this.engine.memory;
    const placed = this.engine.view(this.dtype, this.#values.pointer, values.length);
    placed.set(values);
    if (this.factors) for (let k = 0; k < values.length; k++) placed[k]! *= this.factors[indices[k]!]!;
    new Int32Array(buffer, this.#indices.pointer, indices.length).set(indices);
    new Int32Array(buffer, this.#offsets.pointer, offsets.length).set(offsets);
    this.stateView()[SCALE] = 1;
    if (this.regularizer.proximal) this.#placeL1();
    for (let i = 0; i < this.rows; i++) {
      let sum = 0;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sum += placed[k]! * placed[k]!;
      squaredNorms[i] = sum;
    }
  }

  #placeL1(): void {
    const records = this.#records();
    const { l1 } = this.regularizer;
    for (let j = 0; j < this.columns; j++) records[j * this.#width + L1] = typeof l1 === "number" ? l1 : l1[j]!;
  }

  step(method: StepMethod, { count, order, factors }: Steps, stepSize: number): void {
    const rows = [count, order, factors, BURST, ...this.#rowPointers()] as const;
    const columns = [this.state.pointer, this.columns, this.#features.pointer] as const;
    const { code, parameter } = this.problem.loss;
    const rule = [code, parameter, stepSize, this.evenL2, this.interceptStep(stepSize)] as const;
    if (method === "sag") this.kernel("sagCsr")(...rows, ...columns, ...rule);
    else this.kernel(`${method}Csr`)(...rows, ...columns, this.#historyPointer, this.#capacity, ...rule);
  }

  /** In one go where there is no l1: on rows few and wide the general way takes as long as a pass. */
  override estimateGradientNorm(): number {
    if (this.regularizer.proximal) return super.estimateGradientNorm();
    this.#settle();
    const seen = this.stateView()[SEEN]!;
    const records = this.#records();
    const l2 = this.evenL2;
    let squares = this.problem.intercept ? (this.stateView()[INTERCEPT_GRADIENT]! / seen) ** 2 : 0;
    for (let r = 0; r < records.length; r += RECORD) {
      squares += (records[r + GRADIENT]! / seen + l2 * records[r + VALUE]!) ** 2;
    }
    return Math.sqrt(squares);
  }

  dualStep({ count, order, factors }: Steps, { scale, interceptScale, relaxation }: DualOptions): void {
    const { code, parameter } = this.problem.loss;
    this.kernel("sdcaCsr")(
      count,
      order,
      factors,
      BURST,
      ...this.#rowPointers(),
      this.state.pointer,
      this.columns,
      this.#features.pointer,
      this.regularizer.proximal ? scale * this.rows : 0,
      code,
      parameter,
      scale,
      interceptScale,
      relaxation,
    );
  }

  protected rawWeights(): Float64Array {
    this.#settle();
    return this.#column(VALUE);
  }

  protected setWeights(weights: Float64Array): void {
    this.#settle();
    const records = this.#records();
    for (let j = 0; j < this.columns; j++) records[j * this.#width + VALUE] = weights[j]!;
  }

  override beginGradient(): void {
    super.beginGradient();
    this.engine.view("float64", this.#weights.pointer, this.columns).set(this.weights());
  }

  protected addRows(first: number, count: number, order: number, keep: Kept, table = this.table.pointer): number {
    const { code, parameter } = this.problem.loss;
    return this.kernel("gradientCsr")(
      count,
      first,
      order,
      KEEP[keep],
      ...this.#rowPointers(table),
      this.sampleWeightsPointer,
      code,
      parameter,
      this.#weights.pointer,
      this.intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected setDirection(direction: Float64Array): void {
    this.engine.view("float64", this.#weights.pointer, this.columns).set(direction);
  }

  addHessianRows(first: number, count: number, order: number, intercept: number): void {
    this.kernel("hessianCsr")(
      count,
      first,
      order,
      ...this.#rowPointers(),
      this.#weights.pointer,
      intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  addHessianDiagonalRows(first: number, count: number, order: number): void {
    this.kernel("hessianDiagonalCsr")(
      count,
      first,
      order,
      ...this.#rowPointers(),
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected predictRows(first: number, count: number, table: number): void {
    this.engine.view("float64", this.#weights.pointer, this.columns).set(this.weights());
    this.kernel("predictCsr")(count, first, ...this.#rowPointers(table), this.#weights.pointer, this.intercept);
  }

  protected resumRows(first: number, count: number, table = this.table.pointer): void {
    this.kernel("resumCsr")(
      count,
      first,
      ...this.#rowPointers(table),
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected sumsOfSteps(): Float64Array {
    return this.#column(GRADIENT);
  }

  protected setSumsOfSteps(sums: Float64Array): void {
    this.#settle();
    const records = this.#records();
    for (let j = 0; j < this.columns; j++) records[j * this.#width + GRADIENT] = sums[j]!;
  }

  /** Values, indices, offsets and table, which come in this order everywhere. */
  #rowPointers(table = this.table.pointer) {
    return [this.#values.pointer, this.#indices.pointer, this.#offsets.pointer, table] as const;
  }

  /** One number of every column's record. */
  #column(place: number): Float64Array {
    const records = this.#records();
    const numbers = new Float64Array(this.columns);
    for (let j = 0; j < numbers.length; j++) numbers[j] = records[j * this.#width + place]!;
    return numbers;
  }

  #records(): Float64Array {
    return this.engine.view("float64", this.#features.pointer, this.columns * this.#width) as Float64Array;
  }

  get #historyPointer(): number {
    return this.#history?.pointer ?? 0;
  }

  #settle(): void {
    this.kernels.settleCsr(this.columns, this.#features.pointer, this.state.pointer, this.#historyPointer);
  }
}
