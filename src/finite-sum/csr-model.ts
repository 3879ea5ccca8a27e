import { dtypeOf } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import type { CsrMatrix } from "./csr-matrix.js";
import { LinearModel } from "./model.js";
import type { CheckedProblem } from "./problem.js";

/** The record of a column, in f64: v, g, lag, and one unused. See assembly/finite-sum/csr.ts. */
const RECORD = 4;
const VALUE = 0;
const GRADIENT = 1;

const SCALE = 3;

/** How many coming rows are touched ahead. */
const BURST = 16;

/** A linear model on compressed sparse rows. The weights are f64 whatever the values are. */
export class CsrModel extends LinearModel {
  readonly #values: Allocation;
  readonly #indices: Allocation;
  readonly #offsets: Allocation;
  readonly #features: Allocation;
  readonly #weights: Allocation;

  constructor(engine: Engine, problem: CheckedProblem) {
    const { values, indices, offsets } = problem.features as CsrMatrix;
    super(engine, problem, dtypeOf(values)!, problem.columns);
    this.#values = this.allocate(values.byteLength);
    this.#indices = this.allocate(indices.byteLength);
    this.#offsets = this.allocate(offsets.byteLength);
    this.#features = this.allocate(8 * RECORD * problem.columns);
    this.#weights = this.allocate(8 * problem.columns);
  }

  protected placeRows(): number {
    const matrix = this.problem.features as CsrMatrix;
    const { values, indices, offsets } = matrix;
    const { buffer } = this.engine.memory;
    this.engine.view(this.dtype, this.#values.pointer, values.length).set(values);
    new Int32Array(buffer, this.#indices.pointer, indices.length).set(indices);
    new Int32Array(buffer, this.#offsets.pointer, offsets.length).set(offsets);
    this.stateView()[SCALE] = 1;
    return greatestSquaredNorm(matrix);
  }

  sag(steps: number, order: number, stepSize: number): void {
    this.#steps("sag", steps, order, stepSize);
  }

  svrg(steps: number, order: number, stepSize: number): void {
    this.#steps("svrg", steps, order, stepSize);
  }

  weights(): Float64Array {
    this.#settle();
    return this.#column(VALUE);
  }

  override beginGradient(): void {
    super.beginGradient();
    this.engine.view("float64", this.#weights.pointer, this.columns).set(this.weights());
  }

  protected addRows(first: number, count: number, keep: boolean): number {
    return this.kernel("gradient", "Csr")(
      count,
      first,
      keep ? 1 : 0,
      this.#values.pointer,
      this.#indices.pointer,
      this.#offsets.pointer,
      this.table.pointer,
      this.#weights.pointer,
      this.intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected direction(): Float64Array {
    return this.#column(GRADIENT);
  }

  /** The columns are caught up: the full gradient that `mean` comes from began with it. */
  protected setDirection(mean: Float64Array): void {
    const records = this.#records();
    for (let j = 0; j < this.columns; j++) records[j * RECORD + GRADIENT] = mean[j]!;
  }

  #steps(method: "sag" | "svrg", steps: number, order: number, stepSize: number): void {
    this.kernel(method, "Csr")(
      steps,
      order,
      BURST,
      this.#values.pointer,
      this.#indices.pointer,
      this.#offsets.pointer,
      this.table.pointer,
      this.state.pointer,
      this.columns,
      this.#features.pointer,
      stepSize,
      this.l2,
      this.interceptStep(stepSize),
    );
  }

  /** One number of every column's record. */
  #column(place: number): Float64Array {
    const records = this.#records();
    const numbers = new Float64Array(this.columns);
    for (let j = 0; j < numbers.length; j++) numbers[j] = records[j * RECORD + place]!;
    return numbers;
  }

  #records(): Float64Array {
    return this.engine.view("float64", this.#features.pointer, this.columns * RECORD) as Float64Array;
  }

  #settle(): void {
    this.kernels.settleCsr(this.columns, this.#features.pointer, this.state.pointer);
  }
}

function greatestSquaredNorm({ values, offsets, rows }: CsrMatrix): number {
  let greatest = 0;
  for (let i = 0; i < rows; i++) {
    let squaredNorm = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) squaredNorm += values[k]! ** 2;
    greatest = Math.max(greatest, squaredNorm);
  }
  return greatest;
}
