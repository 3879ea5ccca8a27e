import { dtypeOf } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { CsrMatrix } from "./csr-matrix.js";
import { CACHED, type DualOptions, type DualPlaces, KEEP, LinearModel, type StepMethod, type Steps } from "./model.js";
import type { Kept, Measure } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";
import { INTERCEPT_GRADIENT, SCALE, SEEN } from "./state-layout.js";

/** The record of a column, in f64: what v is reckoned from, and g. See assembly/finite-sum/csr-records.ts. */
const RECORD = 2;
const VALUE = 0;
const GRADIENT = 1;

/**
 * How many coming rows are touched ahead, unless they are those of one block after the other: of several blocks at a time the streams of
 * values and indices are too many beside random columns, and a pass takes 0.8 of the time where they are touched.
 */
const BURST = 16;

/** How many lags are kept, at the least, before all columns are settled. More than there are columns, so that it costs little. */
const LEAST_CAPACITY = 1024;

/**
 * A linear model on compressed sparse rows. The weights are f64 whatever the values are.
 *
 * Steps under l1 and full gradients come one after the other, and each begin with nothing of what the other kept: so the lags of
 * the columns stand where a gradient has the weights, and the history where it has its sums.
 */
export class CsrModel extends LinearModel {
  readonly #values: Allocation;
  readonly #indices: Allocation;
  readonly #offsets: Allocation;
  /** The records of the columns; for the dual methods z, a number a column, and then what it was. */
  readonly #features: Allocation;
  /** What `#held` says. */
  readonly #weights: Allocation;
  /** The lags of the columns; the weights, or a direction, at which a gradient is taken: then no column owes anything. */
  #held: "lags" | "weights" | "direction" = "lags";
  /** The lags of the steps since the columns were settled, where there is an l1. */
  readonly #history: Allocation | undefined;
  /** The l1 of every column, where they differ. */
  readonly #strengths: Allocation | undefined;

