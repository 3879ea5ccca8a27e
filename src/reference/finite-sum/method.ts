// What differs between SAG, SAGA and SVRG: assembly/finite-sum/dense.ts.

import type { FloatArray } from "../element.js";
import { exchange } from "./state.js";

export interface Method {
  /** The change of a row's derivative, with the residual changed or not. */
  change(record: FloatArray, state: Float64Array, derivative: number): number;
  /** What share of the change is taken along the row itself. */
  pull(importance: number, share: number): number;
  /** Whether the change goes into the sum of gradients. */
  readonly sums: boolean;
}

export const sag: Method = { change: exchange, pull: () => 0, sums: true };
export const saga: Method = { change: exchange, pull: (importance, share) => importance - share, sums: true };
export const svrg: Method = {
  change: (record, _state, derivative) => derivative - record[1]!,
  pull: (importance) => importance,
  sums: false,
};
