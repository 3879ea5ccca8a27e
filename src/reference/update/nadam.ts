import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;
 * p <- p - (momentRate m + gradientRate g) / (sqrt(v) + epsilon)
 */
export const nadam =
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
    gradientRate: number,
    momentRate: number,
    epsilon: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, secondMoments, n);
    const [b1, a1, b2, a2, ofGradient, ofMoment, eps] = [
      beta1,
      intake1,
      beta2,
      intake2,
      gradientRate,
      momentRate,
      epsilon,
    ].map(round) as [number, number, number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      M[i] = first;
      V[i] = second;
      const direction = round(round(ofMoment * first) + round(ofGradient * g));
      return round(direction / round(round(Math.sqrt(second)) + eps));
    });
  };
