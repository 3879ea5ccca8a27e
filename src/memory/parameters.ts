/// <reference lib="esnext.disposable" preserve="true" />

import { checkNames, checkOneOf, given } from "../check.js";
import { INSPECT, type Inspect } from "../inspect.js";
import type { ArrayOf, Dtype } from "./dtype.js";
import { type Allocation, defaultEngine, Engine } from "./engine.js";
import { Layout, type Shape } from "./layout.js";

export interface ParametersOptions<D extends Dtype = Dtype> {
  /** `"float32"` (default) or `"float64"`. */
  readonly dtype?: D;
  /** Where they live. Default: `defaultEngine()`. */
  readonly engine?: Engine;
}

/**
 * Named tensors of one dtype in linear memory, each with its gradient. Reading `values[name]` or `gradients[name]`
 * gives a typed array over that memory: write into it, no copy is made. Read it anew rather than keep it: an array
 * that was kept is empty once the memory has grown. The arrays keep the set alive; a `subarray` of one does not.
 */
export class ParameterSet<Name extends string = string, D extends Dtype = Dtype> {
  readonly engine: Engine;
  readonly dtype: D;
  readonly shapes: Readonly<Record<Name, readonly number[]>>;
  /** @internal */
  readonly layout: Layout;
  readonly #slabs: { readonly values: Allocation; readonly gradients: Allocation };
  readonly #values: Readonly<Record<Name, ArrayOf<D>>>;
  readonly #gradients: Readonly<Record<Name, ArrayOf<D>>>;
  #disposed = false;

  /** @param slabs memory of somebody else's for a single tensor, without padding. Default: memory of its own */
  constructor(
    shapes: Readonly<Record<Name, Shape>>,
    { dtype = "float32" as D, engine = defaultEngine() }: ParametersOptions<D>,
    slabs?: { readonly values: Allocation; readonly gradients: Allocation },
  ) {
    const where = "parameters";
    if (typeof shapes !== "object" || shapes === null) {
      throw new TypeError(`${where}: shapes must be a record of names and shapes, got ${given(shapes)}`);
    }
    checkOneOf(where, "dtype", dtype, ["float32", "float64"]);
    if (!(engine instanceof Engine))
      throw new TypeError(`${where}: engine must come from load(), got ${given(engine)}`);
    this.engine = engine;
    this.dtype = dtype;
    this.layout = new Layout(where, shapes, dtype, slabs === undefined);
    const entries = Object.entries<Shape>(shapes);
    this.shapes = Object.fromEntries(
      entries.map(([name, shape]) => [name, Object.freeze(typeof shape === "number" ? [shape] : [...shape])]),
    ) as Record<Name, readonly number[]>;
    this.#slabs = slabs ?? this.#allocate();
    this.#values = this.layout.liveViews(engine, this.#slabs.values, this) as Record<Name, ArrayOf<D>>;
    this.#gradients = this.layout.liveViews(engine, this.#slabs.gradients, this) as Record<Name, ArrayOf<D>>;
  }

  /** The parameters by name; zeros at first. */
  get values(): Readonly<Record<Name, ArrayOf<D>>> {
    this.#live();
    return this.#values;
  }

  /** The gradients by name; zeros at first. */
  get gradients(): Readonly<Record<Name, ArrayOf<D>>> {
    this.#live();
    return this.#gradients;
  }

  /** Where the values begin in the engine's memory, in bytes. */
  get valuesPointer(): number {
    this.#live();
    return this.#slabs.values.pointer;
  }

  /** Where the gradients begin. */
  get gradientsPointer(): number {
    this.#live();
    return this.#slabs.gradients.pointer;
  }

  /** Whether `dispose()` has been called. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Frees the memory. Arrays that were read before must not be used any more. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#slabs.values.dispose();
    this.#slabs.gradients.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  [INSPECT](_depth: number, style: object, inspect: Inspect): string {
    return `ParameterSet ${inspect({ dtype: this.dtype, shapes: this.shapes }, style)}`;
  }

  #allocate(): { values: Allocation; gradients: Allocation } {
    const values = this.layout.allocate(this.engine, this);
    try {
      return { values, gradients: this.layout.allocate(this.engine, this) };
    } catch (error) {
      values.dispose();
      throw error;
    }
  }

  #live(): void {
    if (this.#disposed) throw new Error("parameters: used after dispose()");
  }
}

/**
 * Parameters and their gradients, zeroed, in memory that the kernels work on without a copy.
 *
 * @param shapes the sizes of each tensor by name; a number stands for a vector
 * @param options.dtype `"float32"` (default) or `"float64"`
 * @param options.engine default: `defaultEngine()`
 * @returns a set with `.values[name]`, `.gradients[name]` (typed arrays, tensors in row-major order), `.shapes`,
 *   `.dispose()`
 * @throws TypeError for shapes that are none, RangeError for negative or fractional sizes, an unknown dtype, or memory
 *   that can't be had
 *
 * @example
 * const model = parameters({ weights: [784, 10], bias: 10 });
 * model.values.weights.fill(0.01);
 * model.gradients.bias[0] = 1;
 */
export function parameters<Name extends string, D extends Dtype = "float32">(
  shapes: Readonly<Record<Name, Shape>>,
  options: ParametersOptions<D> = {},
): ParameterSet<Name, D> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`parameters: options must be an object, got ${given(options)}`);
  }
  checkNames("parameters", "option", options, ["dtype", "engine"]);
  return new ParameterSet(shapes, options);
}
