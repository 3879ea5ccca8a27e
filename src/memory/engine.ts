/// <reference lib="esnext.disposable" preserve="true" />

import { checkNumber, checkOptions, given, nonNegative } from "../check.js";
import type { CoreKernels } from "../engine/families/core.js";
import type { KernelFamily } from "../engine/families/family.js";
import { type KernelOptions, prepare, select } from "../engine/select.js";
import type { KernelTables, Variant } from "../engine/tables.js";
import { type Dtype, dtypes, type FloatArray } from "./dtype.js";
import { type GrowableMemory, Heap } from "./heap.js";
import { type Allocator, HostHeap } from "./host-heap.js";

export interface EngineOptions extends KernelOptions {
  /**
   * The memory to work in. The engine adds pages to it and uses only those; the memory's owner must be ready for that.
   * (Emscripten's malloc is not: it takes pages that others have added for its own.) Default: a memory of its own.
   */
  readonly memory?: GrowableMemory;
  /**
   * Where blocks of that memory come from, if its owner hands them out: `{ allocate: wasm._malloc, release: wasm._free }` of an
   * Emscripten module. Then the engine adds no pages. Default: a heap of its own.
   */
  readonly allocator?: Allocator;
}

const DISPOSED = "engine: used after dispose()";

/** 4 GiB, the most that 32-bit addresses reach. */
const MOST_PAGES = 65536;

/** What stands in for a `WebAssembly.Memory` where there is no WebAssembly: growing moves to a larger buffer. */
class PlainMemory implements GrowableMemory {
  buffer = new ArrayBuffer(0);

  grow(pages: number): number {
    const before = this.buffer.byteLength;
    const grown = new Uint8Array(before + pages * 65536);
    grown.set(new Uint8Array(this.buffer));
    // Detaches the old buffer, as WebAssembly does, so that a stale view shows as empty and is never written to.
    structuredClone(this.buffer, { transfer: [this.buffer] });
    this.buffer = grown.buffer;
    return before / 65536;
  }
}

function ownMemory(): GrowableMemory {
  if (typeof WebAssembly !== "object") return new PlainMemory();
  return new WebAssembly.Memory({ initial: 0, maximum: MOST_PAGES });
}

/** Frees what the engine's owners left behind when they were collected. A net only: `dispose()` is the way. */
const net =
  typeof FinalizationRegistry === "function" ? new FinalizationRegistry<() => void>((release) => release()) : undefined;

/**
 * A memory, its heap, and the kernels over it. Everything that lives in one engine can work together; disposing of the
 * engine lets go of all of it.
 */
export class Engine {
  readonly #heap: Heap | HostHeap;
  readonly #variant: Variant;
  readonly #reason: string;
  /** Undefined once disposed, so that the memory can be collected. */
  #memory: GrowableMemory | undefined;
  #tables: KernelTables | undefined;

  constructor(options: EngineOptions = {}) {
    checkOptions("load", options, ["variant", "module", "memory", "allocator"]);
    const { memory, allocator, ...kernelOptions } = options;
    if (memory !== undefined && typeof memory?.grow !== "function") {
      throw new TypeError(`load: memory must be a WebAssembly.Memory, got ${given(memory)}`);
    }
    if (allocator !== undefined && memory === undefined) {
      throw new TypeError("load: allocator needs the memory that its blocks are in");
    }
    this.#memory = memory ?? ownMemory();
    this.#tables = select(this.#memory, kernelOptions);
    this.#variant = this.#tables.variant;
    this.#reason = this.#tables.reason;
    this.#heap = allocator === undefined ? new Heap(this.#memory) : new HostHeap(this.#memory, allocator);
  }

  /** Which kernels run: `relaxed`, `strict` or `reference`. */
  get variant(): Variant {
    return this.#variant;
  }

  /** Why these, in a sentence. */
  get reason(): string {
    return this.#reason;
  }

  /** The bytes that live parameter sets, optimizers and solvers hold, rounded up to cache lines. */
  get bytesInUse(): number {
    return this.#heap.bytesInUse;
  }

