// assembly/finite-sum/csr-hessian.ts. The number of columns is no argument there: the views reach to the end of the memory.

import type { Element, LinearMemory } from "../element.js";
import { sparseRow } from "./csr-columns.js";
import { accumulate, product } from "./csr-gradient.js";
import { recordAt, rowsOf } from "./state.js";

export const hessianCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    _burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    _state: number,
    direction: number,
    intercept: number,
    sums: number,
    interceptSum: number,
  ): void => {
    const v = new Float64Array(memory.buffer, direction);
    const total = new Float64Array(memory.buffer, sums);
    const interceptTotal = new Float64Array(memory.buffer, interceptSum, 1);
    for (const row of rowsOf(memory, count, first, order)) {
      const entries = sparseRow(T, memory, values, indices, offsets, row, 1);
      const slope = recordAt(T, memory, table, row)[1]! * (product(entries, v) + intercept);
      interceptTotal[0]! += slope;
      accumulate(entries, slope, total);
    }
  };

export const hessianDiagonalCsr =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    _burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    _state: number,
    sums: number,
    interceptSum: number,
  ): void => {
    const total = new Float64Array(memory.buffer, sums);
    const interceptTotal = new Float64Array(memory.buffer, interceptSum, 1);
    for (const row of rowsOf(memory, count, first, order)) {
      const { x, at } = sparseRow(T, memory, values, indices, offsets, row, 1);
      const curvature = recordAt(T, memory, table, row)[1]!;
      interceptTotal[0]! += curvature;
      for (let k = 0; k < x.length; k++) total[at[k]!]! += curvature * (x[k]! * x[k]!);
    }
  };
