// assembly/finite-sum/multi-steps.ts, with all columns paid at every step, and nothing owed at its end but what the state says.

import type { Element, LinearMemory } from "../element.js";
import { sparseRow } from "./csr-columns.js";
import { shrink } from "./dense.js";
import { lossOf } from "./multi.js";
import { factorsAt, LAG, SCALE, SEEN, stateAt } from "./state.js";

const LEAST_SCALE = 1e-9;

/** What both layouts share: the entries of a row come from `entriesOf`, as columns and values. */
function walk(
  memory: LinearMemory,
  T: Element,
  steps: number,
  order: number,
  factors: number,
  entriesOf: (row: number) => Iterable<readonly [column: number, value: number]>,
  columns: number,
  outputs: number,
  labels: number,
  table: number,
  state: number,
  features: number,
  intercepts: number,
  loss: number,
  parameter: number,
  own: number,
  stepSize: number,
  l2: number,
  l1: number,
  interceptStep: number,
): void {
  const at = stateAt(memory, state);
  const records = new Float64Array(memory.buffer, features, 2 * columns * outputs);
  const b = new Float64Array(memory.buffer, intercepts, 2 * outputs);
  const settle = (change: (v: number) => number) => {
    for (let r = 0; r < records.length; r += 2) records[r] = change(records[r]! - at[LAG]! * records[r + 1]!);
    at[LAG] = 0;
  };
  new Int32Array(memory.buffer, order, steps).forEach((row, step) => {
    const [weight, importance] = factorsAt(memory, factors, step);
    const entries = [...entriesOf(row)];
    const predictions = Float64Array.from({ length: outputs }, (_, k) => {
      let sum = 0;
      for (const [column, x] of entries) {
        const r = 2 * (column * outputs + k);
        sum += x * (records[r]! - at[LAG]! * records[r + 1]!);
      }
      return at[SCALE]! * sum + b[2 * k]!;
    });
    const slopes = lossOf(T, memory, predictions, labels, row, loss, parameter).slopes;
    const stored = T.view(memory, table + row * outputs * T.bytes, outputs);
    const known = !Number.isNaN(stored[0]!);
    if (!known) at[SEEN]! += 1;
    const share = 1 / at[SEEN]!;
    const pull = own * (importance - share);
    const scale = (1 - stepSize * l2) * at[SCALE]!;
    for (let k = 0; k < outputs; k++) {
      const before = known ? stored[k]! : 0;
      stored[k] = weight * slopes[k]!;
      const change = stored[k]! - before;
      b[2 * k + 1]! += change;
      b[2 * k]! -= interceptStep * (share * b[2 * k + 1]! + pull * change);
      for (const [column, x] of entries) {
        const r = 2 * (column * outputs + k);
        records[r]! += (at[LAG]! - (stepSize * pull) / scale) * change * x;
        records[r + 1]! += change * x;
      }
    }
    at[SCALE] = scale;
    at[LAG]! += (stepSize * share) / scale;
    if (l1 > 0) settle((v) => shrink(v, (stepSize * l1) / scale));
    if (Math.abs(scale) < LEAST_SCALE) {
      settle((v) => scale * v);
      at[SCALE] = 1;
    }
  });
}

export const multiStepsDense =
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    factors: number,
    rows: number,
    columns: number,
    outputs: number,
    labels: number,
    table: number,
    state: number,
    features: number,
    intercepts: number,
    _room: number,
    loss: number,
    parameter: number,
    own: number,
    stepSize: number,
    l2: number,
    l1: number,
    interceptStep: number,
  ): void =>
    walk(
      memory,
      T,
      steps,
      order,
      factors,
      (row) => T.view(memory, rows + row * columns * T.bytes, columns).entries(),
      columns,
      outputs,
      labels,
      table,
      state,
      features,
      intercepts,
      loss,
      parameter,
      own,
      stepSize,
      l2,
      l1,
      interceptStep,
    );

export const multiStepsCsr =
  (memory: LinearMemory, T: Element) =>
  (
    steps: number,
    order: number,
    factors: number,
    values: number,
    indices: number,
    offsets: number,
    columns: number,
    outputs: number,
    labels: number,
    table: number,
    state: number,
    features: number,
    intercepts: number,
    _room: number,
    loss: number,
    parameter: number,
    own: number,
    stepSize: number,
    l2: number,
    l1: number,
    interceptStep: number,
  ): void =>
    walk(
      memory,
      T,
      steps,
      order,
      factors,
      (row) => {
        const { x, at } = sparseRow(T, memory, values, indices, offsets, row, 1);
        return Array.from(x, (value, k) => [at[k]!, value] as const);
      },
      columns,
      outputs,
      labels,
      table,
      state,
      features,
      intercepts,
      loss,
      parameter,
      own,
      stepSize,
      l2,
      l1,
      interceptStep,
    );
