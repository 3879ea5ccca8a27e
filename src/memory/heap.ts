/** What the heap grows: a `WebAssembly.Memory`, or its stand-in where there is no WebAssembly. */
export interface GrowableMemory {
  readonly buffer: ArrayBufferLike;
  /** Adds pages of 64 KiB and returns how many there were; throws RangeError if it can't. */
  grow(pages: number): number;
}

const PAGE = 65536;

/** Blocks start and end on cache lines. */
const LINE = 64;

interface Block {
  offset: number;
  bytes: number;
  free: boolean;
  /** The neighbours in memory. */
  before: Block | undefined;
  after: Block | undefined;
}

/** Class k holds free blocks of 2^k to 2^(k+1) - 1 lines. */
const sizeClass = (bytes: number) => 31 - Math.clz32(bytes / LINE);

const roundUp = (bytes: number, unit: number) => Math.ceil(bytes / unit) * unit;

/**
 * An allocator over linear memory, with its books on the JavaScript side. Free blocks wait in size classes; a freed
 * block joins its free neighbours at once, so that no two free blocks ever touch. The heap takes only pages that it has
 * added to the memory itself, and so can share a memory with another owner.
 */
export class Heap {
  readonly #memory: GrowableMemory;
  readonly #used = new Map<number, Block>();
  readonly #free: Set<Block>[] = Array.from({ length: 32 }, () => new Set());
  /** The block with the highest address, for a growth that continues it. */
  #last: Block | undefined;
  /** Where memory begins that was never handed out. */
  #highest = 0;
  #bytesInUse = 0;
  #bytesOwned = 0;

  constructor(memory: GrowableMemory) {
    this.#memory = memory;
  }

  /** The bytes of all live allocations, rounded up to cache lines. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /**
   * Zeroed bytes from a cache line on. Views of the memory go stale if it has to grow.
   * @throws RangeError if the memory can't grow enough
   */
  allocate(bytes: number): number {
    // Pages come zeroed, so only what has been handed out before needs clearing.
    const before = this.#highest;
    const offset = this.reserve(bytes);
    const used = Math.min(offset + roundUp(bytes, LINE), before);
    if (offset < used) new Uint8Array(this.#memory.buffer, offset, used - offset).fill(0);
    return offset;
  }

  /** As `allocate`, with whatever the bytes hold: for what is written at once. */
  reserve(bytes: number): number {
    const size = Math.max(LINE, roundUp(bytes, LINE));
    const block = this.#find(size) ?? this.#grow(size);
    this.#unlist(block);
    this.#split(block, size);
    this.#used.set(block.offset, block);
    this.#bytesInUse += size;
    this.#highest = Math.max(this.#highest, block.offset + size);
    return block.offset;
  }

  /** @throws RangeError for an offset that is not allocated */
  release(offset: number): void {
    const block = this.#used.get(offset);
    if (block === undefined) throw new RangeError(`heap: nothing is allocated at ${offset}`);
    this.#used.delete(offset);
    this.#bytesInUse -= block.bytes;
    const { before, after } = block;
    if (after?.free) {
      this.#unlist(after);
      this.#absorb(block, after);
    }
    if (before?.free) {
      this.#unlist(before);
      this.#absorb(before, block);
      this.#list(before);
    } else {
      this.#list(block);
    }
  }

  #find(size: number): Block | undefined {
    // Beyond 32 bits there is no size class, and no such block.
    if (size > 2 ** 32) return undefined;
    const first = sizeClass(size);
    for (const block of this.#free[first]!) if (block.bytes >= size) return block;
    for (let k = first + 1; k < this.#free.length; k++) for (const block of this.#free[k]!) return block;
    return undefined;
  }

  /** More memory: twice what the heap owns if that can be had, else what is needed. Returns a free block. */
  #grow(size: number): Block {
    // A free block at the end of the memory is continued; the line at address 0 is never handed out.
    const end = this.#memory.buffer.byteLength;
    const tail = this.#last?.free && this.#last.offset + this.#last.bytes === end ? this.#last.bytes : 0;
    const needed = roundUp(size - tail + (end === 0 ? LINE : 0), PAGE);
    const start = this.#addPages(Math.max(needed, this.#bytesOwned)) ?? this.#addPages(needed);
    if (start === undefined) {
      throw new RangeError(
        `out of memory: ${size} bytes asked for, ${this.#bytesInUse} in use, the memory has ${this.#memory.buffer.byteLength} bytes and can't grow by ${needed}`,
      );
    }
    const bytes = this.#memory.buffer.byteLength - start;
    this.#bytesOwned += bytes;
    const last = this.#last;
    const adjoins = last !== undefined && last.offset + last.bytes === start;
    if (adjoins && last.free) {
      this.#unlist(last);
      last.bytes += bytes;
      this.#list(last);
      return last;
    }
    const offset = start === 0 ? LINE : start;
    const block: Block = { offset, bytes: start + bytes - offset, free: true, before: undefined, after: undefined };
    if (adjoins) {
      block.before = last;
      last.after = block;
    }
    this.#last = block;
    this.#list(block);
    return block;
  }

  #addPages(bytes: number): number | undefined {
    // The last page below 4 GiB stays unused: in a kernel, the end of an array there would wrap to 0.
    if (this.#memory.buffer.byteLength + bytes > 2 ** 32 - PAGE) return undefined;
    try {
      return this.#memory.grow(bytes / PAGE) * PAGE;
    } catch {
      return undefined;
    }
  }

  #split(block: Block, size: number): void {
    if (block.bytes === size) return;
    const rest: Block = {
      offset: block.offset + size,
      bytes: block.bytes - size,
      free: true,
      before: block,
      after: block.after,
    };
    if (block.after) block.after.before = rest;
    if (this.#last === block) this.#last = rest;
    block.after = rest;
    block.bytes = size;
    this.#list(rest);
  }

  #absorb(block: Block, after: Block): void {
    block.bytes += after.bytes;
    block.after = after.after;
    if (after.after) after.after.before = block;
    if (this.#last === after) this.#last = block;
  }

  #list(block: Block): void {
    block.free = true;
    this.#free[sizeClass(block.bytes)]!.add(block);
  }

  #unlist(block: Block): void {
    block.free = false;
    this.#free[sizeClass(block.bytes)]!.delete(block);
  }
}
