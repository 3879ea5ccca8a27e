// assembly/finite-sum/csr-dual.ts.

import type { Element, LinearMemory } from "../element.js";
import { RECORD_LENGTH, sparseRow, strengthsOf } from "./csr-columns.js";
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
    features: number,
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
    const records = new Float64Array(memory.buffer, features, columns * RECORD_LENGTH);
    const thresholds = strengthsOf(memory, columns, l1, strengths);
    const weightAt = (r: number) =>
      ratio > 0 ? shrink(records[r]!, ratio * thresholds[r / RECORD_LENGTH]!) : records[r]!;
    new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
      const { x, at: places } = sparseRow(T, memory, values, indices, offsets, row, RECORD_LENGTH);
      const own = recordAt(T, memory, table, row);
      const [weight] = factorsAt(memory, factors, step);
      const stored = own[1]!;
      let prediction = at[INTERCEPT]!;
      for (let k = 0; k < x.length; k++) prediction += x[k]! * weightAt(places[k]!);
      const g = weight > 0 ? stored / weight : 0;
      const q = weight * (scale * product(x, x) + interceptScale);
      own[1] = weight * nextDual(loss, relaxation, g, prediction, own[0]!, q, parameter);
      const change = own[1]! - stored;
      for (let k = 0; k < x.length; k++) records[places[k]!]! -= scale * change * x[k]!;
      at[INTERCEPT]! -= interceptScale * change;
      at[INTERCEPT_GRADIENT]! += change;
    });
  };
