import { updateCompressed } from "../../engine/families/update-compressed.js";
import { type StateStorage, type StoredSlot, total } from "./storage.js";

const BLOCK = 256;

const blocks = (stretches: readonly number[]) => total(stretches.map((length) => Math.ceil(length / BLOCK)));

const { fround } = Math;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Codes of 8 bits for multiples of a scale, as assembly/update/compressed/minifloat.ts has them. */
class Code {
  readonly #signed: boolean;
  readonly #first: number;
  readonly #values: Float32Array;

  /** @param least the power of 2 that code 0 stands at */
  constructor(signed: boolean, least: number) {
    this.#signed = signed;
    this.#first = (127 + least) << 3;
    this.#values = Float32Array.from({ length: 256 }, (_, code) => {
      if (!signed) return this.#at(code);
      const magnitude = this.#at(code & 127) - this.#at(0);
      return code > 127 ? -magnitude : magnitude;
    });
  }

  decode(code: number, scale: number): number {
    return fround(this.#values[code]! * scale);
  }

  /** The nearest code. */
  encode(multiple: number): number {
    float[0] = this.#signed ? Math.abs(multiple) + this.#at(0) : multiple;
    const code = Math.max(((bits[0]! + (1 << 19)) >>> 20) - this.#first, 0);
    return this.#signed && (multiple < 0 || Object.is(multiple, -0)) ? code | 128 : code;
  }

  #at(code: number): number {
    bits[0] = (code + this.#first) << 20;
    return float[0]!;
  }
}

const firstMoments = new Code(true, -15);
const secondMoments = new Code(false, -31);

/** By how many powers of 2 a bound may have been above what the block holds. */
const SLACK = 40;

/**
 * The power of 2 by which what was decoded is whole again, the least if there are several: what it came of was a multiple of
 * one. The least one that no element exceeds where there is none.
 */
function scaleOf(code: Code, elements: Float32Array): number {
  const greatest = elements.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!(greatest > 0 && greatest < Number.POSITIVE_INFINITY)) return greatest;
  const least = 2 ** Math.ceil(Math.log2(greatest));
  for (let scale = least / 2; scale <= least * 2 ** SLACK; scale *= 2) {
    if (elements.every((x) => code.decode(code.encode(x / scale), scale) === x)) return scale;
  }
  return least;
}

/** Goes over the blocks: their elements from `start` to `end`, and their number. */
function forEachBlock(stretches: readonly number[], visit: (block: number, start: number, end: number) => void): void {
  let block = 0;
  let start = 0;
  for (const length of stretches) {
    for (const stretchEnd = start + length; start < stretchEnd; block++) {
      const end = Math.min(start + BLOCK, stretchEnd);
      visit(block, start, end);
      start = end;
    }
  }
}

function arraysOf({ buffer, pointers, stretches, squared }: StoredSlot) {
  const codes = new Uint8Array(buffer, pointers[0], total(stretches));
  return {
    codes,
    code: squared ? secondMoments : firstMoments,
    scales: new Float32Array(buffer, pointers[1], blocks(stretches)),
  };
}

/**
 * State of 8 bits, in blocks of 256 elements with a scale each. First moments have 3 digits and 4 bits of exponent below their
 * sign, second moments 3 and 5, so that small elements keep their digits beside great ones. They are rounded up or down by chance, the
 * same chances in every run. A gradient that is NaN or infinite spoils its block: see `nonFinite: "skip"`.
 *
 * @example
 * const model = parameters({ weights: [784, 10] });
 * const optimizer = adamw(model, { stateStorage: int8 }); // with 2 bytes of state a parameter in place of 8
 */
export const int8: StateStorage = {
  name: "int8",
  family: updateCompressed,
  suffix: "Int8",
  slabs: (stretches) => [total(stretches), 4 * blocks(stretches)],

  decode(slot) {
    const { codes, code, scales } = arraysOf(slot);
    const elements = new Float32Array(codes.length);
    forEachBlock(slot.stretches, (block, start, end) => {
      for (let i = start; i < end; i++) elements[i] = code.decode(codes[i]!, scales[block]!);
    });
    return elements;
  },

  encode(slot, elements) {
    const { codes, code, scales } = arraysOf(slot);
    forEachBlock(slot.stretches, (block, start, end) => {
      const inBlock = elements.subarray(start, end);
      const scale = scaleOf(code, inBlock);
      scales[block] = scale;
      for (const [k, x] of inBlock.entries()) codes[start + k] = scale === 0 ? 0 : code.encode(x / scale);
    });
  },
};
