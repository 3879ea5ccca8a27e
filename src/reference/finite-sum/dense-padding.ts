// assembly/finite-sum/dense-padding.ts, with sums in plain order.

import type { Element, LinearMemory } from "../element.js";
import { LINE } from "./dense.js";

export const padDense =
  (memory: LinearMemory, T: Element) =>
  (rows: number, columns: number, source: number, target: number, squaredNorms: number): void => {
    const from = T.view(memory, source, rows * columns);
    const padded = (Math.ceil((columns * T.bytes) / LINE) * LINE) / T.bytes;
    const to = T.view(memory, target, rows * padded);
    const norms = new Float64Array(memory.buffer, squaredNorms, rows);
    for (let i = 0; i < rows; i++) {
      norms[i] = 0;
      for (let j = 0; j < columns; j++) {
        const x = from[i * columns + j]!;
        to[i * padded + j] = x;
        norms[i]! += x * x;
      }
      to.fill(0, i * padded + columns, (i + 1) * padded);
    }
  };
