import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/**
 * v <- beta2 v + intake2 (g - m) (g - m) + epsilonInside;  m <- beta1 m + intake1 g;
 * p <- p - stepSize m / (sqrt(v) + epsilonOutside)
 */
export const adabelief =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    variances: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    epsilonInside: number,
    stepSize: number,
    epsilonOutside: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, variances, n);
    const [b1, a1, b2, a2, inside, rate, outside] = [
      beta1,
      intake1,
      beta2,
      intake2,
      epsilonInside,
      stepSize,
      epsilonOutside,
    ].map(round) as [number, number, number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const surprise = round(g - M[i]!);
      const variance = round(round(round(round(a2 * surprise) * surprise) + round(b2 * V[i]!)) + inside);
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      V[i] = variance;
      M[i] = first;
      return round(round(rate * first) / round(round(Math.sqrt(variance)) + outside));
    });
  };
