// assembly/finite-sum/dense-dual.ts.

import type { Element, LinearMemory } from "../element.js";
import { product, rowAt, shrink } from "./dense.js";
import { losses } from "./loss.js";
import { factorsAt, INTERCEPT, INTERCEPT_GRADIENT, recordAt, stateAt } from "./state.js";

/** The dual variable of a row after a step: the maximum along its coordinate, or relaxed towards the derivative. */
export function nextDual(
  loss: number,
  relaxation: number,
  g: number,
  prediction: number,
  label: number,
  q: number,
  parameter: number,
): number {
  const { derivative, dualStep } = losses[loss]!;
  if (relaxation > 0) return g + relaxation * (derivative(prediction, label, parameter) - g);
  return dualStep(g, prediction, label, q, parameter);
}

export const sdcaDense =
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
    z: number,
    thresholds: number,
    loss: number,
    parameter: number,
    scale: number,
    interceptScale: number,
    relaxation: number,
  ): void => {
    const at = stateAt(memory, state);
    const free = T.view(memory, z, columns);
    const within = thresholds === 0 ? new Float64Array(columns) : T.view(memory, thresholds, columns);
    new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
      const x = rowAt(T, memory, rows, columns, row);
      const own = recordAt(T, memory, table, row);
      const [weight] = factorsAt(memory, factors, step);
      const stored = own[1]!;
      const prediction = product(x, free.map((value, j) => shrink(value, within[j]!)) as typeof x) + at[INTERCEPT]!;
      const g = weight > 0 ? stored / weight : 0;
      const q = weight * (scale * product(x, x) + interceptScale);
      own[1] = weight * nextDual(loss, relaxation, g, prediction, own[0]!, q, parameter);
      const change = own[1]! - stored;
      const factor = T.round(-scale * change);
      for (let j = 0; j < columns; j++) free[j] = T.round(factor * x[j]!) + free[j]!;
      at[INTERCEPT]! -= interceptScale * change;
      at[INTERCEPT_GRADIENT]! += change;
    });
  };
