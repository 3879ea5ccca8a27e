// Small linear models in an arena, and the calls of the finite-sum kernels on them. Dense and CSR models look alike from
// outside, so that one scenario can be run on both.

import { Arena } from "./arena.js";
import type { Layout, Loss, Method } from "./families/finite-sum.js";
import { below, type Dtype, dtypes, moderate, type Random } from "./numbers.js";
import { type KernelTable, kernelsOf, type Variant } from "./variants.js";

export interface Problem {
  readonly columns: number;
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** Rows of about unit norm, in which every entry is stored with the given probability. */
export function drawProblem(random: Random, loss: Loss, rows: number, columns: number, density = 1): Problem {
  const entry = () => (random() < density ? (2 * random() - 1) / Math.sqrt(columns * density) : 0);
  return {
    columns,
    rows: Array.from({ length: rows }, () => Array.from({ length: columns }, entry)),
    labels: Array.from({ length: rows }, () => (loss === "Squared" ? moderate(random) / 64 : random() < 0.5 ? -1 : 1)),
  };
}

/** Rows in random order, with repetitions. */
export const drawOrder = (random: Random, steps: number, rows: number): number[] =>
  Array.from({ length: steps }, () => below(random, rows));

export interface StepOptions {
  readonly stepSize: number;
  readonly l2: number;
  readonly interceptStep: number;
  readonly burst?: number;
}

/** f64 places in the state: assembly/finite-sum/state.ts. */
const INTERCEPT = 0;
const INTERCEPT_GRADIENT = 1;
const SEEN = 2;
const SCALE = 3;

/** The state in f64, and half a word more for what is touched. */
const STATE_BYTES = 44;

/** f64 in a column's record, and the place of its gradient: assembly/finite-sum/csr.ts. */
const RECORD = 4;
const GRADIENT = 1;

type AnyKernel = (...args: number[]) => number;

export interface ModelSpec {
  readonly variant: Variant;
  readonly layout: Layout;
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly problem: Problem;
  /** Initial weights; zeros if left out. */
  readonly weights?: readonly number[];
  readonly intercept?: number;
  readonly pages?: number;
  /** The array with which the memory ends. */
  readonly last?: Place;
}

/** The arrays of either layout that a step or a gradient reads. */
export const PLACES = {
  Dense: ["order", "table", "rows", "weights", "direction", "gradient"],
  Csr: ["order", "table", "values", "indices", "offsets", "features", "weights", "gradient"],
} as const;

type Place = (typeof PLACES)[Layout][number];

export function createModel(spec: ModelSpec): Model {
  return spec.layout === "Dense" ? new DenseModel(spec) : new CsrModel(spec);
}

export abstract class Model {
  protected readonly arena: Arena;
  protected readonly kernels: KernelTable;
  protected readonly spec: ModelSpec;
  protected readonly table: number;
  protected readonly state: number;
  protected readonly gradient: number;
  protected readonly interceptGradient: number;

  constructor(spec: ModelSpec, gradientLength: number) {
    const { variant, problem, dtype, intercept = 0, pages = 1 } = spec;
    this.spec = spec;
    this.arena = new Arena(pages);
    this.kernels = kernelsOf(variant, this.arena.memory);
    this.table = this.put(
      "table",
      dtype,
      problem.labels.flatMap((label) => [label, Number.NaN]),
    );
    this.state = this.arena.reserve(STATE_BYTES);
    this.stateView.set([intercept, 0, 0, 1, 0]);
    this.gradient = this.put("gradient", "f64", Array(gradientLength).fill(0));
    this.interceptGradient = this.arena.place("f64", [0]);
  }

  abstract get weights(): number[];
  /** SAG's sum of gradients, or the mean gradient of SVRG. */
  abstract get direction(): number[];
  protected abstract set direction(values: readonly number[]);
  protected abstract steps(method: "sag" | "svrg", count: number, order: number, options: StepOptions): void;
  protected abstract addRows(first: number, count: number, keep: number): number;

  get intercept(): number {
    return this.stateView[INTERCEPT]!;
  }

  get interceptGradientSum(): number {
    return this.stateView[INTERCEPT_GRADIENT]!;
  }

  get seen(): number {
    return this.stateView[SEEN]!;
  }

  get scale(): number {
    return this.stateView[SCALE]!;
  }

  get residuals(): number[] {
    const { dtype, problem } = this.spec;
    const records = this.arena.floats(dtype, this.table, 2 * problem.labels.length);
    return problem.labels.map((_, row) => records[2 * row + 1]!);
  }

  /** Everything that steps change, for comparisons of bits. */
  get snapshot(): object {
    const { weights, intercept, direction, interceptGradientSum, residuals, seen } = this;
    return { weights, intercept, direction, interceptGradientSum, residuals, seen };
  }

  get firstOverwritten(): number | undefined {
    return this.arena.firstOverwritten();
  }

  sag(order: readonly number[], options: StepOptions): void {
    this.steps("sag", order.length, this.putIntegers("order", order), options);
  }

  svrg(order: readonly number[], options: StepOptions): void {
    this.steps("svrg", order.length, this.putIntegers("order", order), options);
  }

  /** Sums over the rows first .. first + count - 1, from zero. */
  evaluate(keep = false, first = 0, count = this.spec.problem.rows.length) {
    const sums = this.arena.floats("f64", this.gradient, this.spec.problem.columns);
    const interceptSum = this.arena.floats("f64", this.interceptGradient, 1);
    sums.fill(0);
    interceptSum.fill(0);
    const loss = this.addRows(first, count, keep ? 1 : 0);
    return { loss, gradient: [...sums], interceptGradient: interceptSum[0]! };
  }

