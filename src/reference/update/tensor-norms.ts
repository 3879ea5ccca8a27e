import type { Element, LinearMemory } from "../element.js";
import { squaredNorm } from "../reduction.js";
import { TENSOR_BYTES } from "./options.js";

/** norms[k] <- the squared norm, f64, of the k-th of the tensors that the table describes. */
export const tensorSquaredNorms =
  (memory: LinearMemory, T: Element) =>
  (tensors: number, table: number, x: number, norms: number): void => {
    const view = new DataView(memory.buffer as ArrayBuffer);
    let start = x;
    for (let k = 0; k < tensors; k++) {
      const length = view.getInt32(table + TENSOR_BYTES * k, true);
      view.setFloat64(norms + 8 * k, squaredNorm(memory, T)(length, start), true);
      start += length * T.bytes;
    }
  };
