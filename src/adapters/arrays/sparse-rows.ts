/// <reference lib="esnext.disposable" preserve="true" />

import { checkInteger, given } from "../../check.js";
import { type Dtype, dtypeOf, type FloatArray } from "../../memory/dtype.js";
import { type ParameterSet, type ParametersOptions, parameters } from "../../memory/parameters.js";
import type { CommonOptions } from "../../optimizers/common-options.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import type { Run } from "../../optimizers/run.js";
import type { StateDict } from "../../optimizers/state.js";
import type { Target } from "../../optimizers/target.js";
import type { Schedule } from "../../schedules/index.js";

const WHERE = "sparseRows";

export interface SparseRowsOptions<Options extends CommonOptions = CommonOptions> extends ParametersOptions {
  /** The options of the rule. */
  readonly options?: Options;
}

/** A table of which a step moves single rows, with their state. Made by {@link sparseRows}. */
export class SparseRows {
  readonly rows: number;
  readonly width: number;
  readonly #set: ParameterSet<"table">;
  readonly #optimizer: Optimizer;

  /** @internal */
  constructor(set: ParameterSet<"table">, optimizer: Optimizer) {
    [this.rows, this.width] = set.shapes.table as [number, number];
    this.#set = set;
    this.#optimizer = optimizer;
  }

  /** The table, row after row, in the kernels' memory. Read it anew rather than keep it. */
  get values(): FloatArray {
    return this.#set.values.table;
  }

  get learningRate(): number {
    return this.#optimizer.learningRate;
  }

  set learningRate(rate: number | Schedule) {
    this.#optimizer.learningRate = rate;
  }

  /** How many updates have been made. */
  get stepCount(): number {
    return this.#optimizer.stepCount;
  }

  /**
   * One update of the rows that are named.
   * @param indices the rows; of a row that stands there more than once the gradients add up
   * @param gradients a row for each index, of the table's dtype
   * @throws TypeError or RangeError, with nothing changed, for indices or gradients that don't fit
   */
  step(indices: ArrayLike<number>, gradients: FloatArray): void {
    const { width } = this;
    const touched = this.#checked(indices, gradients);
    const slab = this.#set.gradients.table;
    for (let k = 0; k < indices.length; k++) {
      const to = indices[k]! * width;
      for (let j = 0; j < width; j++) slab[to + j]! += gradients[k * width + j]!;
    }
    this.#optimizer.visit(runsOf(touched, width));
    try {
      this.#optimizer.step();
    } catch (error) {
      slab.fill(0);
      throw error;
    }
  }

  stateDict(): StateDict {
    return this.#optimizer.stateDict();
  }

  loadStateDict(state: StateDict): void {
    this.#optimizer.loadStateDict(state);
  }

  /** Frees table and state. Harmless when repeated. */
  dispose(): void {
    this.#optimizer.dispose();
    this.#set.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The rows in ascending order, each once. */
  #checked(indices: ArrayLike<number>, gradients: FloatArray): readonly number[] {
    const { rows, width } = this;
    if (typeof indices?.length !== "number") {
      throw new TypeError(`${WHERE}: indices must be a list of rows, got ${given(indices)}`);
    }
    const touched = new Set<number>();
    for (let k = 0; k < indices.length; k++) {
      touched.add(checkInteger(WHERE, `indices[${k}]`, indices[k], 0, rows - 1));
    }
    if (dtypeOf(gradients) !== this.#set.dtype) {
      throw new TypeError(`${WHERE}: gradients must be ${this.#set.dtype}, got ${given(gradients)}`);
    }
    if (gradients.length !== indices.length * width) {
      throw new RangeError(
        `${WHERE}: gradients must have ${indices.length} rows of ${width} elements, got ${gradients.length} elements`,
      );
    }
    return [...touched].sort((a, b) => a - b);
  }
}

/** Neighbouring rows in one run. */
function runsOf(rows: readonly number[], width: number): readonly Run[] {
  const runs: { offset: number; length: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last !== undefined && last.offset + last.length === row * width) last.length += width;
    else runs.push({ offset: row * width, length: width });
  }
  return runs;
}

/**
 * A table of embeddings, or anything else of which a sample touches few rows: only the rows that have a gradient are
 * visited, with their part of the state. Momenta of the others do not move them, nor does weight decay, as in torch's
 * `SparseAdam`; the count of steps, in Adam's bias corrections, is one for all rows.
 *
 * @param create the rule: `sgd`, `adam`, `adagrad`, `rmsprop` and the others that treat every element by itself
 * @param shape rows and width
 * @param options `options` of the rule, `dtype` "float32", `engine`
 * @returns `.values`, zeros at first; `.step(indices, gradients)`, `.stateDict()`, `.loadStateDict()`, `.dispose()`
 * @throws RangeError for a rule or an option that needs to see the whole table
 *
 * @example
 * const words = sparseRows(adagrad, [10000, 64], { options: { learningRate: 0.1 } });
 * words.step([7, 42], new Float32Array(128).fill(0.5)); // rows 7 and 42 have moved
 */
export function sparseRows<Options extends CommonOptions>(
  create: (target: Target, options: Options) => Optimizer,
  shape: readonly [rows: number, width: number],
  { options, ...where }: SparseRowsOptions<Options> = {},
): SparseRows {
  if (!Array.isArray(shape) || shape.length !== 2) {
    throw new TypeError(`${WHERE}: shape must be [rows, width], got ${given(shape)}`);
  }
  const set = parameters<"table", Dtype>({ table: shape }, where);
  let optimizer: Optimizer | undefined;
  try {
    optimizer = create(set, { ...options, clearGradients: true } as Options);
    optimizer.visit([]);
    return new SparseRows(set, optimizer);
  } catch (error) {
    optimizer?.dispose();
    set.dispose();
    throw error;
  }
}