  constructor(engine: Engine, problem: CheckedProblem, factors: Float64Array | undefined, regularizer: Regularizer) {
    const { values, indices, offsets } = problem.features as CsrMatrix;
    super(engine, problem, factors, regularizer, dtypeOf(values)!, problem.columns);
    this.#values = this.reserve(values.byteLength);
    this.#indices = this.reserve(indices.byteLength);
    this.#offsets = this.reserve(offsets.byteLength);
    this.#features = this.allocate(8 * RECORD * problem.columns);
    this.#weights = this.allocate(8 * problem.columns);
    if (!regularizer.proximal) return;
    this.#history = this.gradient.bytes < 8 * LEAST_CAPACITY ? this.allocate(8 * LEAST_CAPACITY) : this.gradient;
    if (typeof regularizer.l1 !== "number") this.#strengths = this.allocate(8 * problem.columns);
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
    const { l1 } = this.regularizer;
    if (typeof l1 !== "number" && this.#strengths) this.#numbers(this.#strengths).set(l1);
    // The table has room for a number in f64 a row, whatever its type.
    const norms = this.table.pointer;
    this.kernel("squaredNormsCsr")(this.rows, this.#values.pointer, this.#offsets.pointer, norms);
    squaredNorms.set(this.engine.view("float64", norms, this.rows));
  }

  step(method: StepMethod, steps: Steps, stepSize: number): void {
    if (this.#held !== "lags" && this.#history) this.#numbers(this.#weights).fill(0);
    this.#held = "lags";
    const rows = [...drawn(steps), ...this.#rowPointers()] as const;
    const columns = [this.state.pointer, this.columns, this.#features.pointer] as const;
    const { code, parameter } = this.problem.loss;
    const rule = [code, parameter, stepSize, this.evenL2, this.interceptStep(stepSize)] as const;
    if (method === "sag") this.kernel("sagCsr")(...rows, ...columns, ...rule);
    else this.kernel(`${method}Csr`)(...rows, ...columns, ...this.#lagged(), this.#capacity, ...rule);
  }

  /** In one go where there is no l1: on rows few and wide the general way takes as long as a pass. */
  override estimateGradientNorm(): number {
    if (this.regularizer.proximal) return super.estimateGradientNorm();
    this.#settle();
    const { pointer } = this.#features;
    const state = this.stateView();
    const ofIntercept = state[INTERCEPT_GRADIENT]! / state[SEEN]!;
    return this.#gradientNorm(pointer + 8 * VALUE, pointer + 8 * GRADIENT, 8 * RECORD, 1 / state[SEEN]!, ofIntercept);
  }

  protected override measure(): Measure {
    const { proximal, l2 } = this.regularizer;
    if (proximal || typeof l2 !== "number") return super.measure();
    const { pointer } = this.#weights;
    const [interceptSum] = this.engine.view("float64", this.interceptGradientPointer, 1);
    return {
      penalty: (l2 / 2) * this.engine.kernels.squaredNorm_f64(this.columns, pointer),
      gradientNorm: this.#gradientNorm(pointer, this.gradient.pointer, 8, 1 / this.rows, interceptSum! / this.rows),
    };
  }

  /** The norm of the gradient of a mean, from sums of the losses' gradients over 1 / share rows. */
  #gradientNorm(weights: number, sums: number, stride: number, share: number, ofIntercept: number): number {
    const ofWeights = this.kernels.squaredGradientCsr(this.columns, weights, sums, stride, share, this.evenL2);
    return Math.sqrt(ofWeights + (this.problem.intercept ? ofIntercept ** 2 : 0));
  }

  dualStep(steps: Steps, { scale, interceptScale, relaxation }: DualOptions): void {
    const { code, parameter } = this.problem.loss;
    this.kernel("sdcaCsr")(
      ...drawn(steps),
      ...this.#rowPointers(),
      this.state.pointer,
      this.columns,
      this.#features.pointer,
      this.regularizer.proximal ? scale * this.rows : 0,
      ...this.#l1(),
      code,
      parameter,
      scale,
      interceptScale,
      relaxation,
    );
  }

  protected dualPlaces(): DualPlaces {
    const { pointer } = this.#features;
    return { z: pointer, before: pointer + 8 * this.columns, count: this.columns, dtype: "float64" };
  }

  protected rawWeights(): Float64Array {
    if (this.dual) return this.#numbers(this.#features);
    if (this.#held === "weights") return this.#numbers(this.#weights);
    this.#settle();
    return this.#column(VALUE);
  }

  protected setWeights(weights: Float64Array): void {
    if (this.dual) {
      this.#numbers(this.#features).set(weights);
      return;
    }
    this.#settle();
    if (this.#held === "weights") this.#numbers(this.#weights).set(weights);
    const records = this.#records();
    for (let j = 0; j < this.columns; j++) records[j * RECORD + VALUE] = weights[j]!;
  }

  override beginGradient(): void {
    this.#placeWeights();
    super.beginGradient();
  }

  protected addRows(first: number, count: number, order: number, keep: Kept): number {
    const { code, parameter } = this.problem.loss;
    return this.kernel("gradientCsr")(
      count,
      first,
      order,
      KEEP[keep],
      ...this.#rowPointers(),
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
    this.#held = "direction";
    this.engine.view("float64", this.#weights.pointer, this.columns).set(direction);
  }

  addHessianRows(first: number, count: number, order: number, intercept: number): void {
    this.kernel("hessianCsr")(
      count,
      first,
      order,
      order ? this.#sampleBurst : 0,
      ...this.#rowPointers(),
      this.state.pointer,
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
      order ? this.#sampleBurst : 0,
      ...this.#rowPointers(),
      this.state.pointer,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected predictRows(first: number, count: number, table: number): void {
    this.#placeWeights();
    this.kernel("predictCsr")(count, first, ...this.#rowPointers(table), this.#weights.pointer, this.intercept);
  }

  protected resumRows(first: number, count: number): void {
    this.kernel("resumCsr")(count, first, ...this.#rowPointers(), this.gradient.pointer, this.interceptGradientPointer);
  }

  protected sumsOfSteps(): Float64Array {
    return this.dual ? new Float64Array(this.columns) : this.#column(GRADIENT);
  }

  protected setSumsOfSteps(sums: Float64Array): void {
    if (this.dual) return;
    this.#settle();
    const records = this.#records();
    for (let j = 0; j < this.columns; j++) records[j * RECORD + GRADIENT] = sums[j]!;
  }

  /** How many of the rows that a Hessian is made of are touched ahead. */
  get #sampleBurst(): number {
    return this.#values.bytes + this.#indices.bytes > CACHED ? BURST : 0;
  }

  /** Values, indices, offsets and table, which come in this order everywhere. */
  #rowPointers(table = this.table.pointer) {
    return [this.#values.pointer, this.#indices.pointer, this.#offsets.pointer, table] as const;
  }

  /** One number of every column's record. */
  #column(place: number, numbers: Float64Array = new Float64Array(this.columns)): Float64Array {
    const records = this.#records();
    for (let j = 0; j < numbers.length; j++) numbers[j] = records[j * RECORD + place]!;
    return numbers;
  }

  #records(): Float64Array {
    return this.engine.view("float64", this.#features.pointer, this.columns * RECORD) as Float64Array;
  }

  /** A number of every column. */
  #numbers({ pointer }: Allocation): Float64Array {
    return this.engine.view("float64", pointer, this.columns) as Float64Array;
  }

  /** The l1 of all columns, and where that of each is if they differ. */
  #l1(): [l1: number, strengths: number] {
    const { l1 } = this.regularizer;
    return [typeof l1 === "number" ? l1 : 0, this.#strengths?.pointer ?? 0];
  }

  /** What the steps need for the columns to owe under l1. */
  #lagged() {
    const lags = this.#history ? this.#weights.pointer : 0;
    return [lags, ...this.#l1(), this.#history?.pointer ?? 0] as const;
  }

  get #capacity(): number {
    return this.#history ? this.#history.bytes / 8 : 0;
  }

  #placeWeights(): void {
    const weights = this.#numbers(this.#weights);
    if (this.dual) {
      weights.set(this.weights());
    } else if (this.#held !== "weights") {
      this.#settle();
      this.#column(VALUE, weights);
    }
    this.#held = "weights";
  }

  #settle(): void {
    if (this.#held !== "lags") return;
    this.kernels.settleCsr(this.columns, this.#features.pointer, this.state.pointer, ...this.#lagged());
  }
}

/** The rows of steps. */
function drawn({ count, order, factors, blocks }: Steps) {
  return [count, order, factors, blocks === 1 ? 0 : BURST] as const;
}
