import { dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { type DualOptions, KEEP, LinearModel, type StepMethod, type Steps } from "./model.js";
import type { Kept } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";

const LINE = 64;

/** How many bytes of coming rows are touched ahead: well within a first-level cache. */
const AHEAD = 32768;

/** A linear model on dense rows, padded with zeros to whole cache lines. */
export class DenseModel extends LinearModel {
  readonly #data: Allocation;
  readonly #weights: Allocation;
  readonly #sums: Allocation;
  /** The point at which a gradient is taken; or thresholds and bounds of steps, where there are any: assembly/finite-sum/dense.ts. */
  readonly #point: Allocation;
  readonly #burst: number;

  constructor(engine: Engine, problem: CheckedProblem, factors: Float64Array | undefined, regularizer: Regularizer) {
    const dtype = dtypeOf(problem.features)!;
    const { bytes } = dtypes[dtype];
    const columns = (Math.ceil((problem.columns * bytes) / LINE) * LINE) / bytes;
    super(engine, problem, factors, regularizer, dtype, columns);
    this.#burst = Math.max(1, Math.min(16, Math.floor(AHEAD / (columns * bytes))));
    this.#data = this.reserve(problem.rows * columns * bytes);
    this.#weights = this.allocate(columns * bytes);
    this.#sums = this.allocate(columns * bytes);
    this.#point = this.allocate((regularizer.proximal ? 3 : 1) * columns * bytes);
  }

  step(method: StepMethod, { count, order, factors }: Steps, stepSize: number): void {
    const rows = [count, order, factors, this.#burst, this.#data.pointer, this.columns] as const;
    const places = [this.table.pointer, this.state.pointer, this.#weights.pointer, this.#sums.pointer] as const;
    const { code, parameter } = this.problem.loss;
    const rule = [code, parameter, stepSize, this.evenL2, this.interceptStep(stepSize)] as const;
    if (method === "sag") this.kernel("sagDense")(...rows, ...places, ...rule);
    else this.kernel(`${method}Dense`)(...rows, ...places, this.#proxOf(stepSize), ...rule);
  }

  dualStep({ count, order, factors }: Steps, { scale, interceptScale, relaxation }: DualOptions): void {
    const { code, parameter } = this.problem.loss;
    this.kernel("sdcaDense")(
      count,
      order,
      factors,
      this.#burst,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.state.pointer,
      this.#weights.pointer,
      this.#proxOf(scale * this.rows),
      code,
      parameter,
      scale,
      interceptScale,
      relaxation,
    );
  }

  protected rawWeights(): Float64Array {
    return Float64Array.from(this.#view(this.#weights).subarray(0, this.problem.columns));
  }

  protected setWeights(weights: Float64Array): void {
    this.#view(this.#weights).set(weights);
  }

  protected sumsOfSteps(): Float64Array {
    return Float64Array.from(this.#view(this.#sums).subarray(0, this.problem.columns));
  }

  protected setSumsOfSteps(sums: Float64Array): void {
    this.#view(this.#sums).set(sums);
  }

  protected addRows(first: number, count: number, order: number, keep: Kept): number {
    const { code, parameter } = this.problem.loss;
    return this.kernel("gradientDense")(
      count,
      first,
      order,
      KEEP[keep],
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.sampleWeightsPointer,
      code,
      parameter,
      this.#point.pointer,
      this.intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  override beginGradient(): void {
    super.beginGradient();
    this.#view(this.#point).set(this.weights());
  }

  protected setDirection(direction: Float64Array): void {
    this.#view(this.#point).set(direction);
  }

  addHessianRows(first: number, count: number, order: number, intercept: number): void {
    this.kernel("hessianDense")(
      count,
      first,
      order,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.#point.pointer,
      intercept,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  addHessianDiagonalRows(first: number, count: number, order: number): void {
    this.kernel("hessianDiagonalDense")(
      count,
      first,
      order,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected predictRows(first: number, count: number, table: number): void {
    this.#view(this.#point).set(this.weights());
    this.kernel("predictDense")(
      count,
      first,
      this.#data.pointer,
      this.columns,
      table,
      this.#point.pointer,
      this.intercept,
    );
  }

  protected resumRows(first: number, count: number): void {
    this.kernel("resumDense")(
      count,
      first,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.gradient.pointer,
      this.interceptGradientPointer,
    );
  }

  protected placeRows(): void {
    const { rows, columns } = this.problem;
    const features = this.problem.features as FloatArray;
    const data = this.engine.view(this.dtype, this.#data.pointer, rows * this.columns);
    const { factors } = this;
    if (columns === this.columns && factors === undefined) {
      data.set(features);
      return;
    }
    for (let i = 0, from = 0; i < rows; i++) {
      const to = i * this.columns;
      for (let j = 0; j < columns; j++, from++) {
        data[to + j] = factors === undefined ? features[from]! : features[from]! * factors[j]!;
      }
      data.fill(0, to + columns, to + this.columns);
    }
  }

  protected measureRows(squaredNorms: number): void {
    this.kernel("squaredNormsDense")(this.rows, this.#data.pointer, this.columns, squaredNorms);
  }

  #view({ pointer }: Allocation): FloatArray {
    return this.engine.view(this.dtype, pointer, this.columns);
  }

  /** Where the thresholds of a step and the bounds are, once they have been written. */
  #proxOf(step: number): number {
    const { l1, term, proximal } = this.regularizer;
    if (!proximal) return 0;
    const { columns } = this;
    const all = this.engine.view(this.dtype, this.#point.pointer, 3 * columns);
    for (let j = 0; j < this.problem.columns; j++) {
      all[j] = step * (typeof l1 === "number" ? l1 : l1[j]!);
      all[columns + j] = term?.bounds?.lower[j] ?? Number.NEGATIVE_INFINITY;
      all[2 * columns + j] = term?.bounds?.upper[j] ?? Number.POSITIVE_INFINITY;
    }
    return this.#point.pointer;
  }
}
