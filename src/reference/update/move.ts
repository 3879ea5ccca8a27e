// The pass of the rules that move more than the parameters: assembly/update/move.ts.

import type { Element, LinearMemory } from "../element.js";
import { readOptions } from "./options.js";

/**
 * What a rule makes of element i: the parameter after the step. `lane` is its place in a vector; what fills no vector at
 * the end of a tensor stands in lane 0.
 */
export type Motion = (
  parameter: number,
  gradient: number,
  rate: number,
  shrink: number,
  i: number,
  lane: number,
) => number;

export function move(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  options: number,
  motion: Motion,
): number {
  const { round } = T;
  const P = T.view(memory, parameters, n);
  const G = T.view(memory, gradients, n);
  const { clipValue, box, averageWeight, averages, clear, tensors } = readOptions(memory, options, n);
  const A = averages === 0 ? undefined : T.view(memory, averages, n);
  const [limit, bound, taken, kept] = [clipValue, box, averageWeight, 1 - averageWeight].map(round) as [
    number,
    number,
    number,
    number,
  ];
  const lanes = 16 / T.bytes;
  let nonFinite = 0;
  let start = 0;
  for (const tensor of tensors) {
    const [scale, l2, shrink, rate] = [tensor.gradientScale, tensor.l2, tensor.shrink, tensor.rate].map(round) as [
      number,
      number,
      number,
      number,
    ];
    const inVectors = tensor.length - (tensor.length % lanes);
    for (let k = 0; k < tensor.length; k++) {
      const i = start + k;
      if (tensor.rate !== 0) {
        const raw = G[i]!;
        const parameter = P[i]!;
        const clipped = Math.max(Math.min(round(scale * raw), limit), -limit);
        const gradient = round(round(l2 * parameter) + clipped);
        const moved = motion(parameter, gradient, rate, shrink, i, k < inVectors ? k % lanes : 0);
        P[i] = Math.max(Math.min(moved, bound), -bound);
        if (A) A[i] = round(round(taken * P[i]!) + round(kept * A[i]!));
        if (!Number.isFinite(raw)) nonFinite++;
      }
      if (clear) G[i] = 0;
    }
    start += tensor.length;
  }
  return nonFinite;
}
