import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GrowableMemory, Heap } from "../../src/memory/heap.js";

const PAGE = 65536;
const LINE = 64;

/** Pages without a WebAssembly.Memory behind them, of which thousands can be made. */
class Pages implements GrowableMemory {
  buffer = new ArrayBuffer(0);
  readonly #most: number;

  constructor(most = 65536) {
    this.#most = most;
  }

  get count(): number {
    return this.buffer.byteLength / PAGE;
  }

  grow(pages: number): number {
    const before = this.count;
    if (before + pages > this.#most) throw new RangeError("too many pages");
    this.buffer = new ArrayBuffer((before + pages) * PAGE);
    return before;
  }
}

/** [first byte, byte behind the last] */
type Extent = readonly [from: number, to: number];

const overlap = ([a, b]: Extent, [c, d]: Extent) => a < d && c < b;

type Command =
  | { readonly kind: "allocate"; readonly bytes: number }
  | { readonly kind: "release"; readonly which: number }
  | { readonly kind: "foreign"; readonly pages: number };

const allocate = fc
  .oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 200_000 }))
  .map((bytes): Command => ({ kind: "allocate", bytes }));
const release = fc.nat().map((which): Command => ({ kind: "release", which }));
const foreign = fc.integer({ min: 1, max: 3 }).map((pages): Command => ({ kind: "foreign", pages }));

/** The heap beside a list of what it has handed out; every rule is checked after every command. */
class Model {
  readonly memory = new Pages();
  readonly heap = new Heap(this.memory);
  readonly live = new Map<number, number>();
  readonly foreign: Extent[] = [];

  run(command: Command): void {
    if (command.kind === "allocate") this.allocate(command.bytes);
    else if (command.kind === "release") this.release(command.which);
    else this.growForeign(command.pages);
    expect(this.heap.bytesInUse).toBe([...this.live.values()].reduce((sum, bytes) => sum + bytes, 0));
  }

  allocate(asked: number): void {
    const offset = this.heap.allocate(asked);
    const bytes = Math.max(LINE, Math.ceil(asked / LINE) * LINE);
    const extent: Extent = [offset, offset + bytes];
    expect(offset % LINE).toBe(0);
    expect(offset).toBeGreaterThan(0);
    expect(extent[1]).toBeLessThanOrEqual(this.memory.buffer.byteLength);
    for (const [from, size] of this.live) expect(overlap(extent, [from, from + size])).toBe(false);
    for (const other of this.foreign) expect(overlap(extent, other)).toBe(false);
    this.live.set(offset, bytes);
  }

  release(which: number): void {
    const offsets = [...this.live.keys()];
    const offset = offsets[which % offsets.length];
    if (offset === undefined) return;
    this.heap.release(offset);
    this.live.delete(offset);
  }

  /** The memory's other owner takes pages. */
  growForeign(pages: number): void {
    const from = this.memory.grow(pages) * PAGE;
    this.foreign.push([from, from + pages * PAGE]);
  }

  /** The lengths of the heap's own stretches of memory. */
  stretches(): number[] {
    const ends = [...this.foreign, [this.memory.buffer.byteLength, 0] as const];
    let from = LINE;
    const lengths: number[] = [];
    for (const [start, end] of ends) {
      if (start > from) lengths.push(start - from);
      from = end;
    }
    return lengths;
  }

  releaseAll(): void {
    while (this.live.size > 0) this.release(this.live.size >> 1);
    expect(this.heap.bytesInUse).toBe(0);
  }
}

