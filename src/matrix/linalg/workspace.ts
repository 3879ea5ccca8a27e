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

/** The second of two arrays must have the element type of the first. */
export function checkSameType(where: string, name: string, value: unknown, like: string, dtype: Dtype): void {
  if (checkFloats(where, name, value) === dtype) return;
  throw new TypeError(`${where}: ${name} must have the element type of ${like}, ${dtype}, got ${given(value)}`);
}

/** How many rows of `columns` elements an array has. */
export function checkRows(where: string, name: string, value: FloatArray, columns: number, what: string): number {
  if (columns === 0 ? value.length === 0 : value.length % columns === 0) return columns && value.length / columns;
  throw new RangeError(`${where}: ${name} must have a multiple of ${columns} elements, ${what}, got ${value.length}`);
}

export function checkLength(where: string, name: string, value: FloatArray, length: number, what: string): void {
  if (value.length === length) return;
  throw new RangeError(`${where}: ${name} must have ${length} elements, ${what}, got ${value.length}`);
}

/** An array that a call works on: how many elements of room, or what it holds at first. */
export type Operand = number | FloatArray;

/**
 * The kernels of the family, and memory for the time of one call: arrays side by side and scratch behind them. Arrays that
 * lie in the engine's memory already are worked on where they are.
 */
export class Workspace<D extends Dtype> {
  readonly kernels: MatrixKernels;
  readonly scratch: number;
  readonly #engine: Engine;
  readonly #dtype: D;
  readonly #block: Allocation;
  readonly #pointers: readonly number[] = [];

  /**
   * @param operands the arrays
   * @param scratch how many bytes the kernels ask for
   */
  constructor(
    where: string,
    dtype: D,
    { engine = defaultEngine() }: LinalgOptions,
    operands: readonly Operand[],
    scratch: (kernels: MatrixKernels, suffix: "f32" | "f64") => number,
  ) {
    if (!(engine instanceof Engine)) {
      throw new TypeError(`${where}: engine must come from load(), got ${given(engine)}`);
    }
    const { bytes, suffix } = dtypes[dtype];
    this.#engine = engine;
    this.#dtype = dtype;
    this.kernels = engine.family(matrix);
    const { buffer } = engine.memory;
    // The memory may grow, and arrays over it are detached then: where they lie is noted before.
    const places = operands.map((operand) => {
      if (typeof operand === "number") return { size: whole(operand * bytes) };
      if (operand.buffer === buffer) return { size: 0, pointer: operand.byteOffset };
      return { size: whole(operand.length * bytes), content: operand };
    });
    const arrays = places.reduce((sum, { size }) => sum + size, 0);
    this.#block = engine.allocate(this, arrays + scratch(this.kernels, suffix));
    let next = this.#block.pointer;
    this.#pointers = places.map(({ size, pointer = (next += size) - size }) => pointer);
    this.scratch = next;
    places.forEach(({ content }, k) => {
      if (content !== undefined) this.view(k, content.length).set(content);
    });
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

  /**
   * Array k, or its beginning, as a result: in `out` if that is given, else in an array of its own. An `out` in the engine's
   * memory was written to there; if the memory has grown since, what is returned is a new view of the same place.
   */
  result(k: number, length: number, out: FloatArray | undefined): ArrayOf<D> {
    if (out === undefined) return this.read(k, length);
    const view = this.view(k, length) as ArrayOf<D>;
    if (out.length < length) return view;
    if (out.byteOffset !== this.pointer(k) || out.buffer !== this.#engine.memory.buffer) out.set(view);
    return out as ArrayOf<D>;
  }

  dispose(): void {
    this.#block.dispose();
  }
}
