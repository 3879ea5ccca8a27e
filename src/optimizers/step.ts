import type { KernelFamily } from "../engine/families/family.js";
import { type Dtype, dtypes } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { ResolvedCommon } from "./common-options.js";
import type { Memory } from "./memory.js";
import { norm } from "./norm.js";
import type { PassOptions, PassSettings, TensorFactors } from "./pass-options.js";
import type { Resolved } from "./resolved.js";
import type { Results } from "./results.js";
import type { SlotStore } from "./slot-store.js";
import type { TensorNorms } from "./tensor-norms.js";
import type { Vector } from "./vector.js";

type Kernel = (...args: number[]) => number;

/** What stays the same from step to step. */
interface StepParts<Options extends object> {
  readonly families: readonly KernelFamily<object>[];
  readonly set: ParameterSet;
  readonly slots: SlotStore;
  readonly options: ResolvedCommon & Resolved<Options>;
  readonly memory: Memory;
  readonly pass: PassOptions;
  readonly norms: TensorNorms;
  readonly results: Results;
  readonly names: readonly string[];
  /** The norm of the raw gradients of all groups. */
  readonly rawNorm: () => number;
  readonly keepParameters: () => void;
  readonly restoreParameters: () => void;
}

/** What a pass takes other than a step usually does. */
interface PassParts {
  /** The slots that the kernel is handed. Default: all. */
  readonly slots?: readonly string[];
  /** What stands in the place of the gradients. */
  readonly along?: Vector;
  readonly settings?: Partial<PassSettings>;
}

/** Elements side by side in the slabs. */
export interface Run {
  readonly offset: number;
  readonly length: number;
}

/** One step of one group, as its rule sees it. */
export class Step<Options extends object = object> {
  /** 1, 2, ... */
  t = 0;
  learningRate = 0;
  /** Factor on the raw gradient: clipping, unscaling, -1 to maximise. */
  gradientScale = 1;
  nonFiniteCount = 0;
  /** The tensors that it left out, for gradients that were not finite. */
  skippedTensors: string[] = [];
  /** For the rules that go through the tensors one by one. */
  readonly parts: StepParts<Options>;
  /** What the passes visit, for rules that do nothing but one. Undefined: everything. */
  runs: readonly Run[] | undefined;
  #settings: Omit<PassSettings, "gradientScale"> | undefined;

  constructor(parts: StepParts<Options>) {
    this.parts = parts;
  }

  /** Begins step t. */
  begin(t: number, learningRate: number, settings: Omit<PassSettings, "gradientScale">): void {
    this.t = t;
    this.learningRate = learningRate;
    this.nonFiniteCount = 0;
    this.skippedTensors = [];
    this.#settings = settings;
  }

  /** The average that the pass of this step brings forward, 0 for none, and the weight of the parameters in it. */
  get average(): { readonly pointer: number; readonly weight: number } {
    const { averages, averageWeight } = this.#settings!;
    return { pointer: averages, weight: averageWeight };
  }

  /** The share of the parameters that the decay beside the step takes away. */
  get shrink(): number {
    return this.#settings!.shrink;
  }

  /** Whether the step leaves gradients of 0 behind. */
  get clears(): boolean {
    return this.#settings!.clear;
  }

  /** What the rule's kernel writes beside its count. */
  get results(): Results {
    return this.parts.results;
  }

  get options(): ResolvedCommon & Resolved<Options> {
    return this.parts.options;
  }

  /** The numbers that the rule remembers from step to step. */
  get memory(): Memory {
    return this.parts.memory;
  }

  /** Elements of a vector, with the padding between the tensors. */
  get length(): number {
    return this.parts.set.layout.length;
  }

  /** How many tensors there are. */
  get tensors(): number {
    return this.parts.names.length;
  }

  /** Where the table of the tensors begins, for the kernels that go through it. */
  get table(): number {
    return this.parts.pass.table;
  }

  /** Calls a kernel of the rule's families, or of `core`, for the parameters' element type, as it is. */
  call(name: string, ...args: number[]): number {
    const { set, slots } = this.parts;
    const families = slots.storage === undefined ? this.parts.families : [slots.storage.family];
    const typedName = `${name}_${dtypes[set.dtype].suffix}`;
    for (const family of families) {
      const kernel = (set.engine.family(family) as Record<string, Kernel | undefined>)[typedName];
      if (kernel !== undefined) return kernel(...args);
    }
    return (set.engine.kernels as unknown as Record<string, Kernel>)[typedName]!(...args);
  }

