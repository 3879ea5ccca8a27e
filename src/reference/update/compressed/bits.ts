// f32 as bits, and the chances by which compressed state is rounded: assembly/update/compressed/dither.ts.

const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

export function bitsOf(x: number): number {
  float[0] = x;
  return integer[0]!;
}

export function fromBits(bits: number): number {
  integer[0] = bits;
  return float[0]!;
}

const WEYL = 0x9e3779b1;

/** The chance of element i in a pass that begins at `seed`: 32 bits, signed. */
export const chanceOf = (seed: number, i: number): number => Math.imul((seed >> 2) + i, WEYL);
