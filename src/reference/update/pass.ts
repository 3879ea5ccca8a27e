// The one pass over memory that every update rule makes. Its arguments are described in assembly/update/step.ts.

import type { Element, FloatArray, LinearMemory } from "../element.js";
import { readOptions } from "./options.js";

/** What a rule does to element i, given the prepared gradient: the step to subtract. */
export type Update = (gradient: number, i: number) => number;

export function pass(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  options: number,
  update: Update,
): number {
  const P = T.view(memory, parameters, n);
  const G = T.view(memory, gradients, n);
  return options === 0 ? barePass(P, G, update) : fullPass(T, memory, P, G, options, update);
}

/** Nothing is prepared here: not even 0 times a parameter, which may be NaN, is added. */
function barePass(P: FloatArray, G: FloatArray, update: Update): number {
  let nonFinite = 0;
  for (let i = 0; i < P.length; i++) {
    const raw = G[i]!;
    P[i] = P[i]! - update(raw, i);
    if (!Number.isFinite(raw)) nonFinite++;
  }
  return nonFinite;
}

function fullPass(
  T: Element,
  memory: LinearMemory,
  P: FloatArray,
  G: FloatArray,
  options: number,
  update: Update,
): number {
  const { round } = T;
  const { clipValue, box, averageWeight, averages, clear, tensors } = readOptions(memory, options, P.length);
  const A = averages === 0 ? undefined : T.view(memory, averages, P.length);
  const limit = round(clipValue);
  const farthest = round(box);
  const taken = round(averageWeight);
  const kept = round(1 - averageWeight);
  let nonFinite = 0;
  let i = 0;
  for (const tensor of tensors) {
    const [scale, l2, shrink, rate] = [tensor.gradientScale, tensor.l2, tensor.shrink, tensor.rate].map(round) as [
      number,
      number,
      number,
      number,
    ];
    for (const end = i + tensor.length; i < end; i++) {
      if (tensor.rate !== 0) {
        const raw = G[i]!;
        const parameter = P[i]!;
        const clipped = Math.max(Math.min(round(scale * raw), limit), -limit);
        // As above: 0 times a parameter is not added.
        const gradient = tensor.l2 === 0 ? clipped : round(round(l2 * parameter) + clipped);
        const step = round(rate * update(gradient, i));
        const moved = round(parameter - round(round(shrink * parameter) + step));
        P[i] = Math.max(Math.min(moved, farthest), -farthest);
        if (A) A[i] = round(round(taken * P[i]!) + round(kept * A[i]!));
        if (!Number.isFinite(raw)) nonFinite++;
      }
      if (clear) G[i] = 0;
    }
  }
  return nonFinite;
}
