// assembly/finite-sum/csr.ts, with sums in plain order: results agree with the kernels to rounding, not to the bit.

import type { Element, LinearMemory } from "../element.js";
import { Columns, RECORD_LENGTH, sparseRow } from "./csr-columns.js";
import { losses } from "./loss.js";
import { type Method, sag, saga, svrg } from "./method.js";
import { factorsAt, INTERCEPT, INTERCEPT_GRADIENT, recordAt, SCALE, SEEN, stateAt } from "./state.js";

const walk =
  (method: Method) =>
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
    lags: number,
    l1: number,
    strengths: number,
    history: number,
    capacity: number,
    loss: number,
    parameter: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
  ): void => {
    const at = stateAt(memory, state);
    const all = new Columns(memory, columns, features, state, lags, l1, strengths, history, capacity);
    new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
      const entries = sparseRow(T, memory, values, indices, offsets, row, RECORD_LENGTH);
      const own = recordAt(T, memory, table, row);
      const [weight, importance] = factorsAt(memory, factors, step);
      const prediction = at[SCALE]! * all.catchUp(entries) + at[INTERCEPT]!;
      const slope = weight * losses[loss]!.derivative(prediction, own[0]!, parameter);
      const change = method.change(own, at, slope);
      const share = 1 / at[SEEN]!;
      const pull = method.pull(importance, share) * change;
      const scale = (1 - stepSize * l2) * at[SCALE]!;
      all.move(entries, (stepSize * pull) / scale, method.sums ? change : 0);
      all.owe(history === 0 ? stepSize * share : stepSize, scale);
      at[INTERCEPT]! -= interceptStep * (share * at[INTERCEPT_GRADIENT]! + pull);
    });
  };

/** SAG has no l1. */
export const sagCsr = (memory: LinearMemory, T: Element) => {
  const run = walk(sag)(memory, T);
  return (
    steps: number,
    order: number,
    factors: number,
    burst: number,
    values: number,
    indices: number,
    offsets: number,
    table: number,
    state: number,
    columns: number,
    features: number,
    loss: number,
    parameter: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
  ): void =>
    run(
      steps,
      order,
      factors,
      burst,
      values,
      indices,
      offsets,
      table,
      state,
      columns,
      features,
      0,
      0,
      0,
      0,
      0,
      loss,
      parameter,
      stepSize,
      l2,
      interceptStep,
    );
};

export const sagaCsr = walk(saga);
export const svrgCsr = walk(svrg);
