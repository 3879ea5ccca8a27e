// Tensors of every kind that the rules of matrices tell apart.

import type { Optimizer, ParameterSet } from "../../../src/index.js";
import { normalNumbers } from "../../memory/random.js";

export type Create = (set: ParameterSet) => Optimizer;

export const shapes = {
  tall: [40, 7],
  flat: [6, 21],
  deep: [3, 4, 5, 2],
  row: [1, 9],
  column: [5, 1],
  vector: 11,
  none: [0, 4],
};

export function draw(set: ParameterSet, seed: number, which: "values" | "gradients"): void {
  const normal = normalNumbers(seed);
  for (const array of Object.values<Float32Array | Float64Array>(set[which])) {
    for (let i = 0; i < array.length; i++) array[i] = normal();
  }
}
