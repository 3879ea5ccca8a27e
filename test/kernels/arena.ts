import { type Dtype, dtypes, type FloatArray } from "./numbers.js";

/** As a float this is NaN, so that a kernel that reads too far shows it in its result. */
const GUARD = 0xff;
const PAGE = 65536;
const LINE = 64;

interface Region {
  readonly pointer: number;
  readonly end: number;
}

const byPointer = (a: Region, b: Region): number => a.pointer - b.pointer;

/** A memory in which every byte outside the placed arrays is a guard. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly #pristine: Buffer;
  #regions: Region[] = [];
  #cursor = 0;

  constructor(pages: number) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.#pristine = Buffer.alloc(pages * PAGE, GUARD);
    this.clear();
  }

  clear(): void {
    new Uint8Array(this.memory.buffer).fill(GUARD);
    this.#regions = [];
    this.#cursor = 0;
  }

  /** Places an array `shift` elements behind a cache line, and more than a line from its neighbours. */
  place(dtype: Dtype, values: ArrayLike<number>, shift = 0): number {
    const { bytes } = dtypes[dtype];
    const pointer = this.reserve(values.length * bytes, shift * bytes);
    this.floats(dtype, pointer, values.length).set(values);
    return pointer;
  }

  /** Places an array so that the memory ends with it: reading or writing past it traps. */
  placeLast(dtype: Dtype, values: ArrayLike<number>): number {
    const pointer = this.#reserveLast(values.length * dtypes[dtype].bytes);
    this.floats(dtype, pointer, values.length).set(values);
    return pointer;
  }

  placeIntegers(values: ArrayLike<number>): number {
    return this.#setIntegers(this.reserve(values.length * 4), values);
  }

  placeIntegersLast(values: ArrayLike<number>): number {
    return this.#setIntegers(this.#reserveLast(values.length * 4), values);
  }

  #setIntegers(pointer: number, values: ArrayLike<number>): number {
    new Int32Array(this.memory.buffer, pointer, values.length).set(values);
    return pointer;
  }

  #reserveLast(bytes: number): number {
    const pointer = this.memory.buffer.byteLength - bytes;
    this.#regions.push({ pointer, end: pointer + bytes });
    return pointer;
  }

  /** Bytes that may be written to, holding guards as yet. */
  reserve(bytes: number, shift = 0): number {
    const pointer = this.#cursor + LINE + shift;
    this.#cursor = Math.ceil((pointer + bytes + LINE) / LINE) * LINE;
    if (this.#cursor > this.memory.buffer.byteLength)
      throw new RangeError(`an arena of ${this.#pristine.length} is full`);
    this.#regions.push({ pointer, end: pointer + bytes });
    return pointer;
  }

  floats(dtype: Dtype, pointer: number, length: number): FloatArray {
    return new dtypes[dtype].array(this.memory.buffer as ArrayBuffer, pointer, length);
  }

  /** Where a guard has been overwritten, undefined if nowhere. */
  firstOverwritten(): number | undefined {
    const bytes = Buffer.from(this.memory.buffer);
    let from = 0;
    for (const { pointer, end } of [...this.#regions, { pointer: bytes.length, end: bytes.length }].sort(byPointer)) {
      if (from < pointer && this.#pristine.compare(bytes, from, pointer, from, pointer) !== 0) {
        return from + bytes.subarray(from, pointer).findIndex((byte) => byte !== GUARD);
      }
      from = Math.max(from, end);
    }
    return undefined;
  }
}
