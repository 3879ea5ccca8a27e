// The one pass over memory that every update rule makes. Its arguments are described in assembly/update/step.ts.

import type { Element, LinearMemory } from "../element.js";

/** What a rule does to element i, given the prepared gradient: the step to subtract. */
export type Update = (gradient: number, i: number) => number;

export function pass(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  gradientScale: number,
  l2: number,
  shrink: number,
  clear: number,
  update: Update,
): number {
  const { round } = T;
  const P = T.view(memory, parameters, n);
  const G = T.view(memory, gradients, n);
  const scale = round(gradientScale);
  const penalty = round(l2);
  const decay = round(shrink);
  // Nothing is prepared then: not even 0 times a parameter, which may be NaN, is added.
  const bare = scale === 1 && penalty === 0 && decay === 0 && clear === 0;
  let nonFinite = 0;
  for (let i = 0; i < n; i++) {
    const raw = G[i]!;
    const parameter = P[i]!;
    const gradient = bare ? raw : round(round(penalty * parameter) + round(scale * raw));
    const step = update(gradient, i);
    P[i] = parameter - (bare ? step : round(round(decay * parameter) + step));
    if (clear) G[i] = 0;
    if (!Number.isFinite(raw)) nonFinite++;
  }
  return nonFinite;
}
