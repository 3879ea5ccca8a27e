// assembly/finite-sum/margins.ts.

import type { Element, LinearMemory } from "../element.js";
import { losses } from "./loss.js";
import { recordAt, sampleWeight } from "./state.js";

export const slopes =
  (memory: LinearMemory, T: Element) =>
  (count: number, table: number, sampleWeights: number, loss: number, parameter: number, shift: number): number => {
    let sum = 0;
    for (let row = 0; row < count; row++) {
      const [label, prediction] = recordAt(T, memory, table, row);
      const slope = losses[loss]!.derivative(prediction! + shift, label!, parameter);
      sum += sampleWeight(memory, sampleWeights, row) * slope;
    }
    return sum;
  };

export const conjugates =
  (memory: LinearMemory, T: Element) =>
  (count: number, table: number, sampleWeights: number, loss: number, parameter: number, factor: number): number => {
    let sum = 0;
    for (let row = 0; row < count; row++) {
      const [label, slope] = recordAt(T, memory, table, row);
      const weight = sampleWeight(memory, sampleWeights, row);
      if (weight > 0) sum += weight * losses[loss]!.conjugate((factor * slope!) / weight, label!, parameter);
    }
    return sum;
  };

const FLAT = 1e-8;

export const searchSmoothness =
  (memory: LinearMemory, T: Element) =>
  (count: number, table: number, norms: number, loss: number, parameter: number, smoothness: number): number => {
    const { derivative, value } = losses[loss]!;
    new Float64Array(memory.buffer, norms, count).forEach((q, row) => {
      const [y, p] = recordAt(T, memory, table, row) as unknown as [number, number];
      const g = derivative(p, y, parameter);
      if (!(g * g * q > FLAT)) return;
      const falls = () =>
        value(p - (g * q) / smoothness, y, parameter) <= value(p, y, parameter) - (0.5 * g * g * q) / smoothness;
      for (let k = 0; k < 100 && !falls(); k++) smoothness *= 2;
    });
    return smoothness;
  };
