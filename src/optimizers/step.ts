import type { KernelFamily } from "../engine/families/family.js";
import { type Dtype, dtypes } from "../memory/dtype.js";
import type { ParameterSet } from "../memory/parameters.js";
import type { ResolvedCommon } from "./common-options.js";
import type { Memory } from "./memory.js";
import { norm } from "./norm.js";
import type { PassOptions, PassSettings } from "./pass-options.js";
import type { Resolved } from "./resolved.js";
import type { Results } from "./results.js";
import type { Run } from "./run.js";
import type { SlotStore } from "./slot-store.js";
import type { Measured, TensorNorms } from "./tensor-norms.js";
import type { Vector } from "./vector.js";

export type Kernel = (...args: number[]) => number;

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

/** What the passes of a step take. */
interface Settings extends PassSettings {
  gradientScale: number;
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
  readonly #kernels = new Map<string, Kernel>();
  #settings: Settings | undefined;

  constructor(parts: StepParts<Options>) {
    this.parts = parts;
  }

  /** Begins step t. */
  begin(t: number, learningRate: number, settings: PassSettings): void {
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
    return this.kernel(name)(...args);
  }

  /** Such a kernel. Looked up once: the search and its name in full would take longer than a small step. */
  kernel(name: string): Kernel {
    const known = this.#kernels.get(name);
    if (known !== undefined) return known;
    const { set, slots } = this.parts;
    const core = set.engine.kernels as unknown as Record<string, Kernel>;
    const families = slots.storage === undefined ? this.parts.families : [slots.storage.family];
    const typedName = `${name}_${dtypes[set.dtype].suffix}`;
    const tables = families.map((family) => () => set.engine.family(family) as Record<string, Kernel | undefined>);
    const table = tables.find((open) => open()[typedName] !== undefined)?.() ?? core;
    const kernel = table[typedName]!;
    this.#kernels.set(name, kernel);
    return kernel;
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
    const gradients = this.pointer("gradients");
    const parameters = this.pointer("parameters");
    const { l2 } = this.#settings!;
    const { pass, norms } = this.parts;
    if (!pass.gradientsAlike(l2)) {
      this.#preparedSquares();
      let sum = 0;
      for (const [k, square] of norms.view("gradients").entries()) if (pass.lasting(k).rate !== 0) sum += square;
      return sum;
    }
    const sum = this.gradientScale ** 2 * this.call("squaredNorm", this.length, gradients);
    if (l2 === 0) return sum;
    const both = this.gradientScale * this.call("dot", this.length, parameters, gradients);
    // Where gradient and penalty cancel, rounding may leave less than nothing.
    return Math.max(sum + l2 * (2 * both + l2 * this.call("squaredNorm", this.length, parameters)), 0);
  }

  /** The norm of every tensor of the parameters or the raw gradients, in the order of the tensors. */
  tensorNorms(kind: Measured): Float64Array {
    return this.parts.norms.of(kind, this.pointer(kind), this.table);
  }

  /** Where the squares of those norms are, f64 each. */
  tensorSquares(kind: Measured): number {
    return this.parts.norms.squares(kind, this.pointer(kind), this.table);
  }

  /** Where those of the gradients with their penalty are, as they are without factors of a step. */
  penalizedTensorSquares(): number {
    this.parts.pass.clearFactors();
    return this.#preparedSquares();
  }

  /** The coefficient of the parameters in the gradients, and where the tensors' factors on it are, once and for all. */
  get penalty(): { readonly l2: number; readonly factors: number } {
    return { l2: this.#settings!.l2, factors: this.parts.pass.penalties };
  }

  /** No such treatment of tensors any longer. */
  clearTensorFactors(): void {
    if (this.table !== 0) this.parts.pass.clearFactors();
  }

  /** The distance from one tensor's element to the next, in a slot of one a tensor. */
  stride(slot: string): number {
    return this.parts.slots.layout(slot).length / this.tensors;
  }

  /**
   * The one pass over parameters, gradients and slots, by a kernel of assembly/update: it takes the shared arguments, the
   * slots, the scalars, and returns how many gradients were not finite.
   */
  update(name: string, scalars: readonly number[], parts: PassParts = {}): void {
    const { slots: store } = this.parts;
    const { slots = store.names, along = "gradients", settings } = parts;
    const kernel = this.kernel(store.storage === undefined ? name : `${name}${store.storage.suffix}`);
    const options = this.passOptions(settings);
    const call = (first: number, length: number) => {
      const skipped = first * this.elementBytes;
      // One array, filled by hand: by spreads and a map a step of ten parameters took 1.4 times as long.
      const all = [length, this.pointer("parameters") + skipped, this.pointer(along) + skipped, options];
      for (const slot of slots) for (const pointer of store.pointers(slot)) all.push(pointer + skipped);
      for (const scalar of scalars) all.push(scalar);
      if (store.storage !== undefined) all.push(seedOf(this.t));
      return kernel(...all);
    };
    let count = 0;
    if (this.runs === undefined) count = call(0, this.length);
    else for (const { offset, length } of this.runs) count += call(offset, length);
    if (along === "gradients") this.nonFiniteCount += count;
  }

  /** The address of what the pass does besides its rule, for the kernels that take it; of tensors from the `first` on. */
  passOptions(settings?: Partial<PassSettings>, first?: number): number {
    const all = this.#settings!;
    all.gradientScale = this.gradientScale;
    return this.parts.pass.write(settings === undefined ? all : { ...all, ...settings }, first);
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

  #preparedSquares(): number {
    const place = this.parts.norms.place("gradients");
    const [parameters, gradients] = [this.pointer("parameters"), this.pointer("gradients")];
    this.call("preparedSquaredNorms", this.length, parameters, gradients, this.passOptions(), place);
    return place;
  }
}

/** Where the chances of step t begin, by which compressed state is rounded: a multiple of 4 below 2^30. */
const seedOf = (t: number) => Math.imul(t, 0x85ebca77) & 0x3ffffffc;
