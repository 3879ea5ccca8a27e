import { given } from "../../check.js";
import { type MatrixKernels, matrix } from "../../engine/families/matrix.js";
import { type ArrayOf, type Dtype, dtypeOf, dtypes, type FloatArray } from "../../memory/dtype.js";
import { type Allocation, defaultEngine, Engine } from "../../memory/engine.js";

/** What all functions of linear algebra take. */
export interface LinalgOptions {
  /** Where to work. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

const LINE = 64;

const whole = (bytes: number) => Math.ceil(bytes / LINE) * LINE;

/** The element type of an argument that must be an array of floats. */
export function checkFloats(where: string, name: string, value: unknown): Dtype {
  const dtype = dtypeOf(value);
  if (dtype !== undefined) return dtype;
  throw new TypeError(`${where}: ${name} must be a Float32Array or a Float64Array, got ${given(value)}`);
}

/** The size of a square matrix, from how many elements it has. */
export function checkSquare(where: string, name: string, value: FloatArray): number {
  const n = Math.round(Math.sqrt(value.length));
  if (n * n === value.length) return n;
  throw new RangeError(`${where}: ${name} must be square, n * n elements, got ${value.length}`);
}

/** The kernels of the family, and memory for the time of one call: arrays side by side and scratch behind them. */
export class Workspace<D extends Dtype> {
  readonly kernels: MatrixKernels;
  readonly scratch: number;
  readonly #engine: Engine;
  readonly #dtype: D;
  readonly #block: Allocation;
  readonly #pointers: readonly number[] = [];

  /**
   * @param lengths of the arrays
   * @param scratch how many bytes the kernels ask for
   */
  constructor(
    where: string,
    dtype: D,
    { engine = defaultEngine() }: LinalgOptions,
    lengths: readonly number[],
    scratch: (kernels: MatrixKernels, suffix: "f32" | "f64") => number,
  ) {
    if (!(engine instanceof Engine)) {
      throw new TypeError(`${where}: engine must come from load(), got ${given(engine)}`);
    }
    const { bytes, suffix } = dtypes[dtype];
    this.#engine = engine;
    this.#dtype = dtype;
    this.kernels = engine.family(matrix);
    const sizes = lengths.map((length) => whole(length * bytes));
    const arrays = sizes.reduce((sum, size) => sum + size, 0);
    this.#block = engine.allocate(this, arrays + scratch(this.kernels, suffix));
    let pointer = this.#block.pointer;
    this.#pointers = sizes.map((size) => (pointer += size) - size);
    this.scratch = pointer;
  }

  /** Where array k lies. */
  pointer(k: number): number {
    return this.#pointers[k]!;
  }

  /** Array k, or its beginning. Live. */
  view(k: number, length: number): FloatArray {
    return this.#engine.view(this.#dtype, this.pointer(k), length);
  }

  /** A copy of array k, or of its beginning. */
  read(k: number, length: number): ArrayOf<D> {
    return this.view(k, length).slice() as ArrayOf<D>;
  }

  dispose(): void {
    this.#block.dispose();
  }
}
