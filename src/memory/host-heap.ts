import { given } from "../check.js";
import type { GrowableMemory } from "./heap.js";

/** The allocator of a memory's owner, as `_malloc` and `_free` of Emscripten's modules. */
export interface Allocator {
  /** The address of so many bytes; 0 if there are none to be had. */
  allocate(bytes: number): number;
  release(address: number): void;
}

/** Blocks start and end on cache lines. */
const LINE = 64;

/** Blocks that are asked of the memory's owner, zeroed and aligned. */
export class HostHeap {
  readonly #memory: GrowableMemory;
  readonly #allocator: Allocator;
  /** What the owner gave, by the address that was handed out. */
  readonly #used = new Map<number, { readonly address: number; readonly bytes: number }>();
  #bytesInUse = 0;

  constructor(memory: GrowableMemory, allocator: Allocator) {
    if (typeof allocator?.allocate !== "function" || typeof allocator?.release !== "function") {
      throw new TypeError(`load: allocator must have allocate() and release(), got ${given(allocator)}`);
    }
    this.#memory = memory;
    this.#allocator = allocator;
  }

  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** @throws RangeError if the owner has no more */
  allocate(bytes: number): number {
    const offset = this.reserve(bytes);
    new Uint8Array(this.#memory.buffer, offset, this.#used.get(offset)!.bytes).fill(0);
    return offset;
  }

  /** As `allocate`, with whatever the bytes hold: for what is written at once. */
  reserve(bytes: number): number {
    const size = Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
    // Addresses above 2 GiB come out of a function of i32 as negative numbers.
    const address = this.#allocator.allocate(size + LINE) >>> 0;
    if (address === 0) {
      throw new RangeError(`out of memory: the allocator has no ${size} bytes, ${this.#bytesInUse} are in use`);
    }
    const offset = Math.ceil(address / LINE) * LINE;
    this.#used.set(offset, { address, bytes: size });
    this.#bytesInUse += size;
    return offset;
  }

  /** @throws RangeError for an offset that is not allocated */
  release(offset: number): void {
    const block = this.#used.get(offset);
    if (block === undefined) throw new RangeError(`heap: nothing is allocated at ${offset}`);
    this.#used.delete(offset);
    this.#bytesInUse -= block.bytes;
    this.#allocator.release(block.address);
  }
}
