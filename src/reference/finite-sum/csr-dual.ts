// assembly/finite-sum/csr-dual.ts.

import type { Element, LinearMemory } from "../element.js";
import { sparseRow, strengthsOf } from "./csr-columns.js";
import { product, shrink } from "./dense.js";
import { nextDual } from "./dense-dual.js";
import { factorsAt, INTERCEPT, INTERCEPT_GRADIENT, recordAt, stateAt } from "./state.js";

export const sdcaCsr =
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    factors: number,
    _burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    state: number,
    columns: number,
    z: number,
    ratio: number,
    l1: number,
    strengths: number,
    loss: number,
    parameter: number,
    scale: number,
    interceptScale: number,
    relaxation: number,
  ): void => {
    const at = stateAt(memory, state);
    const free = new Float64Array(memory.buffer, z, columns);
    const thresholds = strengthsOf(memory, columns, l1, strengths);
    const weightAt = (j: number) => (ratio > 0 ? shrink(free[j]!, ratio * thresholds[j]!) : free[j]!);
    new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
      const { x, at: places } = sparseRow(T, memory, values, indices, offsets, row, 1);
      const own = recordAt(T, memory, table, row);
      const [weight] = factorsAt(memory, factors, step);
      const stored = own[1]!;
      let prediction = at[INTERCEPT]!;
      for (let k = 0; k < x.length; k++) prediction += x[k]! * weightAt(places[k]!);
      const g = weight > 0 ? stored / weight : 0;
      const q = weight * (scale * product(x, x) + interceptScale);
      own[1] = weight * nextDual(loss, relaxation, g, prediction, own[0]!, q, parameter);
      const change = own[1]! - stored;
      for (let k = 0; k < x.length; k++) free[places[k]!]! -= scale * change * x[k]!;
      at[INTERCEPT]! -= interceptScale * change;
      at[INTERCEPT_GRADIENT]! += change;
    });
  };