  /** The raw kernels over this engine's memory: vectors and update rules. */
  get kernels(): CoreKernels {
    if (this.#tables === undefined) throw new Error(DISPOSED);
    return this.#tables.core;
  }

  /**
   * The kernels of another family, in the same variant. Compiled at the first call, unless they have been prepared.
   * @internal
   * @throws Error if the runtime refuses the family's binary
   */
  family<Table extends object>(family: KernelFamily<Table>): Table {
    if (this.#tables === undefined) throw new Error(DISPOSED);
    return this.#tables.of(family);
  }

  /**
   * Compiles a family without blocking, for {@link family} to give.
   * @internal
   */
  async prepare(family: KernelFamily<object>): Promise<void> {
    await this.#tables?.prepare(family);
  }

  /** The memory itself. Its `buffer` is a new object after every growth. */
  get memory(): GrowableMemory {
    if (this.#memory === undefined) throw new Error(DISPOSED);
    return this.#memory;
  }

  /**
   * A zeroed block of memory that belongs to `owner`: it is freed by `dispose()`, at the latest some time after the owner
   * has been garbage collected.
   * @internal
   * @throws RangeError if the memory can't grow enough
   */
  allocate(owner: object, bytes: number): Allocation {
    return this.#hold(owner, bytes, (heap) => heap.allocate(bytes));
  }

  /**
   * As {@link allocate}, with whatever the memory holds there: for what is written at once.
   * @internal
   */
  reserve(owner: object, bytes: number): Allocation {
    return this.#hold(owner, bytes, (heap) => heap.reserve(bytes));
  }

  #hold(owner: object, bytes: number, take: (heap: Heap | HostHeap) => number): Allocation {
    if (this.#memory === undefined) throw new Error(DISPOSED);
    checkNumber("allocate", "bytes", bytes, nonNegative);
    const pointer = take(this.#heap);
    let held = true;
    const token = {};
    const release = () => {
      if (held) this.#heap.release(pointer);
      held = false;
    };
    net?.register(owner, release, token);
    return {
      pointer,
      bytes,
      dispose: () => {
        net?.unregister(token);
        release();
      },
    };
  }

  /**
   * Memory as an array. The array is detached when the memory grows, so take it anew after every allocation.
   * @internal
   */
  view(dtype: Dtype, pointer: number, length: number): FloatArray {
    return new dtypes[dtype].array(this.memory.buffer as ArrayBuffer, pointer, length);
  }

  /** Whether `dispose()` has been called. */
  get disposed(): boolean {
    return this.#memory === undefined;
  }

  /** Ends the use of the engine. What lives in it throws from then on. Harmless when repeated. */
  dispose(): void {
    this.#memory = undefined;
    this.#tables = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

export interface Allocation {
  readonly pointer: number;
  readonly bytes: number;
  /** Frees the memory. Harmless when repeated. */
  dispose(): void;
}

let shared: Engine | undefined;

/**
 * The engine that everything uses unless told otherwise. Made, and its module compiled, at the first use.
 *
 * @example
 * const { variant, reason } = defaultEngine(); // e.g. "relaxed", "compiled from inlined bytes"
 */
export function defaultEngine(): Engine {
  if (shared === undefined || shared.disposed) shared = new Engine();
  return shared;
}

/**
 * An engine made ahead of its first use, compiled without blocking, or made differently: a forced variant, a module
 * compiled elsewhere, another memory. Pass it as `engine` to what is to live in it; `defaultEngine()` is another one.
 *
 * @param options.variant `relaxed`, `strict` or `reference`; default: the first of them that the runtime takes
 * @param options.module a compiled module, or several by family, where the runtime can't compile the package's own
 * @param options.memory the memory to work in; default: one of its own
 * @param options.allocator who hands out blocks of that memory; default: the engine, from pages that it adds
 * @throws Error if the variant asked for can't be used here, TypeError or RangeError for options that are none
 *
 * @example
 * const engine = await load({ variant: "strict" });
 * const weights = parameters({ layer: [784, 10] }, { engine });
 */
export async function load(options?: EngineOptions): Promise<Engine> {
  await prepare(options);
  return new Engine(options);
}
