import { dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { LinearModel } from "./model.js";
import type { CheckedProblem } from "./problem.js";

const LINE = 64;

/** How many bytes of coming rows are touched ahead: well within a first-level cache. */
const AHEAD = 32768;

/** A linear model on dense rows, padded with zeros to whole cache lines. */
export class DenseModel extends LinearModel {
  readonly #data: Allocation;
  readonly #weights: Allocation;
  readonly #direction: Allocation;
  readonly #burst: number;

  constructor(engine: Engine, problem: CheckedProblem) {
    const dtype = dtypeOf(problem.features)!;
    const { bytes } = dtypes[dtype];
    const columns = (Math.ceil((problem.columns * bytes) / LINE) * LINE) / bytes;
    super(engine, problem, dtype, columns);
    this.#burst = Math.max(1, Math.min(16, Math.floor(AHEAD / (columns * bytes))));
    this.#data = this.allocate(problem.rows * columns * bytes);
    this.#weights = this.allocate(columns * bytes);
    this.#direction = this.allocate(columns * bytes);
  }

  sag(steps: number, order: number, stepSize: number): void {
    this.#steps("sag", steps, order, stepSize);
  }

  svrg(steps: number, order: number, stepSize: number): void {
    this.#steps("svrg", steps, order, stepSize);
  }

  weights(): Float64Array {
    return Float64Array.from(this.engine.view(this.dtype, this.#weights.pointer, this.problem.columns));
  }

  protected addRows(first: number, count: number, keep: boolean): number {
    return this.kernel("gradient", "Dense")(
      count,
      first,
      keep ? 1 : 0,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.#weights.pointer,
      this.intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected direction(): Float64Array {
    return Float64Array.from(this.engine.view(this.dtype, this.#direction.pointer, this.columns));
  }

  protected setDirection(mean: Float64Array): void {
    this.engine.view(this.dtype, this.#direction.pointer, this.columns).set(mean);
  }

  #steps(method: "sag" | "svrg", steps: number, order: number, stepSize: number): void {
    this.kernel(method, "Dense")(
      steps,
      order,
      this.#burst,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.state.pointer,
      this.#weights.pointer,
      this.#direction.pointer,
      stepSize,
      this.l2,
      this.interceptStep(stepSize),
    );
  }

  protected placeRows(): number {
    const { rows, columns } = this.problem;
    const features = this.problem.features as FloatArray;
    const data = this.engine.view(this.dtype, this.#data.pointer, rows * this.columns);
    if (columns === this.columns) data.set(features);
    let greatest = 0;
    for (let i = 0; i < rows; i++) {
      const row = features.subarray(i * columns, (i + 1) * columns);
      if (columns !== this.columns) data.set(row, i * this.columns);
      greatest = Math.max(greatest, squaredNorm(row));
    }
    return greatest;
  }
}

function squaredNorm(x: FloatArray): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * x[j]!;
  return sum;
}
