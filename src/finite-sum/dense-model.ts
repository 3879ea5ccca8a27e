import { dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { DenseProx, LINE } from "./dense-prox.js";
import { CACHED, type DualOptions, type DualPlaces, KEEP, LinearModel, type StepMethod, type Steps } from "./model.js";
import type { Kept } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";

/** How many bytes of coming rows are touched ahead: well within a first-level cache. */
const AHEAD = 32768;

/** How many bytes of rows are brought in at a time: copied to the end of their place, and from there to their lines in cache. */
const BLOCK = 131_072;

/** A linear model on dense rows, padded with zeros to whole cache lines. */
export class DenseModel extends LinearModel {
  readonly #data: Allocation;
  readonly #weights: Allocation;
  readonly #sums: Allocation;
  /** The point at which a gradient is taken, or the thresholds of dual steps. */
  readonly #point: Allocation;
  /** What steps do beside moving, if anything. */
  readonly #prox: DenseProx | undefined;
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
    this.#point = this.allocate(columns * bytes);
    if (!regularizer.proximal) return;
    const idle = { point: this.#point, gradient: this.gradient };
    this.#prox = new DenseProx(engine, (bytes) => this.allocate(bytes), dtype, columns, regularizer, idle);
  }

  step(method: StepMethod, steps: Steps, stepSize: number): void {
    const rows = [...this.#drawn(steps), this.#data.pointer, this.columns] as const;
    const places = [this.table.pointer, this.state.pointer, this.#weights.pointer, this.#sums.pointer] as const;
    const { code, parameter } = this.problem.loss;
    const rule = [code, parameter, stepSize, this.evenL2, this.interceptStep(stepSize)] as const;
    if (method === "sag") this.kernel("sagDense")(...rows, ...places, ...rule);
    else this.kernel(`${method}Dense`)(...rows, ...places, this.#prox?.write(stepSize) ?? 0, ...rule);
  }

  dualStep(steps: Steps, { scale, interceptScale, relaxation }: DualOptions): void {
    const { code, parameter } = this.problem.loss;
    this.kernel("sdcaDense")(
      ...this.#drawn(steps),
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.state.pointer,
      this.#weights.pointer,
      this.#dualThresholds(scale * this.rows),
      code,
      parameter,
      scale,
      interceptScale,
      relaxation,
    );
  }

  protected dualPlaces(): DualPlaces {
    return { z: this.#weights.pointer, before: this.#sums.pointer, count: this.columns, dtype: this.dtype };
  }

  protected rawWeights(): Float64Array {
    return Float64Array.from(this.#view(this.#weights).subarray(0, this.problem.columns));
  }

  protected setWeights(weights: Float64Array): void {
    this.#view(this.#weights).set(weights);
  }

  protected sumsOfSteps(): Float64Array {
    if (this.dual) return new Float64Array(this.problem.columns);
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
      order ? this.#sampleBurst : 0,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.state.pointer,
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
      order ? this.#sampleBurst : 0,
      this.#data.pointer,
      this.columns,
      this.table.pointer,
      this.state.pointer,
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

  protected placeRows(squaredNorms: Float64Array): void {
    const { rows, columns, centres } = this.problem;
    const features = this.problem.features as FloatArray;
    const padding = (this.columns - columns) * this.bytes;
    const most = Math.max(1, Math.floor(BLOCK / (this.columns * this.bytes)));
    const norms = this.engine.allocate(this, 8 * Math.min(most, rows));
    try {
      for (let first = 0; first < rows; first += most) {
        const count = Math.min(most, rows - first);
        const target = this.#data.pointer + first * this.columns * this.bytes;
        const source = target + count * padding;
        const block = this.engine.view(this.dtype, source, count * columns);
        block.set(features.subarray(first * columns, (first + count) * columns));
        if (centres) for (let k = 0; k < block.length; k++) block[k]! -= centres[k % columns]!;
        if (this.factors) for (let k = 0; k < block.length; k++) block[k]! *= this.factors[k % columns]!;
        this.kernel("padDense")(count, columns, source, target, norms.pointer);
        squaredNorms.set(this.engine.view("float64", norms.pointer, count), first);
      }
    } finally {
      norms.dispose();
    }
  }

  /** The rows of steps. Neighbours are read ahead by the processor, without being touched. */
  #drawn({ count, order, factors, blocks }: Steps) {
    return [count, order, factors, blocks > 0 ? 0 : this.#burst] as const;
  }

  /** How many of the rows that a Hessian is made of are touched ahead. */
  get #sampleBurst(): number {
    return this.#data.bytes > CACHED ? this.#burst : 0;
  }

  #view({ pointer }: Allocation): FloatArray {
    return this.engine.view(this.dtype, pointer, this.columns);
  }

  /** Where the l1 / l2 of every column are, once they have been written; 0 if there is no l1. */
  #dualThresholds(shrinkage: number): number {
    const { l1, proximal } = this.regularizer;
    if (!proximal) return 0;
    const thresholds = this.#view(this.#point);
    for (let j = 0; j < this.problem.columns; j++) thresholds[j] = shrinkage * (typeof l1 === "number" ? l1 : l1[j]!);
    return this.#point.pointer;
  }
}
