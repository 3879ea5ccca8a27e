import type { KernelFamily } from "../engine/families/family.js";
import { dtypes } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { Memory } from "./memory.js";
import type { PassOptions, PassSettings, TensorFactors } from "./pass-options.js";
import type { Resolved } from "./resolved.js";
import type { Slots } from "./slots.js";
import type { TensorNorms } from "./tensor-norms.js";
import type { Vector } from "./vector.js";

type Kernel = (...args: number[]) => number;

/** What stays the same from step to step. */
interface Parts<Options extends object> {
  readonly families: readonly KernelFamily<object>[];
  readonly set: ParameterSet;
  readonly slots: Slots;
  readonly options: Resolved<Options>;
  readonly memory: Memory;
  readonly pass: PassOptions;
  readonly norms: TensorNorms;
  readonly names: readonly string[];
  /** The norm of the raw gradients of all groups. */
  readonly rawNorm: () => number;
  readonly keepParameters: () => void;
  readonly restoreParameters: () => void;
}

/** One step of one group, as its rule sees it. */
export class Step<Options extends object = object> {
  /** 1, 2, ... */
  t = 0;
  learningRate = 0;
  /** Factor on the raw gradient: clipping, unscaling, -1 to maximise. */
  gradientScale = 1;
  nonFiniteCount = 0;
  readonly #parts: Parts<Options>;
  #settings: Omit<PassSettings, "gradientScale"> | undefined;

  constructor(parts: Parts<Options>) {
    this.#parts = parts;
  }

  /** Begins step t. */
  begin(t: number, learningRate: number, settings: Omit<PassSettings, "gradientScale">): void {
    this.t = t;
    this.learningRate = learningRate;
    this.nonFiniteCount = 0;
    this.#settings = settings;
  }

  get options(): Resolved<Options> {
    return this.#parts.options;
  }

  /** The numbers that the rule remembers from step to step. */
  get memory(): Memory {
    return this.#parts.memory;
  }

  /** Elements of a vector, with the padding between the tensors. */
  get length(): number {
    return this.#parts.set.layout.length;
  }

  /** How many tensors there are. */
  get tensors(): number {
    return this.#parts.names.length;
  }

  /** Where the table of the tensors begins, for the kernels that go through it. */
  get table(): number {
    return this.#parts.pass.table;
  }

  /** Calls a kernel of the rule's families, or of `core`, for the parameters' element type, as it is. */
  call(name: string, ...args: number[]): number {
    const { families, set } = this.#parts;
    const typedName = `${name}_${dtypes[set.dtype].suffix}`;
    for (const family of families) {
      const kernel = (set.engine.family(family) as Record<string, Kernel | undefined>)[typedName];
      if (kernel !== undefined) return kernel(...args);
    }
    return (set.engine.kernels as unknown as Record<string, Kernel>)[typedName]!(...args);
  }

  pointer(vector: Vector): number {
    const { set, slots } = this.#parts;
    if (vector === "parameters") return set.valuesPointer;
    return vector === "gradients" ? set.gradientsPointer : slots.pointer(vector.slot);
  }

  /** y <- alpha x + y */
  axpy(alpha: number, x: Vector, y: Vector): void {
    this.call("axpy", this.length, alpha, this.pointer(x), this.pointer(y));
  }

  /** y <- x */
  copy(x: Vector, y: Vector): void {
    this.call("copy", this.length, this.pointer(x), this.pointer(y));
  }

  /** x.y */
  dot(x: Vector, y: Vector): number {
    return this.call("dot", this.length, this.pointer(x), this.pointer(y));
  }

  /** The norm of the gradient that the step takes, over the tensors of all groups, weight decay left out. */
  gradientNorm(): number {
    return this.#parts.rawNorm() * Math.abs(this.gradientScale);
  }

  /** The norm of every tensor of a vector, in the order of the tensors. */
  tensorNorms(vector: Vector): Float64Array {
    return this.#parts.norms.of(vector, this.pointer(vector), this.table);
  }

  /**
   * The norm of every tensor's gradient as the rule gets it, scaled and clipped, with l2 or without, by a kernel of
   * `update-more`. Sets the tensors' factors back to 1.
   */
  preparedGradientNorms({ l2 }: { l2: boolean }): Float64Array {
    this.setTensorFactors(() => ({ l2: Number(l2) }));
    const [parameters, gradients] = [this.pointer("parameters"), this.pointer("gradients")];
    return this.#parts.norms.measured("prepared gradients", (norms) => {
      this.call("preparedSquaredNorms", this.length, parameters, gradients, this.passOptions(), norms);
    });
  }

  /** The coefficient of the parameters in a tensor's gradient. */
  l2Of(tensor: number): number {
    return this.#settings!.l2 * this.#parts.pass.lasting(tensor).l2;
  }

  /** Treats every tensor in a way of its own, in this and the coming steps. */
  setTensorFactors(factorsOf: (tensor: number) => TensorFactors): void {
    this.#parts.pass.setFactors(factorsOf);
  }

  /** A slot's element for every tensor, where its shape is one element. */
  slotOfTensor(slot: string, tensor: number): Float32Array | Float64Array {
    return this.#parts.slots.view(slot, this.#parts.names[tensor]!);
  }

  /**
   * The one pass over parameters, gradients and slots, by a kernel of assembly/update: it takes the shared arguments, the
   * slots, the scalars, and returns how many gradients were not finite.
   */
  update(name: string, scalars: readonly number[]): void {
    const { set, slots } = this.#parts;
    const { valuesPointer, gradientsPointer } = set;
    const options = this.passOptions();
    this.nonFiniteCount += this.call(
      name,
      this.length,
      valuesPointer,
      gradientsPointer,
      options,
      ...slots.pointers,
      ...scalars,
    );
  }

  /** The address of what the pass does besides its rule, for the kernels that take it. */
  passOptions(): number {
    return this.#parts.pass.write({ ...this.#settings!, gradientScale: this.gradientScale });
  }

  /** Bytes of an element of the parameters. */
  get elementBytes(): number {
    return dtypes[this.#parts.set.dtype].bytes;
  }

  /** Remembers the parameters until the step ends. */
  keepParameters(): void {
    this.#parts.keepParameters();
  }

  /** Goes back to those that were kept. */
  restoreParameters(): void {
    this.#parts.restoreParameters();
  }
}
