// Small linear models in an arena, and the calls of the finite-sum kernels on them. Dense and CSR models look alike from
// outside, so that one scenario can be run on both.

import { Arena } from "./arena.js";
import { type Layout, LOSS_NAMES, type Loss, type Method } from "./families/finite-sum.js";
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
  /** Weight and importance of every step's row. */
  readonly factors?: readonly (readonly [weight: number, importance: number])[];
}

/** Of sdca, which takes its step from l2, and with a relaxation is finito. */
export interface DualOptions {
  readonly l2: number;
  readonly interceptScale: number;
  readonly relaxation?: number;
  readonly burst?: number;
  readonly factors?: StepOptions["factors"];
}

/** f64 places in the state: assembly/finite-sum/state.ts. */
const INTERCEPT = 0;
const INTERCEPT_GRADIENT = 1;
const SEEN = 2;
const SCALE = 3;

/** The state in f64, and two words more: what is touched, and the length of the history. */
const STATE_BYTES = 48;

/** f64 in a column's record, and a place in it: assembly/finite-sum/csr-records.ts. */
const RECORD = 2;
const GRADIENT = 1;

/** Lags that a history holds. */
const CAPACITY = 40;

/** What a gradient is to keep: assembly/finite-sum/state.ts. */
const CURVATURES = 2;

/** Rows touched ahead by products with the Hessian: fewer than are asked for. */
const BURST = 2;

type AnyKernel = (...args: number[]) => number;

type StepMethod = Exclude<Method, "sdca">;

export interface ModelSpec {
  readonly variant: Variant;
  readonly layout: Layout;
  readonly loss: Loss;
  readonly dtype: Dtype;
  readonly problem: Problem;
  /** Initial weights; zeros if left out. */
  readonly weights?: readonly number[];
  readonly intercept?: number;
  /** The l1 of each column; none if left out. */
  readonly l1?: readonly number[];
  /** Bounds of each column, on dense rows. Both the same for all columns, or neither. */
  readonly bounds?: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** The parameter of the loss. */
  readonly parameter?: number;
  /** The weights of the rows, all 1 if left out. */
  readonly sampleWeights?: readonly number[];
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

export function createCsrModel(spec: Omit<ModelSpec, "layout">): CsrModel {
  return new CsrModel({ ...spec, layout: "Csr" });
}

export abstract class Model {
  protected readonly arena: Arena;
  protected readonly kernels: KernelTable;
  protected readonly spec: ModelSpec;
  protected readonly table: number;
  protected readonly state: number;
  protected readonly gradient: number;
  protected readonly interceptGradient: number;
  protected readonly sampleWeights: number;

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
    new Int32Array(this.arena.memory.buffer, this.state + 44, 1)[0] = 0;
    this.sampleWeights = spec.sampleWeights ? this.arena.place("f64", spec.sampleWeights) : 0;
    this.gradient = this.put("gradient", "f64", Array(gradientLength).fill(0));
    this.interceptGradient = this.arena.place("f64", [0]);
  }

  abstract get weights(): number[];
  /** SAG's sum of gradients, or the mean gradient of SVRG. */
  abstract get direction(): number[];
  protected abstract set direction(values: readonly number[]);
  protected abstract steps(method: StepMethod, count: number, order: number, options: StepOptions): void;
  protected abstract dualSteps(count: number, order: number, options: DualOptions): void;
  protected abstract addRows(first: number, count: number, keep: number, order: number): number;

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

  saga(order: readonly number[], options: StepOptions): void {
    this.steps("saga", order.length, this.putIntegers("order", order), options);
  }

  svrg(order: readonly number[], options: StepOptions): void {
    this.steps("svrg", order.length, this.putIntegers("order", order), options);
  }

  /** All rows count as drawn, with the residual 0 or another. */
  zeroRows(residual = 0): void {
    const { dtype, problem } = this.spec;
    const records = this.arena.floats(dtype, this.table, 2 * problem.labels.length);
    for (let k = 1; k < records.length; k += 2) records[k] = residual;
    this.stateView[SEEN] = problem.labels.length;
  }

  sdca(order: readonly number[], options: DualOptions): void {
    this.dualSteps(order.length, this.putIntegers("order", order), options);
  }

  /** The residuals become the predictions. */
  abstract predict(): void;

  /** What the residuals make of the rows. */
  resum() {
    this.clearSums();
    this.addResiduals();
    return this.readSums();
  }

