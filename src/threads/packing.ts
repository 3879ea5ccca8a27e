import { CsrMatrix } from "../finite-sum/csr-matrix.js";

/** From how many elements on an array is sent once and referred to afterwards. */
const LEAST = 256;

/** Stands for data that a worker has been sent. */
class Reference {
  readonly $data: number;

  constructor(id: number) {
    this.$data = id;
  }
}

const isReference = (value: object): value is Reference => typeof (value as Reference).$data === "number";

type View = ArrayBufferView<ArrayBufferLike> & { slice?(): View; readonly length?: number };

const isTypedArray = (value: object): value is View => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Whether a page or a process may share memory with its workers. */
export function mayShare(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === "function" && crossOriginIsolated !== false;
}

function isShared({ buffer }: View): boolean {
  return typeof SharedArrayBuffer === "function" && buffer instanceof SharedArrayBuffer;
}

/**
 * Shared memory of one run that the next one may take: 80 MB that are written to for the first time take five times as long
 * as 80 MB that have been before, and no worker has anything to do until then.
 */
export class SpareMemory {
  #buffers: readonly SharedArrayBuffer[] = [];

  /** The smallest that is long enough, and not twice as long; else a new one. */
  take(bytes: number): SharedArrayBuffer {
    const fitting = this.#buffers.filter(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
    if (fitting.length === 0) return new SharedArrayBuffer(bytes);
    const best = fitting.reduce((a, b) => (b.byteLength < a.byteLength ? b : a));
    this.#buffers = this.#buffers.filter((buffer) => buffer !== best);
    return best;
  }

  /** Keeps these, and those of earlier runs no longer. */
  keep(buffers: readonly SharedArrayBuffer[]): void {
    this.#buffers = buffers;
  }
}

let ids = 0;

/**
 * The data of jobs that are given out together: every long array is copied into shared memory once, however many jobs refer
 * to it, or where memory can't be shared is sent to each worker once.
 */
export class Parcel {
  readonly #ids = new Map<object, number>();
  readonly #values = new Map<number, unknown>();
  readonly #spare: SpareMemory;
  readonly #buffers: SharedArrayBuffer[] = [];

  constructor(spare: SpareMemory) {
    this.#spare = spare;
  }

  /** What has been taken of shared memory. */
  get buffers(): readonly SharedArrayBuffer[] {
    return this.#buffers;
  }

  /** An input of plain objects, arrays and `csr` matrices, with references in place of its long arrays. */
  pack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (isTypedArray(value)) {
      const short = (value.length ?? 0) < LEAST && !isShared(value);
      return short ? value.slice!() : this.#refer(value);
    }
    if (Array.isArray(value)) {
      const first: unknown = value[0];
      if (value.length >= LEAST && (typeof first !== "object" || first === null)) return this.#refer(value);
      return value.map((element) => this.pack(element));
    }
    const kind = value instanceof CsrMatrix ? { $csr: true } : {};
    return { ...kind, ...Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.pack(entry)])) };
  }

  get ids(): readonly number[] {
    return [...this.#values.keys()];
  }

  /** The data that a packed input refers to and that is not among the known. */
  *missing(packed: unknown, known: ReadonlySet<number>): Generator<{ id: number; value: unknown }> {
    if (typeof packed !== "object" || packed === null || ArrayBuffer.isView(packed)) return;
    if (isReference(packed)) {
      if (!known.has(packed.$data)) yield { id: packed.$data, value: this.#values.get(packed.$data) };
    } else for (const entry of Object.values(packed)) yield* this.missing(entry, known);
  }

  #refer(array: View | unknown[]): Reference {
    let id = this.#ids.get(array);
    if (id === undefined) {
      id = ids++;
      this.#ids.set(array, id);
      this.#values.set(id, isTypedArray(array) && mayShare() ? this.#shared(array) : array);
    }
    return new Reference(id);
  }

  /** A typed array in shared memory: itself if it is there, else a copy. */
  #shared(array: View): View {
    if (isShared(array)) return array;
    const { buffer, byteOffset, byteLength, length } = array;
    const copy = this.#spare.take(byteLength);
    this.#buffers.push(copy);
    new Uint8Array(copy).set(new Uint8Array(buffer, byteOffset, byteLength));
    const Kind = array.constructor as new (buffer: SharedArrayBuffer, offset: number, length: number) => View;
    return new Kind(copy, 0, length!);
  }
}

/** An input as it was before `pack`, from the data that has been sent. */
export function unpack(packed: unknown, data: ReadonlyMap<number, unknown>): unknown {
  if (typeof packed !== "object" || packed === null || ArrayBuffer.isView(packed)) return packed;
  if (isReference(packed)) return data.get(packed.$data);
  if (Array.isArray(packed)) return packed.map((element) => unpack(element, data));
  const { $csr, ...entries } = packed as { $csr?: true };
  const unpacked = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, unpack(entry, data)]));
  return $csr ? CsrMatrix.checked(unpacked as unknown as CsrMatrix) : unpacked;
}