  /** Makes the present weights SVRG's snapshot. */
  takeSnapshot(): void {
    const n = this.spec.problem.rows.length;
    const { gradient, interceptGradient } = this.evaluate(true);
    this.stateView[INTERCEPT_GRADIENT] = interceptGradient / n;
    this.direction = gradient.map((sum) => sum / n);
  }

  protected put(place: Place, dtype: Dtype, values: readonly number[]): number {
    return place === this.spec.last ? this.arena.placeLast(dtype, values) : this.arena.place(dtype, values);
  }

  protected putIntegers(place: Place, values: readonly number[]): number {
    return place === this.spec.last ? this.arena.placeIntegersLast(values) : this.arena.placeIntegers(values);
  }

  protected get stateView(): Float64Array {
    return this.arena.floats("f64", this.state, 5) as Float64Array;
  }

  protected kernel(method: Method): AnyKernel {
    const { layout, loss, dtype } = this.spec;
    return this.kernels[`${method}${layout}${loss}_${dtype}`] as AnyKernel;
  }
}

/** Rows padded with zeros to whole cache lines. */
class DenseModel extends Model {
  readonly #columns: number;
  readonly #rows: number;
  readonly #weights: number;
  readonly #direction: number;

  constructor(spec: ModelSpec) {
    const { dtype, problem } = spec;
    const unit = 64 / dtypes[dtype].bytes;
    const columns = Math.ceil(problem.columns / unit) * unit;
    super(spec, columns);
    const padded = (row: readonly number[]) => [...row, ...Array<number>(columns - row.length).fill(0)];
    this.#columns = columns;
    this.#rows = this.put("rows", dtype, problem.rows.flatMap(padded));
    this.#weights = this.put("weights", dtype, padded(spec.weights ?? []));
    this.#direction = this.put("direction", dtype, padded([]));
  }

  get weights(): number[] {
    return [...this.arena.floats(this.spec.dtype, this.#weights, this.spec.problem.columns)];
  }

  get direction(): number[] {
    return [...this.arena.floats(this.spec.dtype, this.#direction, this.spec.problem.columns)];
  }

  protected set direction(values: readonly number[]) {
    this.arena.floats(this.spec.dtype, this.#direction, values.length).set(values);
  }

  protected steps(method: "sag" | "svrg", count: number, order: number, options: StepOptions): void {
    const { stepSize, l2, interceptStep, burst = 16 } = options;
    this.kernel(method)(
      count,
      order,
      burst,
      this.#rows,
      this.#columns,
      this.table,
      this.state,
      this.#weights,
      this.#direction,
      stepSize,
      l2,
      interceptStep,
    );
  }

  protected addRows(first: number, count: number, keep: number): number {
    return this.kernel("gradient")(
      count,
      first,
      keep,
      this.#rows,
      this.#columns,
      this.table,
      this.#weights,
      this.intercept,
      this.gradient,
      this.interceptGradient,
    );
  }
}

/** The entries that are not 0. */
class CsrModel extends Model {
  readonly #values: number;
  readonly #indices: number;
  readonly #offsets: number;
  readonly #features: number;
  readonly #settledWeights: number;

  constructor(spec: ModelSpec) {
    const { dtype, problem } = spec;
    super(spec, problem.columns);
    const entries = problem.rows.map((row) => row.flatMap((value, j) => (value === 0 ? [] : [{ value, j }])));
    const offsets = [0];
    for (const row of entries) offsets.push(offsets.at(-1)! + row.length);
    this.#values = this.put(
      "values",
      dtype,
      entries.flat().map(({ value }) => value),
    );
    this.#indices = this.putIntegers(
      "indices",
      entries.flat().map(({ j }) => j),
    );
    this.#offsets = this.putIntegers("offsets", offsets);
    this.#features = this.put("features", "f64", Array(problem.columns * RECORD).fill(0));
    this.#settledWeights = this.put("weights", "f64", Array(problem.columns).fill(0));
    this.#setColumn(0, spec.weights ?? []);
  }

  get weights(): number[] {
    const { columns } = this.spec.problem;
    this.kernels.settleCsr(columns, this.#features, this.state);
    return this.#column(0);
  }

  get direction(): number[] {
    return this.#column(GRADIENT);
  }

  protected set direction(values: readonly number[]) {
    this.kernels.settleCsr(this.spec.problem.columns, this.#features, this.state);
    this.#setColumn(GRADIENT, values);
  }

  protected steps(method: "sag" | "svrg", count: number, order: number, options: StepOptions): void {
    const { stepSize, l2, interceptStep, burst = 16 } = options;
    this.kernel(method)(
      count,
      order,
      burst,
      this.#values,
      this.#indices,
      this.#offsets,
      this.table,
      this.state,
      this.spec.problem.columns,
      this.#features,
      stepSize,
      l2,
      interceptStep,
    );
  }

  protected addRows(first: number, count: number, keep: number): number {
    this.arena.floats("f64", this.#settledWeights, this.spec.problem.columns).set(this.weights);
    return this.kernel("gradient")(
      count,
      first,
      keep,
      this.#values,
      this.#indices,
      this.#offsets,
      this.table,
      this.#settledWeights,
      this.intercept,
      this.gradient,
      this.interceptGradient,
    );
  }

  get #records(): Float64Array {
    return this.arena.floats("f64", this.#features, this.spec.problem.columns * RECORD) as Float64Array;
  }

  #column(place: number): number[] {
    const records = this.#records;
    return Array.from({ length: this.spec.problem.columns }, (_, j) => records[j * RECORD + place]!);
  }

  #setColumn(place: number, values: readonly number[]): void {
    const records = this.#records;
    for (const [j, value] of values.entries()) records[j * RECORD + place] = value;
  }
}