  protected abstract addResiduals(): void;

  protected putFactors(factors: StepOptions["factors"]): number {
    return factors ? this.arena.place("f64", factors.flat()) : 0;
  }

  protected get loss(): [code: number, parameter: number] {
    return [LOSS_NAMES.indexOf(this.spec.loss), this.spec.parameter ?? 0];
  }

  /** Sums over the records alone. */
  slopes(shift: number): number {
    return this.#margins("slopes", shift);
  }

  conjugates(factor: number): number {
    return this.#margins("conjugates", factor);
  }

  /** For residuals that are predictions. */
  searchSmoothness(norms: readonly number[], smoothness: number): number {
    const kernel = this.kernel("searchSmoothness");
    return kernel(norms.length, this.table, this.arena.place("f64", norms), ...this.loss, smoothness);
  }

  #margins(family: string, scalar: number): number {
    const rows = this.spec.problem.rows.length;
    return this.kernel(family)(rows, this.table, this.sampleWeights, ...this.loss, scalar);
  }

  /** Sums over the rows first .. first + count - 1, from zero. */
  evaluate(keep = false, first = 0, count = this.spec.problem.rows.length) {
    this.clearSums();
    const loss = this.addRows(first, count, keep ? 1 : 0, 0);
    return { loss, ...this.readSums() };
  }

  /** Leaves the second derivatives in the records. */
  keepCurvatures(): void {
    this.clearSums();
    this.addRows(0, this.spec.problem.rows.length, CURVATURES, 0);
  }

  /** The Hessian times the weights and the intercept, from the curvatures kept, of all rows or of some. */
  hessian(order: readonly number[] = []) {
    this.clearSums();
    this.addHessian(this.#counted(order), order.length > 0 ? this.putIntegers("order", order) : 0);
    return this.readSums();
  }

  hessianDiagonal(order: readonly number[] = []) {
    this.clearSums();
    this.addHessianDiagonal(this.#counted(order), order.length > 0 ? this.putIntegers("order", order) : 0);
    return this.readSums();
  }

  protected abstract addHessian(count: number, order: number): void;
  protected abstract addHessianDiagonal(count: number, order: number): void;

  #counted(order: readonly number[]): number {
    return order.length > 0 ? order.length : this.spec.problem.rows.length;
  }

  /** As `evaluate`, over rows in any order. */
  evaluateAt(order: readonly number[]) {
    this.clearSums();
    const loss = this.addRows(0, order.length, 0, this.putIntegers("order", order));
    return { loss, ...this.readSums() };
  }

  protected clearSums(): void {
    this.arena.floats("f64", this.gradient, this.spec.problem.columns).fill(0);
    this.arena.floats("f64", this.interceptGradient, 1).fill(0);
  }

  protected readSums() {
    const gradient = [...this.arena.floats("f64", this.gradient, this.spec.problem.columns)];
    return { gradient, interceptGradient: this.arena.floats("f64", this.interceptGradient, 1)[0]! };
  }

  /** Makes the present weights SVRG's snapshot. */
  takeSnapshot(): void {
    const { gradient, interceptGradient } = this.evaluate(true);
    this.stateView[INTERCEPT_GRADIENT] = interceptGradient;
    this.stateView[SEEN] = this.spec.problem.rows.length;
    this.direction = gradient;
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

  protected kernel(family: string): AnyKernel {
    return (this.kernels as unknown as Record<string, AnyKernel>)[`${family}_${this.spec.dtype}`]!;
  }
}

const LINE = 64;

/** Rows padded with zeros to whole cache lines. */
class DenseModel extends Model {
  readonly #columns: number;
  readonly #rows: number;
  readonly #weights: number;
  readonly #direction: number;

  constructor(spec: ModelSpec) {
    const { dtype, problem } = spec;
    const unit = LINE / dtypes[dtype].bytes;
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

  protected steps(method: StepMethod, count: number, order: number, options: StepOptions): void {
    const { stepSize, l2, interceptStep, burst = 16, factors } = options;
    this.kernel(`${method}Dense`)(
      count,
      order,
      this.putFactors(factors),
      burst,
      this.#rows,
      this.#columns,
      this.table,
      this.state,
      this.#weights,
      this.#direction,
      ...(method === "sag" ? [] : [this.#prox(stepSize)]),
      ...this.loss,
      stepSize,
      l2,
      interceptStep,
    );
  }

  /** The record of assembly/finite-sum/dense-prox.ts, with bounds that bind nothing unless there are some. */
  #prox(step: number): number {
    const { l1, bounds, problem } = this.spec;
    if (l1 === undefined && bounds === undefined) return 0;
    const all = (number: number) => Array<number>(problem.columns).fill(number);
    const thresholds = this.#striped(l1?.map((s) => step * s) ?? all(0));
    const lower = this.#striped(bounds?.lower ?? all(-1e9));
    const upper = this.#striped(bounds?.upper ?? all(1e9));
    if (upper.stride !== lower.stride) throw new Error("both bounds must be the same for all columns, or neither");
    const pointers = [thresholds, lower, upper].map(({ pointer }) => pointer);
    return this.arena.placeIntegers([...pointers, thresholds.stride, lower.stride]);
  }

  /** One line where all numbers are the same, else one number a column. */
  #striped(numbers: readonly number[]): { pointer: number; stride: number } {
    const { dtype } = this.spec;
    const even = numbers.every((number) => number === numbers[0]);
    const length = even ? LINE / dtypes[dtype].bytes : this.#columns;
    const rest = Array<number>(Math.max(0, length - numbers.length)).fill(even ? numbers[0]! : 0);
    return { pointer: this.arena.place(dtype, [...numbers, ...rest].slice(0, length)), stride: even ? 0 : LINE };
  }

  #thresholds(shrinkage: number): number {
    const { l1, dtype } = this.spec;
    if (l1 === undefined) return 0;
    const rest = Array<number>(this.#columns - l1.length).fill(0);
    return this.arena.place(dtype, [...l1.map((s) => shrinkage * s), ...rest]);
  }

  protected dualSteps(count: number, order: number, options: DualOptions): void {
    const { l2, interceptScale, relaxation = 0, burst = 16, factors } = options;
    this.kernel("sdcaDense")(
      count,
      order,
      this.putFactors(factors),
      burst,
      this.#rows,
      this.#columns,
      this.table,
      this.state,
      this.#weights,
      this.#thresholds(1 / l2),
      ...this.loss,
      1 / (l2 * this.spec.problem.rows.length),
      interceptScale,
      relaxation,
    );
  }

  predict(): void {
    const rows = this.spec.problem.rows.length;
    this.kernel("predictDense")(rows, 0, this.#rows, this.#columns, this.table, this.#weights, this.intercept);
  }

  protected addResiduals(): void {
    const rows = this.spec.problem.rows.length;
    this.kernel("resumDense")(rows, 0, this.#rows, this.#columns, this.table, this.gradient, this.interceptGradient);
  }

  protected addHessian(count: number, order: number): void {
    const direction = [this.#weights, this.intercept, this.gradient, this.interceptGradient];
    const rows = [this.#rows, this.#columns, this.table, this.state];
    this.kernel("hessianDense")(count, 0, order, order ? BURST : 0, ...rows, ...direction);
  }

  protected addHessianDiagonal(count: number, order: number): void {
    const sums = [this.gradient, this.interceptGradient];
    const rows = [this.#rows, this.#columns, this.table, this.state];
    this.kernel("hessianDiagonalDense")(count, 0, order, order ? BURST : 0, ...rows, ...sums);
  }

  protected addRows(first: number, count: number, keep: number, order: number): number {
    return this.kernel("gradientDense")(
      count,
      first,
      order,
      keep,
      this.#rows,
      this.#columns,
      this.table,
      this.sampleWeights,
      ...this.loss,
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
  /** Lags, an l1 for all, an l1 a column, and the history: zeros without l1. */
  readonly #lagged: readonly [lags: number, l1: number, strengths: number, history: number];
  readonly #settledWeights: number;
  /** Whether a number a column stands where the records would, as sdca has it. */
  #dual = false;

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
    this.#lagged = spec.l1 ? this.#placeLagged(spec.l1) : [0, 0, 0, 0];
    this.#setColumn(0, spec.weights ?? []);
  }

  /** With one l1 for all where all have the same. */
  #placeLagged(l1: readonly number[]): [lags: number, l1: number, strengths: number, history: number] {
    const even = l1.every((s) => s === l1[0]);
    const lags = this.arena.place("f64", Array(l1.length).fill(0));
    const strengths = even ? 0 : this.arena.place("f64", l1);
    return [lags, even ? l1[0]! : Number.NaN, strengths, this.arena.place("f64", Array(CAPACITY).fill(0))];
  }

  get weights(): number[] {
    const { columns } = this.spec.problem;
    if (this.#dual) return [...this.arena.floats("f64", this.#features, columns)];
    this.kernels.settleCsr(columns, this.#features, this.state, ...this.#lagged);
    return this.#column(0);
  }

  get direction(): number[] {
    return this.#dual ? Array(this.spec.problem.columns).fill(0) : this.#column(GRADIENT);
  }

  /** The root of what squaredGradientCsr sums up, columns settled. */
  gradientNorm(l2: number): number {
    const { columns } = this.spec.problem;
    this.kernels.settleCsr(columns, this.#features, this.state, ...this.#lagged);
    const share = 1 / this.seen;
    return Math.sqrt(
      this.kernels.squaredGradientCsr(columns, this.#features, this.#features + 8 * GRADIENT, 8 * RECORD, share, l2),
    );
  }

  protected set direction(values: readonly number[]) {
    this.kernels.settleCsr(this.spec.problem.columns, this.#features, this.state, ...this.#lagged);
    this.#setColumn(GRADIENT, values);
  }

  protected steps(method: StepMethod, count: number, order: number, options: StepOptions): void {
    const { stepSize, l2, interceptStep, burst = 16, factors } = options;
    this.kernel(`${method}Csr`)(
      count,
      order,
      this.putFactors(factors),
      burst,
      ...this.#entries,
      this.state,
      this.spec.problem.columns,
      this.#features,
      ...(method === "sag" ? [] : [...this.#lagged, CAPACITY]),
      ...this.loss,
      stepSize,
      l2,
      interceptStep,
    );
  }

  protected dualSteps(count: number, order: number, options: DualOptions): void {
    const { l2, interceptScale, relaxation = 0, burst = 16, factors } = options;
    this.#dual = true;
    this.kernel("sdcaCsr")(
      count,
      order,
      this.putFactors(factors),
      burst,
      ...this.#entries,
      this.state,
      this.spec.problem.columns,
      this.#features,
      this.spec.l1 ? 1 / l2 : 0,
      this.#lagged[1],
      this.#lagged[2],
      ...this.loss,
      1 / (l2 * this.spec.problem.rows.length),
      interceptScale,
      relaxation,
    );
  }

  get #entries(): readonly number[] {
    return [this.#values, this.#indices, this.#offsets, this.table];
  }

  predict(): void {
    const rows = this.spec.problem.rows.length;
    this.arena.floats("f64", this.#settledWeights, this.spec.problem.columns).set(this.weights);
    this.kernel("predictCsr")(rows, 0, ...this.#entries, this.#settledWeights, this.intercept);
  }

  /** The squared norm of each row. */
  squaredNorms(): number[] {
    const rows = this.spec.problem.rows.length;
    const norms = this.arena.place("f64", Array(rows).fill(Number.NaN));
    this.kernel("squaredNormsCsr")(rows, this.#values, this.#offsets, norms);
    return [...this.arena.floats("f64", norms, rows)];
  }

  protected addResiduals(): void {
    const rows = this.spec.problem.rows.length;
    this.kernel("resumCsr")(rows, 0, ...this.#entries, this.gradient, this.interceptGradient);
  }

  protected addHessian(count: number, order: number): void {
    this.arena.floats("f64", this.#settledWeights, this.spec.problem.columns).set(this.weights);
    const direction = [this.#settledWeights, this.intercept, this.gradient, this.interceptGradient];
    this.kernel("hessianCsr")(count, 0, order, order ? BURST : 0, ...this.#entries, this.state, ...direction);
  }

  protected addHessianDiagonal(count: number, order: number): void {
    const sums = [this.gradient, this.interceptGradient];
    this.kernel("hessianDiagonalCsr")(count, 0, order, order ? BURST : 0, ...this.#entries, this.state, ...sums);
  }

  protected addRows(first: number, count: number, keep: number, order: number): number {
    this.arena.floats("f64", this.#settledWeights, this.spec.problem.columns).set(this.weights);
    return this.kernel("gradientCsr")(
      count,
      first,
      order,
      keep,
      ...this.#entries,
      this.sampleWeights,
      ...this.loss,
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
