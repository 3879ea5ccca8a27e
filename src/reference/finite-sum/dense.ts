// assembly/finite-sum/dense.ts, with sums in plain order: results agree with the kernels to rounding, not to the bit.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { losses } from "./loss.js";
import { type Method, sag, saga, svrg } from "./method.js";
import { factorsAt, INTERCEPT, INTERCEPT_GRADIENT, recordAt, SEEN, stateAt } from "./state.js";

/** Bytes of a line, which rows are padded to. */
export const LINE = 64;

export function product(x: FloatArray, w: FloatArray): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * w[j]!;
  return sum;
}

export const rowAt = (T: Element, memory: LinearMemory, rows: number, columns: number, row: number) =>
  T.view(memory, rows + row * columns * T.bytes, columns);

/** x less what lies of it within the threshold. */
export const shrink = (x: number, threshold: number): number => x - Math.max(Math.min(x, threshold), -threshold);

/** What a step does to a weight after it has moved it: the record of assembly/finite-sum/dense-prox.ts. */
function proxAt(T: Element, memory: LinearMemory, prox: number, columns: number) {
  if (prox === 0) return (w: number) => w;
  const [thresholds, lower, upper, thresholdStride, boundStride] = new Uint32Array(
    memory.buffer,
    prox,
    5,
  ) as unknown as [number, number, number, number, number];
  const perLine = LINE / T.bytes;
  const numbers = (pointer: number, stride: number) => {
    const view = T.view(memory, pointer, stride === 0 ? perLine : columns);
    return (j: number) => view[stride === 0 ? j % perLine : j]!;
  };
  const threshold = numbers(thresholds, thresholdStride);
  const least = numbers(lower, boundStride);
  const most = numbers(upper, boundStride);
  return (w: number, j: number) => Math.max(Math.min(T.round(shrink(w, threshold(j))), most(j)), least(j));
}

const walk =
  (method: Method) =>
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    factors: number,
    _burst: number,
    rows: number,
    columns: number,
    table: number,
    state: number,
    weights: number,
    sums: number,
    prox: number,
    loss: number,
    parameter: number,
    stepSize: number,
    l2: number,
    interceptStep: number,
  ): void => {
    const { round } = T;
    const at = stateAt(memory, state);
    const w = T.view(memory, weights, columns);
    const S = T.view(memory, sums, columns);
    const shrinkage = round(stepSize * l2);
    const proximal = proxAt(T, memory, prox, columns);
    new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
      const x = rowAt(T, memory, rows, columns, row);
      const own = recordAt(T, memory, table, row);
      const [weight, importance] = factorsAt(memory, factors, step);
      const slope = weight * losses[loss]!.derivative(product(x, w) + at[INTERCEPT]!, own[0]!, parameter);
      const change = method.change(own, at, slope);
      const share = 1 / at[SEEN]!;
      const pull = method.pull(importance, share) * change;
      const factor = round(change);
      const rate = round(stepSize * share);
      const ownPull = round(stepSize * pull);
      for (let j = 0; j < columns; j++) {
        if (method.sums) S[j] = round(factor * x[j]!) + S[j]!;
        const drift = round(round(rate * S[j]!) + round(shrinkage * w[j]!));
        w[j] = proximal(round(w[j]! - round(round(ownPull * x[j]!) + drift)), j);
      }
      at[INTERCEPT]! -= interceptStep * (share * at[INTERCEPT_GRADIENT]! + pull);
    });
  };

type Walk = ReturnType<ReturnType<typeof walk>>;
/** SAG has no prox. */
export const sagDense = (memory: LinearMemory, T: Element) => {
  const run: Walk = walk(sag)(memory, T);
  return (
    steps: number,
    order: number,
    factors: number,
    burst: number,
    rows: number,
    columns: number,
    table: number,
    state: number,
    weights: number,
    sums: number,
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
      rows,
      columns,
      table,
      state,
      weights,
      sums,
      0,
      loss,
      parameter,
      stepSize,
      l2,
      interceptStep,
    );
};

export const sagaDense = walk(saga);
export const svrgDense = walk(svrg);
