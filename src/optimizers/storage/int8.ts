import { updateCompressed } from "../../engine/families/update-compressed.js";
import { type StateStorage, type StoredSlot, total } from "./storage.js";

const BLOCK = 256;

const blocks = (stretches: readonly number[]) => total(stretches.map((length) => Math.ceil(length / BLOCK)));

/** How a code of 8 bits stands for a number: assembly/update/compressed/int8.ts. */
interface Code {
  readonly most: number;
  readonly least: number;
  decode(code: number, scale: number): number;
  /** The root by which a number is a multiple of the scale. */
  root(x: number): number;
}

const { fround } = Math;

const signedSquare: Code = {
  most: 127,
  least: -127,
  decode: (code, scale) => fround(fround(scale * scale) * fround(code * Math.abs(code))),
  root: (x) => Math.sign(x) * Math.sqrt(Math.abs(x)),
};

const fourthPower: Code = {
  most: 255,
  least: 1,
  decode(code, scale) {
    const square = fround(scale * scale);
    const power = fround(code * code);
    return fround(fround(square * square) * fround(power * power));
  },
  root: (x) => Math.sqrt(Math.sqrt(x)),
};

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
  const codes = new (squared ? Uint8Array : Int8Array)(buffer, pointers[0], total(stretches));
  return { codes, scales: new Float32Array(buffer, pointers[1], blocks(stretches)) };
}

/**
 * State of 8 bits, in blocks of 256 elements with a scale each. First moments are stored by their root, second moments by
 * their fourth root, so that small elements keep their digits beside great ones, and rounded up or down by chance, the
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
    const { codes, scales } = arraysOf(slot);
    const code = slot.squared ? fourthPower : signedSquare;
    const elements = new Float32Array(codes.length);
    forEachBlock(slot.stretches, (block, start, end) => {
      for (let i = start; i < end; i++) elements[i] = code.decode(codes[i]!, scales[block]!);
    });
    return elements;
  },

  encode(slot, elements) {
    const { codes, scales } = arraysOf(slot);
    const code = slot.squared ? fourthPower : signedSquare;
    forEachBlock(slot.stretches, (block, start, end) => {
      const roots = Array.from(elements.subarray(start, end), code.root);
      const greatest = Math.max(...roots.map(Math.abs));
      // A power of 2, as the kernels' is, so that the multiples of what was decoded are whole again. A hair is left for
      // the rounding of the roots.
      const scale = greatest === 0 ? 0 : 2 ** Math.ceil(Math.log2(greatest / code.most) - 1e-6);
      scales[block] = scale;
      for (const [k, root] of roots.entries()) {
        codes[start + k] = scale === 0 ? 0 : Math.max(Math.round(root / scale), code.least);
      }
    });
  },
};
