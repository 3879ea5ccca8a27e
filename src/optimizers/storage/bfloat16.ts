import { updateCompressed } from "../../engine/families/update-compressed.js";
import { type StateStorage, total } from "./storage.js";

/**
 * State of 16 bits: the upper half of a float32, with its exponents and 8 significant bits. Rounded up or down by chance,
 * the same chances in every run, so that moments that change by less than a bit get there in the mean.
 *
 * @example
 * const model = parameters({ weights: [784, 10] });
 * const optimizer = adamw(model, { stateStorage: bfloat16 }); // with 4 bytes of state a parameter in place of 8
 */
export const bfloat16: StateStorage = {
  name: "bfloat16",
  family: updateCompressed,
  suffix: "Bfloat16",
  slabs: (stretches) => [2 * total(stretches)],

  decode({ buffer, pointers, stretches }) {
    const halves = new Uint16Array(buffer, pointers[0], total(stretches));
    const bits = Uint32Array.from(halves, (half) => half << 16);
    return new Float32Array(bits.buffer);
  },

  encode({ buffer, pointers, stretches }, elements) {
    const bits = new Uint32Array(elements.slice().buffer);
    // To the nearest: exact for what was decoded.
    new Uint16Array(buffer, pointers[0], total(stretches)).set(bits.map((x) => (x + 0x7fff + ((x >>> 16) & 1)) >>> 16));
  },
};
