import { type Dtype, dtypeOf, dtypes, type FloatArray } from "../memory/dtype.js";
import type { Allocation, Engine } from "../memory/engine.js";
import { CsrMatrix } from "./csr-matrix.js";
import type { StepMethod, Steps } from "./model.js";
import { type Kept, Oracle, type RowNorms } from "./oracle.js";
import type { CheckedProblem } from "./problem.js";
import type { Regularizer } from "./regularizer.js";
import { SCALE, SEEN, STATE_BYTES } from "./state-layout.js";

/** What SAG and SAGA keep: assembly/finite-sum/multi-steps.ts. */
interface Table {
  readonly residuals: Allocation;
  readonly state: Allocation;
  /** Of every column and output, and of every intercept, two numbers side by side; the first is the weight, once settled. */
  readonly features: Allocation;
  readonly intercepts: Allocation;
  readonly room: Allocation;
}

/** A model of several outputs: see assembly/finite-sum/multi.ts. */
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
  /** Squared norms of all rows, for draws by them. */
  #squaredNorms: Float64Array | undefined;
  #table: Table | undefined;

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
    const norms = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const [first, last] = sparse
        ? [features.offsets[i]!, features.offsets[i + 1]!]
        : [i * columns, (i + 1) * columns];
      const norm = squares(placed, first, last) * (sampleWeights?.[i] ?? 1);
      norms[i] = norm;
      sum += norm;
      greatest = Math.max(greatest, norm);
    }
    this.#norms = { greatest, mean: sum / rows };
    this.#squaredNorms = norms;
  }

  get norms(): RowNorms {
    return this.#norms;
  }

  get squaredNorms(): Float64Array | undefined {
    return this.#squaredNorms;
  }

  letNormsGo(): void {
    this.#squaredNorms = undefined;
  }

  point(): Float64Array {
    this.#collect();
    return this.#view(this.#point).slice();
  }

  setPoint(point: Float64Array): void {
    this.#view(this.#point).set(point);
    if (this.#table !== undefined) this.#spread(this.#table);
  }

  override beginGradient(): void {
    super.beginGradient();
    this.#collect();
  }

  /** Steps of SAG or SAGA, with an l2 and an l1 that are the same everywhere. */
  step(method: Exclude<StepMethod, "svrg">, { count, order, factors }: Steps, stepSize: number): void {
    const { columns, outputs, loss, intercept } = this.problem;
    const { l1, l2 } = this.regularizer;
    if (typeof l2 !== "number" || typeof l1 !== "number") throw new Error("minimize: steps need an even l2 and l1");
    const { residuals, state, features, intercepts, room } = this.#tabled();
    const { suffix } = dtypes[this.#dtype];
    const rest = [
      columns,
      outputs,
      this.#labels.pointer,
      residuals.pointer,
      state.pointer,
      features.pointer,
      intercepts.pointer,
      room.pointer,
      loss.code,
      loss.parameter,
      method === "saga" ? 1 : 0,
      stepSize,
      l2,
      l1,
      intercept ? stepSize : 0,
    ] as const;
    const drawn = [count, order, factors, this.#values.pointer] as const;
    if (this.#indices === undefined || this.#offsets === undefined) {
      this.kernels[`multiStepsDense_${suffix}`](...drawn, ...rest);
    } else {
      this.kernels[`multiStepsCsr_${suffix}`](...drawn, this.#indices.pointer, this.#offsets.pointer, ...rest);
    }
  }

  /** The norm of the gradient mapping as the table has it: nearly free, exact only in the limit. */
  estimateGradientNorm(): number {
    const { state, features, intercepts } = this.#tabled();
    const w = this.point();
    const { size } = this.regularizer;
    const seen = this.#floats(state, STATE_BYTES / 8)[SEEN]!;
    const gradient = new Float64Array(this.length);
    const records = this.#floats(features, 2 * size);
    for (let k = 0; k < size; k++) gradient[k] = records[2 * k + 1]! / seen;
    const sums = this.#floats(intercepts, 2 * this.problem.outputs);
    if (this.problem.intercept) for (let k = size; k < this.length; k++) gradient[k] = sums[2 * (k - size) + 1]! / seen;
    return this.mappingNorm(w, gradient);
  }

  /** All rows count as drawn, with derivatives of 0. */
  zeroRows(): void {
    const { residuals, state } = this.#tabled();
    this.engine.view(this.#dtype, residuals.pointer, this.rows * this.problem.outputs).fill(0);
    this.#floats(state, STATE_BYTES / 8)[SEEN] = this.rows;
  }

  #tabled(): Table {
    if (this.#table !== undefined) return this.#table;
    const { outputs } = this.problem;
    const table = {
      residuals: this.allocate(this.rows * outputs * dtypes[this.#dtype].bytes),
      state: this.allocate(STATE_BYTES),
      features: this.allocate(16 * this.regularizer.size),
      intercepts: this.allocate(16 * outputs),
      room: this.allocate(24 * outputs),
    };
    this.engine.view(this.#dtype, table.residuals.pointer, this.rows * outputs).fill(Number.NaN);
    this.#floats(table.state, STATE_BYTES / 8)[SCALE] = 1;
    this.#spread(table);
    this.#table = table;
    return table;
  }

  /** The point goes to where the steps move it. */
  #spread(table: Table): void {
    const { point, records, biases } = this.#settled(table);
    const { size } = this.regularizer;
    for (let k = 0; k < size; k++) records[2 * k] = point[k]!;
    for (let k = size; k < point.length; k++) biases[2 * (k - size)] = point[k]!;
  }

  /** The point comes back from where the steps have moved it. */
  #collect(): void {
    if (this.#table === undefined) return;
    const { point, records, biases } = this.#settled(this.#table);
    const { size } = this.regularizer;
    for (let k = 0; k < size; k++) point[k] = records[2 * k]!;
    for (let k = size; k < point.length; k++) point[k] = biases[2 * (k - size)]!;
  }

  /** The point, and where the steps move it, with nothing owed there. */
  #settled({ features, intercepts, state }: Table) {
    const { size } = this.regularizer;
    this.kernels.settleCsr(size, features.pointer, state.pointer, 0, 0, 0, 0);
    return {
      point: this.#view(this.#point),
      records: this.#floats(features, 2 * size),
      biases: this.#floats(intercepts, 2 * this.problem.outputs),
    };
  }

  protected clear(): void {
    this.#view(this.#gradient).fill(0);
  }

  protected sums(): Float64Array {
    return this.#view(this.#gradient).slice();
  }

  protected addRows(first: number, count: number, order: number, _keep: Kept): number {
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

  #view(allocation: Allocation): Float64Array {
    return this.#floats(allocation, this.length);
  }

  #floats({ pointer }: Allocation, length: number): Float64Array {
    return this.engine.view("float64", pointer, length) as Float64Array;
  }
}

function squares(x: FloatArray, first: number, last: number): number {
  let sum = 0;
  for (let k = first; k < last; k++) sum += x[k]! * x[k]!;
  return sum;
}
