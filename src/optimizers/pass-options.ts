import type { Allocation, Engine } from "../memory/engine.js";
import type { Run } from "./run.js";

/** Sizes and places in assembly/update/options.ts. */
const STEP_BYTES = 64;
const TENSOR_BYTES = 64;

/** The record of a tensor as f64: how many, and which of them change from step to step. */
const FIELDS = TENSOR_BYTES / 8;
const GRADIENT_SCALE = 1;
const L2 = 2;

/** What a pass does besides its rule. */
export interface PassSettings {
  readonly gradientScale: number;
  readonly clipValue: number;
  readonly l2: number;
  readonly shrink: number;
  readonly averageWeight: number;
  /** The address of the averages, 0 for none. */
  readonly averages: number;
  readonly clear: boolean;
  /** The greatest magnitude of a parameter after the step. */
  readonly box: number;
}

/** What is special about a tensor. */
export interface TensorInfo {
  /** Elements from its start to the next tensor's. */
  readonly length: number;
  /** Factors on l2, on the decay beside the step, and on the step, once and for all. */
  readonly l2: number;
  readonly shrink: number;
  readonly rate: number;
  /** As assembly/update/matrix.ts has it. Default: a vector. */
  readonly matrix?: {
    readonly rows: number;
    readonly columns: number;
    readonly matrices: number;
    readonly rowSlots: number;
    readonly columnSlots: number;
  };
}

/**
 * The record that the kernels of assembly/update read beside their arguments, and its table of tensors, if the tensors
 * differ.
 */
export class PassOptions {
  readonly #engine: Engine;
  readonly #record: Allocation;
  readonly #table: Allocation | undefined;
  readonly #tensors: readonly TensorInfo[];
  /** Whether every tensor moves, and whether l2 is the same for all. */
  readonly #allMove: boolean;
  readonly #sameL2: boolean;
  /** Whether there are factors of a step. */
  #factored = false;
  /** The record and the table, as the memory has them; taken anew after it has grown. */
  #recordView: DataView | undefined;
  #tableView: Float64Array | undefined;

  /** @param tensors undefined where all are treated alike */
  constructor(engine: Engine, owner: object, tensors: readonly TensorInfo[] | undefined) {
    this.#engine = engine;
    this.#tensors = tensors ?? [];
    this.#allMove = this.#tensors.every(({ rate }) => rate !== 0);
    this.#sameL2 = this.#tensors.every(({ l2 }) => l2 === 1);
    this.#record = engine.allocate(owner, STEP_BYTES);
    if (tensors === undefined) return;
    try {
      this.#table = engine.allocate(owner, (TENSOR_BYTES + 8) * tensors.length);
    } catch (error) {
      this.#record.dispose();
      throw error;
    }
    const { memory } = engine;
    const view = new DataView(memory.buffer as ArrayBuffer, this.#table.pointer, this.#table.bytes);
    tensors.forEach(({ length, l2, shrink, rate, matrix }, k) => {
      const at = TENSOR_BYTES * k;
      const fields = matrix ?? { rows: 0, columns: length, matrices: 1, rowSlots: length, columnSlots: 0 };
      view.setInt32(at, length, true);
      view.setFloat64(at + 24, shrink, true);
      view.setFloat64(at + 32, rate, true);
      view.setInt32(at + 40, fields.rows, true);
      view.setInt32(at + 44, fields.columns, true);
      view.setInt32(at + 48, fields.matrices, true);
      view.setInt32(at + 52, fields.rowSlots, true);
      view.setInt32(at + 56, fields.columnSlots, true);
      view.setFloat64(TENSOR_BYTES * tensors.length + 8 * k, l2, true);
    });
    this.clearFactors();
  }

  /** The address of the table of tensors; 0 if there is none. */
  get table(): number {
    return this.#table?.pointer ?? 0;
  }

  /** The address of what l2 is multiplied by of every tensor, once and for all, f64 each: behind the table. */
  get penalties(): number {
    return this.table + TENSOR_BYTES * this.#tensors.length;
  }

  /** Whether all tensors move, with one factor on the gradient and one on l2. */
  gradientsAlike(l2: number): boolean {
    return this.#allMove && !this.#factored && (l2 === 0 || this.#sameL2);
  }

  /** What is special about a tensor, once and for all. */
  lasting(tensor: number): TensorInfo {
    return this.#tensors[tensor]!;
  }

  /** Where the frozen tensors lie in a vector, in elements. */
  get frozen(): readonly Run[] {
    let end = 0;
    return this.#tensors.flatMap(({ length, rate }) => {
      end += length;
      return rate === 0 ? [{ offset: end - length, length }] : [];
    });
  }

  /** A factor of a step on each tensor's gradient. */
  setFactors(factorOf: (tensor: number) => number): void {
    const table = this.#factors;
    this.#factored = true;
    for (let k = 0; k < this.#tensors.length; k++) table[FIELDS * k + GRADIENT_SCALE] = factorOf(k);
  }

  /** All tensors' gradients and l2 as they are. */
  clearFactors(): void {
    const table = this.#factors;
    this.#factored = false;
    for (let k = 0; k < this.#tensors.length; k++) {
      table[FIELDS * k + GRADIENT_SCALE] = 1;
      table[FIELDS * k + L2] = this.#tensors[k]!.l2;
    }
  }

  /** Writes the record, with the table from tensor `first` on; its address, or 0 where the bare pass does the same. */
  write(
    { gradientScale, clipValue, l2, shrink, averageWeight, averages, clear, box }: PassSettings,
    first = 0,
  ): number {
    const plain = gradientScale === 1 && clipValue === Number.POSITIVE_INFINITY && l2 === 0 && shrink === 0;
    if (plain && box === Number.POSITIVE_INFINITY && averages === 0 && !clear && this.#table === undefined) return 0;
    const view = this.#settings;
    view.setFloat64(0, gradientScale, true);
    view.setFloat64(8, clipValue, true);
    view.setFloat64(16, l2, true);
    view.setFloat64(24, shrink, true);
    view.setFloat64(32, averageWeight, true);
    view.setUint32(40, averages, true);
    view.setInt32(44, Number(clear), true);
    view.setUint32(48, this.table + TENSOR_BYTES * first, true);
    view.setFloat64(56, box, true);
    return this.#record.pointer;
  }

  dispose(): void {
    this.#record.dispose();
    this.#table?.dispose();
  }

  get #settings(): DataView {
    const { buffer } = this.#engine.memory;
    if (this.#recordView?.buffer !== buffer) {
      this.#recordView = new DataView(buffer as ArrayBuffer, this.#record.pointer, this.#record.bytes);
    }
    return this.#recordView;
  }

  get #factors(): Float64Array {
    const { buffer } = this.#engine.memory;
    if (this.#tableView?.buffer !== buffer) {
      const { pointer, bytes } = this.#table!;
      this.#tableView = new Float64Array(buffer as ArrayBuffer, pointer, bytes / Float64Array.BYTES_PER_ELEMENT);
    }
    return this.#tableView;
  }
}
