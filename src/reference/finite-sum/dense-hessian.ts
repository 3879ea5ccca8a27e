// assembly/finite-sum/dense-hessian.ts.

import type { Element, LinearMemory } from "../element.js";
import { product, rowAt } from "./dense.js";
import { recordAt, rowsOf } from "./state.js";

export const hessianDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    _burst: number,
    rows: number,
    columns: number,
    table: number,
    _state: number,
    direction: number,
    intercept: number,
    sums: number,
    interceptSum: number,
  ): void => {
    const v = T.view(memory, direction, columns);
    const total = new Float64Array(memory.buffer, sums, columns);
    const interceptTotal = new Float64Array(memory.buffer, interceptSum, 1);
    for (const row of rowsOf(memory, count, first, order)) {
      const x = rowAt(T, memory, rows, columns, row);
      const slope = recordAt(T, memory, table, row)[1]! * (product(x, v) + intercept);
      interceptTotal[0]! += slope;
      for (let j = 0; j < columns; j++) total[j]! += slope * x[j]!;
    }
  };

export const hessianDiagonalDense =
  (memory: LinearMemory, T: Element) =>
  (
    count: number,
    first: number,
    order: number,
    _burst: number,
    rows: number,
    columns: number,
    table: number,
    _state: number,
    sums: number,
    interceptSum: number,
  ): void => {
    const total = new Float64Array(memory.buffer, sums, columns);
    const interceptTotal = new Float64Array(memory.buffer, interceptSum, 1);
    for (const row of rowsOf(memory, count, first, order)) {
      const x = rowAt(T, memory, rows, columns, row);
      const curvature = recordAt(T, memory, table, row)[1]!;
      interceptTotal[0]! += curvature;
      for (let j = 0; j < columns; j++) total[j]! += curvature * (x[j]! * x[j]!);
    }
  };
