import { type Dtype, dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { CsrMatrix } from "./csr-matrix.js";
import { Oracle, type RowNorms } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";

/** A model of several outputs, for methods that take full gradients: see assembly/finite-sum/multi.ts. */
export class MultiModel extends Oracle {
  readonly #dtype: Dtype;
  /** Values of all rows; on sparse rows indices and offsets beside them. */
  readonly #values: Allocation;
  readonly #indices: Allocation | undefined;
  readonly #offsets: Allocation | undefined;
  readonly #labels: Allocation;
  readonly #point: Allocation;
  readonly #gradient: Allocation;
  readonly #predictions: Allocation;
  #norms: RowNorms = { greatest: 0, mean: 0 };

  constructor(engine: Engine, problem: CheckedProblem, factors: Float64Array | undefined, regularizer: Regularizer) {
    super(engine, problem, factors, regularizer);
    const { features, labels, outputs } = problem;
    const sparse = features instanceof CsrMatrix;
    const values = sparse ? features.values : features;
    this.#dtype = dtypeOf(values)!;
    this.#values = this.allocate(values.byteLength);
    this.#indices = sparse ? this.allocate(features.indices.byteLength) : undefined;
    this.#offsets = sparse ? this.allocate(features.offsets.byteLength) : undefined;
    this.#labels = this.allocate(labels.length * dtypes[this.#dtype].bytes);
    this.#point = this.allocate(8 * this.length);
    this.#gradient = this.allocate(8 * this.length);
    this.#predictions = this.allocate(8 * outputs);
  }

  override place(): void {
    super.place();
    const { features, labels, columns, rows, sampleWeights } = this.problem;
    const sparse = features instanceof CsrMatrix;
    const values = sparse ? features.values : features;
    const { factors, engine } = this;
    const placed = engine.view(this.#dtype, this.#values.pointer, values.length);
    placed.set(values);
    if (factors) {
      for (let k = 0; k < placed.length; k++) placed[k]! *= factors[sparse ? features.indices[k]! : k % columns]!;
    }
    engine.view(this.#dtype, this.#labels.pointer, labels.length).set(labels);
    if (sparse) {
      const { buffer } = engine.memory;
      new Int32Array(buffer, this.#indices!.pointer, features.indices.length).set(features.indices);
      new Int32Array(buffer, this.#offsets!.pointer, features.offsets.length).set(features.offsets);
    }
    let sum = 0;
    let greatest = 0;
    for (let i = 0; i < rows; i++) {
      const [first, last] = sparse
        ? [features.offsets[i]!, features.offsets[i + 1]!]
        : [i * columns, (i + 1) * columns];
      const norm = squares(placed, first, last) * (sampleWeights?.[i] ?? 1);
      sum += norm;
      greatest = Math.max(greatest, norm);
    }
    this.#norms = { greatest, mean: sum / rows };
  }

  get norms(): RowNorms {
    return this.#norms;
  }

  point(): Float64Array {
    return this.#view(this.#point).slice();
  }

  setPoint(point: Float64Array): void {
    this.#view(this.#point).set(point);
  }

  protected clear(): void {
    this.#view(this.#gradient).fill(0);
  }

  protected sums(): Float64Array {
    return this.#view(this.#gradient).slice();
  }

  protected addRows(first: number, count: number, order: number, _keep: boolean): number {
    const { columns, outputs, loss } = this.problem;
    const { suffix } = dtypes[this.#dtype];
    const intercepts = 8 * this.regularizer.size;
    const rest = [
      outputs,
      this.#labels.pointer,
      this.sampleWeightsPointer,
      loss.code,
      loss.parameter,
      this.#point.pointer,
      this.#point.pointer + intercepts,
      this.#gradient.pointer,
      this.#gradient.pointer + intercepts,
      this.#predictions.pointer,
    ] as const;
    if (this.#indices === undefined || this.#offsets === undefined) {
      return this.kernels[`multiDense_${suffix}`](count, first, order, this.#values.pointer, columns, ...rest);
    }
    const matrix = [this.#values.pointer, this.#indices.pointer, this.#offsets.pointer] as const;
    return this.kernels[`multiCsr_${suffix}`](count, first, order, ...matrix, ...rest);
  }

  #view({ pointer }: Allocation): Float64Array {
    return this.engine.view("float64", pointer, this.length) as Float64Array;
  }
}

function squares(x: FloatArray, first: number, last: number): number {
  let sum = 0;
  for (let k = first; k < last; k++) sum += x[k]! * x[k]!;
  return sum;
}
