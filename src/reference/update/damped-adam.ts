import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

type Seven = [number, number, number, number, number, number, number];

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p - (stepSize m + decayRate p) / sqrt(v + damping) */
export const dampedAdam =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    decayRate: number,
    damping: number,
  ): number => {
    const { round } = T;
    const P = T.view(memory, parameters, n);
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, secondMoments, n);
    const scalars = [beta1, intake1, beta2, intake2, stepSize, decayRate, damping];
    const [b1, a1, b2, a2, rate, decay, damp] = scalars.map(round) as Seven;
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      M[i] = first;
      V[i] = second;
      const direction = round(round(decay * P[i]!) + round(rate * first));
      return round(direction / round(Math.sqrt(round(second + damp))));
    });
  };

/** m and v as above;  w <- max(w, correction v);  p <- p - stepSize m / (sqrt(w) + epsilon) */
export const correctedAmsgrad =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    greatestMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    correction: number,
    epsilon: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, secondMoments, n);
    const W = T.view(memory, greatestMoments, n);
    const scalars = [beta1, intake1, beta2, intake2, stepSize, correction, epsilon];
    const [b1, a1, b2, a2, rate, correct, eps] = scalars.map(round) as Seven;
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      const greatest = Math.max(round(correct * second), W[i]!);
      M[i] = first;
      V[i] = second;
      W[i] = greatest;
      return round(round(rate * first) / round(round(Math.sqrt(greatest)) + eps));
    });
  };
