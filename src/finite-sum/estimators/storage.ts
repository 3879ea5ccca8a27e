import type { FloatArray } from "../../memory/dtype.js";

/** How a table keeps its numbers. */
export type StorageName = "float64" | "float32" | "float16" | "int8";

/** Rows of numbers, kept in fewer bits than they come in. */
export interface Rows {
  readonly bytes: number;
  /** Writes a row; what `read` gives from then on is what it was rounded to. */
  write(row: number, values: ArrayLike<number>): void;
  read(row: number, into: Float64Array): void;
}

export function createRows(storage: StorageName, rows: number, columns: number): Rows {
  switch (storage) {
    case "float64":
      return new FloatRows(new Float64Array(rows * columns), columns);
    case "float32":
      return new FloatRows(new Float32Array(rows * columns), columns);
    case "float16":
      return new HalfRows(rows, columns);
    case "int8":
      return new ByteRows(rows, columns);
  }
}

class FloatRows implements Rows {
  readonly #values: FloatArray;
  readonly #columns: number;

  constructor(values: FloatArray, columns: number) {
    this.#values = values;
    this.#columns = columns;
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  write(row: number, values: ArrayLike<number>): void {
    this.#values.set(values, row * this.#columns);
  }

  read(row: number, into: Float64Array): void {
    into.set(this.#values.subarray(row * this.#columns, (row + 1) * this.#columns));
  }
}

/** IEEE half precision: 1 sign, 5 exponent, 10 mantissa bits; to nearest even, infinite above 65504. */
class HalfRows implements Rows {
  readonly #bits: Uint16Array;
  readonly #columns: number;

  constructor(rows: number, columns: number) {
    this.#bits = new Uint16Array(rows * columns);
    this.#columns = columns;
  }

  get bytes(): number {
    return this.#bits.byteLength;
  }

  write(row: number, values: ArrayLike<number>): void {
    const first = row * this.#columns;
    for (let j = 0; j < this.#columns; j++) this.#bits[first + j] = halfBits(values[j]!);
  }

  read(row: number, into: Float64Array): void {
    const first = row * this.#columns;
    for (let j = 0; j < this.#columns; j++) into[j] = halfValue(this.#bits[first + j]!);
  }
}

/** The unit in the last place for every exponent from -14 on: a table, since powers and logarithms take ten times as long. */
const UNITS = /* @__PURE__ */ Float64Array.from({ length: 30 }, (_, k) => 2 ** (k - 24));

const word = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

function exponentOf(size: number): number {
  word.setFloat64(0, size);
  return ((word.getUint16(0) >> 4) & 0x7ff) - 1023;
}

function halfBits(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (Number.isNaN(x)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = size < 2 ** -14 ? -14 : exponentOf(size);
  const scaled = size / UNITS[exponent + 14]!;
  const low = Math.floor(scaled);
  const rest = scaled - low;
  const mantissa = rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
  // A mantissa that is rounded up to 2048 carries into the exponent, and a subnormal one has an exponent of 0.
  return sign | (((exponent + 14) << 10) + mantissa);
}

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * UNITS[exponent - 1]!);
}

/** Numbers that share a scale, a block's greatest magnitude over 127. */
const BLOCK = 256;

class ByteRows implements Rows {
  readonly #codes: Int8Array;
  readonly #scales: Float32Array;
  readonly #columns: number;
  readonly #blocks: number;

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#blocks = Math.ceil(columns / BLOCK);
    this.#codes = new Int8Array(rows * columns);
    this.#scales = new Float32Array(rows * this.#blocks);
  }

  get bytes(): number {
    return this.#codes.byteLength + this.#scales.byteLength;
  }

  write(row: number, values: ArrayLike<number>): void {
    for (let block = 0; block < this.#blocks; block++) {
      const [first, last] = [block * BLOCK, Math.min((block + 1) * BLOCK, this.#columns)];
      let greatest = 0;
      for (let j = first; j < last; j++) greatest = Math.max(greatest, Math.abs(values[j]!));
      const place = row * this.#blocks + block;
      this.#scales[place] = greatest / 127;
      const scale = this.#scales[place]!;
      for (let j = first; j < last; j++) {
        const code = scale > 0 ? Math.round(values[j]! / scale) : 0;
        this.#codes[row * this.#columns + j] = Math.max(-127, Math.min(127, code));
      }
    }
  }

  read(row: number, into: Float64Array): void {
    for (let j = 0; j < this.#columns; j++) {
      const scale = this.#scales[row * this.#blocks + Math.floor(j / BLOCK)]!;
      into[j] = scale * this.#codes[row * this.#columns + j]!;
    }
  }
}
