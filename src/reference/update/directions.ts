// assembly/update/directions.ts

import type { Element, LinearMemory } from "../element.js";
import { eachTensor, rounded } from "./tensors.js";

/** The gradient as a rule sees it: scaled, clipped, with l2. */
export const prepareGradients =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, prepared: number): number => {
    const D = T.view(memory, prepared, n);
    return eachTensor(T, memory, n, parameters, gradients, options, ({ start, end, gradient }) => {
      for (let i = start; i < end; i++) D[i] = gradient(i);
    });
  };

/** p <- p - (shrink p + rate d) */
export const moveAlong =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, directions: number, rate: number): number => {
    const D = T.view(memory, directions, n);
    const [speed] = rounded(T, rate);
    return eachTensor(T, memory, n, parameters, gradients, options, ({ tensor, start, end, move }) => {
      for (let i = start; i < end; i++) move(i, T.round(speed! * tensor.rate), D[i]!);
    });
  };

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  d <- firstScale m / (rootScale sqrt(v) + epsilon) */
export const momentDirection =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    gradients: number,
    firstMoments: number,
    secondMoments: number,
    directions: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    firstScale: number,
    rootScale: number,
    epsilon: number,
  ): void => {
    const { round } = T;
    const G = T.view(memory, gradients, n);
    const D = T.view(memory, directions, n);
    const M = firstMoments === 0 ? undefined : T.view(memory, firstMoments, n);
    const V = secondMoments === 0 ? undefined : T.view(memory, secondMoments, n);
    const scalars = [beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon] as const;
    const [b1, a1, b2, a2, scale, rooting, eps] = rounded(T, ...scalars);
    for (let i = 0; i < n; i++) {
      const g = G[i]!;
      if (M) M[i] = round(round(a1 * g) + round(b1 * M[i]!));
      const step = round(scale * (M ? M[i]! : g));
      if (V) V[i] = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      D[i] = V ? step / round(round(rooting * round(Math.sqrt(V[i]!))) + eps) : step;
    }
  };
