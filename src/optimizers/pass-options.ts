import type { Allocation, Engine } from "../memory/engine.js";

/** Sizes and places in assembly/update/options.ts. */
const STEP_BYTES = 64;
const TENSOR_BYTES = 64;

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

/** What a step makes of a tensor: factors, 1 where nothing is said. */
export interface TensorFactors {
  readonly gradientScale?: number;
  readonly l2?: number;
  readonly rate?: number;
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

  /** @param tensors undefined where all are treated alike */
  constructor(engine: Engine, owner: object, tensors: readonly TensorInfo[] | undefined) {
    this.#engine = engine;
    this.#tensors = tensors ?? [];
    this.#record = engine.allocate(owner, STEP_BYTES);
    if (tensors === undefined) return;
    try {
      this.#table = engine.allocate(owner, TENSOR_BYTES * tensors.length);
    } catch (error) {
      this.#record.dispose();
      throw error;
    }
    const view = this.#view(this.#table);
    tensors.forEach(({ length, matrix }, k) => {
      const at = TENSOR_BYTES * k;
      const fields = matrix ?? { rows: 0, columns: length, matrices: 1, rowSlots: length, columnSlots: 0 };
      view.setInt32(at, length, true);
      view.setInt32(at + 40, fields.rows, true);
      view.setInt32(at + 44, fields.columns, true);
      view.setInt32(at + 48, fields.matrices, true);
      view.setInt32(at + 52, fields.rowSlots, true);
      view.setInt32(at + 56, fields.columnSlots, true);
    });
    this.setFactors(() => ({}));
  }

  /** The address of the table of tensors; 0 if there is none. */
  get table(): number {
    return this.#table?.pointer ?? 0;
  }

  /** What is special about a tensor, once and for all. */
  lasting(tensor: number): TensorInfo {
    return this.#tensors[tensor]!;
  }

  /** How many elements each tensor has and what factors it is treated with; all n as one where they are alike. */
  tensors(n: number): readonly (Required<TensorFactors> & { readonly length: number })[] {
    if (this.#table === undefined) return [{ length: n, gradientScale: 1, l2: 1, rate: 1 }];
    const view = this.#view(this.#table);
    return this.#tensors.map(({ length }, k) => {
      const [gradientScale, l2, rate] = [8, 16, 32].map((byte) => view.getFloat64(TENSOR_BYTES * k + byte, true));
      return { length, gradientScale: gradientScale!, l2: l2!, rate: rate! };
    });
  }

  /** Factors of a step on each tensor's gradient, and on its step beside the lasting ones. Default 1. */
  setFactors(factorsOf: (tensor: number) => TensorFactors): void {
    const view = this.#view(this.#table!);
    this.#tensors.forEach(({ l2, shrink, rate }, k) => {
      const factors = factorsOf(k);
      const at = TENSOR_BYTES * k;
      view.setFloat64(at + 8, factors.gradientScale ?? 1, true);
      view.setFloat64(at + 16, l2 * (factors.l2 ?? 1), true);
      view.setFloat64(at + 24, shrink, true);
      view.setFloat64(at + 32, rate * (factors.rate ?? 1), true);
    });
  }

  /** Writes the record, with the table from tensor `first` on; its address, or 0 where the bare pass does the same. */
  write(
    { gradientScale, clipValue, l2, shrink, averageWeight, averages, clear, box }: PassSettings,
    first = 0,
  ): number {
    const plain = gradientScale === 1 && clipValue === Number.POSITIVE_INFINITY && l2 === 0 && shrink === 0;
    if (plain && box === Number.POSITIVE_INFINITY && averages === 0 && !clear && this.#table === undefined) return 0;
    const view = this.#view(this.#record);
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

  #view({ pointer, bytes }: Allocation): DataView {
    return new DataView(this.#engine.memory.buffer as ArrayBuffer, pointer, bytes);
  }
}