describe("any sequence of allocations and releases", () => {
  test("gives aligned blocks that don't overlap, and joins all that is freed", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(allocate, allocate, release), { maxLength: 120 }), (commands) => {
        const model = new Model();
        for (const command of commands) model.run(command);
        model.releaseAll();
        const { count } = model.memory;
        if (count === 0) return;
        // All of it but the line at address 0, in one block and without growth.
        model.allocate(count * PAGE - LINE);
        expect(model.memory.count).toBe(count);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("keeps off the pages that another owner takes in between", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(allocate, allocate, release, foreign), { maxLength: 80 }), (commands) => {
        const model = new Model();
        for (const command of commands) model.run(command);
        model.releaseAll();
        // Each stretch between foreign pages has become one block again, and is handed out whole without growth.
        const { count } = model.memory;
        for (const bytes of model.stretches().sort((a, b) => b - a)) model.allocate(bytes);
        expect(model.memory.count).toBe(count);
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});

describe("growth", () => {
  test("doubles what the heap owns, or takes what is needed if that is more", () => {
    const memory = new Pages();
    const heap = new Heap(memory);
    const pagesAfter = (bytes: number) => {
      heap.allocate(bytes);
      return memory.count;
    };
    expect(pagesAfter(1)).toBe(1);
    expect(pagesAfter(60_000)).toBe(1);
    expect(pagesAfter(60_000)).toBe(2);
    expect(pagesAfter(60_000)).toBe(4);
    expect(pagesAfter(60_000)).toBe(4);
    expect(pagesAfter(60_000)).toBe(8);
    // Five blocks of 60,032 and two lines leave 224,000 bytes at the end; 824,576 more take 13 pages.
    expect(pagesAfter(2 ** 20)).toBe(21);
  });

  test("takes what is needed where doubling would be too much", () => {
    const memory = new Pages(5);
    const heap = new Heap(memory);
    heap.allocate(4 * PAGE - LINE);
    expect(memory.count).toBe(4);
    heap.allocate(PAGE - LINE);
    expect(memory.count).toBe(5);
    // One line is left.
    heap.allocate(LINE);
    expect(() => heap.allocate(1)).toThrow(RangeError);
    expect(memory.count).toBe(5);
  });

  test("continues a free block at the end, so that all of the memory can be had", () => {
    const memory = new Pages(3);
    const heap = new Heap(memory);
    const offset = heap.allocate(2 * PAGE - LINE);
    heap.release(offset);
    heap.allocate(3 * PAGE - LINE);
    expect(memory.count).toBe(3);
  });

  test("does not continue a free block across foreign pages", () => {
    const memory = new Pages(4);
    const heap = new Heap(memory);
    heap.release(heap.allocate(PAGE - LINE));
    memory.grow(1);
    expect(heap.allocate(2 * PAGE - LINE)).toBe(2 * PAGE);
    expect(heap.allocate(PAGE - LINE)).toBe(LINE);
  });

  test("happens only if nothing free is large enough", () => {
    const memory = new Pages();
    const heap = new Heap(memory);
    const offsets = Array.from({ length: 10 }, () => heap.allocate(50_000));
    const { count } = memory;
    for (const offset of offsets) heap.release(offset);
    for (let round = 0; round < 100; round++) {
      const again = offsets.map(() => heap.allocate(50_000));
      for (const offset of again) heap.release(offset);
    }
    expect(memory.count).toBe(count);
  });
});

describe("out of memory", () => {
  test("the error tells all the sizes, and nothing has changed", () => {
    const memory = new Pages(2);
    const heap = new Heap(memory);
    heap.allocate(1000);
    expect(() => heap.allocate(200_000)).toThrow(
      new RangeError(
        "out of memory: 200000 bytes asked for, 1024 in use, the memory has 65536 bytes and can't grow by 196608",
      ),
    );
    expect([heap.bytesInUse, memory.count]).toEqual([1024, 1]);
    expect(heap.allocate(1000)).toBe(LINE + 1024);
  });

  test.each([2 ** 32, 2 ** 38, 2 ** 38 + 64, 2 ** 44, 2 ** 53])(
    "%d bytes can't be had and leave the heap sound",
    (bytes) => {
      const memory = new Pages();
      const heap = new Heap(memory);
      heap.release(heap.allocate(1000));
      expect(() => heap.allocate(bytes)).toThrow(`out of memory: ${bytes} bytes asked for, 0 in use`);
      expect(memory.count).toBe(1);
      expect(heap.allocate(PAGE - LINE)).toBe(LINE);
      expect(memory.count).toBe(1);
    },
  );

  test("the last page below 4 GiB is never taken", () => {
    // Only its size is looked at, so none of it has to exist.
    const buffer = { byteLength: 2 ** 32 - 2 * PAGE } as ArrayBuffer;
    const memory = {
      buffer,
      grow(pages: number) {
        const before = this.buffer.byteLength / PAGE;
        this.buffer = { byteLength: (before + pages) * PAGE } as ArrayBuffer;
        return before;
      },
    };
    const heap = new Heap(memory);
    expect(heap.allocate(PAGE - LINE)).toBe(2 ** 32 - 2 * PAGE);
    expect(() => heap.allocate(PAGE)).toThrow("can't grow by 65536");
    expect(memory.buffer.byteLength).toBe(2 ** 32 - PAGE);
  });
});

test("only what is allocated can be released, and once", () => {
  const heap = new Heap(new Pages());
  const offset = heap.allocate(100);
  expect(() => heap.release(offset + 64)).toThrow(new RangeError(`heap: nothing is allocated at ${offset + 64}`));
  heap.release(offset);
  expect(() => heap.release(offset)).toThrow(new RangeError(`heap: nothing is allocated at ${offset}`));
  expect(heap.bytesInUse).toBe(0);
});
