// assembly/finite-sum/csr-norms.ts.

import type { Element, LinearMemory } from "../element.js";
import { product } from "./dense.js";

export const squaredNormsCsr =
  (memory: LinearMemory, T: Element) =>
  (count: number, values: number, offsets: number, norms: number): void => {
    const squares = new Float64Array(memory.buffer, norms, count);
    const begins = new Int32Array(memory.buffer, offsets, count + 1);
    for (let row = 0; row < count; row++) {
      const x = T.view(memory, values + begins[row]! * T.bytes, begins[row + 1]! - begins[row]!);
      squares[row] = product(x, x);
    }
  };
