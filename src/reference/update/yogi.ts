import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** m <- beta1 m + intake1 g;  v <- v - sign(v - g g) intake2 g g;  p <- p - stepSize m / (rootScale sqrt(v) + epsilon) */
export const yogi =
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
    intake2: number,
    stepSize: number,
    rootScale: number,
    epsilon: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, secondMoments, n);
    const [b1, a1, a2, rate, rooting, eps] = [beta1, intake1, intake2, stepSize, rootScale, epsilon].map(round) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      const square = round(g * g);
      const towards = round(Math.sign(round(V[i]! - square)) * round(a2 * square));
      const second = round(V[i]! - towards);
      M[i] = first;
      V[i] = second;
      const root = round(round(rooting * round(Math.sqrt(second))) + eps);
      return round(round(rate * first) / root);
    });
  };