  pointer(vector: Vector): number {
    const { set, slots } = this.parts;
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

  /** y <- alpha x + beta y */
  axpby(alpha: number, x: Vector, beta: number, y: Vector): void {
    this.call("axpby", this.length, alpha, this.pointer(x), beta, this.pointer(y));
  }

  /** |x| */
  norm(x: Vector): number {
    return norm([{ set: this.parts.set, pointer: this.pointer(x) }]);
  }

  /** x.y */
  dot(x: Vector, y: Vector): number {
    return this.call("dot", this.length, this.pointer(x), this.pointer(y));
  }

  /** The norm of the gradient that the step takes, over the tensors of all groups, weight decay left out. */
  gradientNorm(): number {
    return this.parts.rawNorm() * Math.abs(this.gradientScale);
  }

  /** The squared norm of the gradient that the rule sees, penalty included, over the tensors of the group that move. */
  groupSquaredNorm(): number {
    const { set, pass } = this.parts;
    let { valuesPointer, gradientsPointer } = set;
    let sum = 0;
    for (const tensor of pass.tensors(this.length)) {
      if (tensor.rate !== 0) {
        const scale = this.gradientScale * tensor.gradientScale;
        const l2 = this.#settings!.l2 * tensor.l2;
        const gradients = this.call("squaredNorm", tensor.length, gradientsPointer);
        sum += scale * scale * gradients;
        if (l2 !== 0) {
          const both = this.call("dot", tensor.length, valuesPointer, gradientsPointer);
          sum += l2 * (2 * scale * both + l2 * this.call("squaredNorm", tensor.length, valuesPointer));
        }
      }
      valuesPointer += tensor.length * this.elementBytes;
      gradientsPointer += tensor.length * this.elementBytes;
    }
    // Where gradient and penalty cancel, rounding may leave less than nothing.
    return Math.max(sum, 0);
  }

  /** The norm of every tensor of a vector, in the order of the tensors. */
  tensorNorms(vector: Vector): Float64Array {
    return this.parts.norms.of(this.pointer(vector), this.table);
  }

  /**
   * The norm of every tensor's gradient as the rule gets it, scaled and clipped, with l2 or without, by a kernel of
   * `update-tensors`. Sets the tensors' factors back to 1.
   */
  preparedGradientNorms({ l2 }: { l2: boolean }): Float64Array {
    this.setTensorFactors(() => ({ l2: Number(l2) }));
    const [parameters, gradients] = [this.pointer("parameters"), this.pointer("gradients")];
    return this.parts.norms.measured((norms) => {
      this.call("preparedSquaredNorms", this.length, parameters, gradients, this.passOptions(), norms);
    });
  }

  /** The coefficient of the parameters in a tensor's gradient. */
  l2Of(tensor: number): number {
    return this.#settings!.l2 * this.parts.pass.lasting(tensor).l2;
  }

  /** Treats every tensor in a way of its own, in this and the coming steps. */
  setTensorFactors(factorsOf: (tensor: number) => TensorFactors): void {
    this.parts.pass.setFactors(factorsOf);
  }

  /** A slot's element for every tensor, where its shape is one element. */
  slotOfTensor(slot: string, tensor: number): Float32Array | Float64Array {
    return this.parts.slots.view(slot, this.parts.names[tensor]!);
  }

  /**
   * The one pass over parameters, gradients and slots, by a kernel of assembly/update: it takes the shared arguments, the
   * slots, the scalars, and returns how many gradients were not finite.
   */
  update(name: string, scalars: readonly number[], parts: PassParts = {}): void {
    const { slots: store } = this.parts;
    const { slots = store.names, along = "gradients", settings } = parts;
    const options = this.passOptions(settings);
    const seed = store.storage === undefined ? [] : [seedOf(this.t)];
    for (const { offset, length } of this.runs ?? [{ offset: 0, length: this.length }]) {
      const at = (pointer: number) => pointer + offset * this.elementBytes;
      const count = this.call(
        `${name}${store.storage?.suffix ?? ""}`,
        length,
        at(this.pointer("parameters")),
        at(this.pointer(along)),
        options,
        ...slots.flatMap((slot) => store.pointers(slot).map(at)),
        ...scalars,
        ...seed,
      );
      if (along === "gradients") this.nonFiniteCount += count;
    }
  }

  /** The address of what the pass does besides its rule, for the kernels that take it; of tensors from the `first` on. */
  passOptions(settings?: Partial<PassSettings>, first?: number): number {
    return this.parts.pass.write({ ...this.#settings!, gradientScale: this.gradientScale, ...settings }, first);
  }

  /** The element type of the parameters. */
  get dtype(): Dtype {
    return this.parts.set.dtype;
  }

  /** Bytes of an element of the parameters. */
  get elementBytes(): number {
    return dtypes[this.parts.set.dtype].bytes;
  }

  /** Remembers the parameters until the step ends. */
  keepParameters(): void {
    this.parts.keepParameters();
  }

  /** Goes back to those that were kept. */
  restoreParameters(): void {
    this.parts.restoreParameters();
  }
}

/** Where the chances of step t begin, by which compressed state is rounded: a multiple of 4 below 2^30. */
const seedOf = (t: number) => Math.imul(t, 0x85ebca77) & 0x3ffffffc;
