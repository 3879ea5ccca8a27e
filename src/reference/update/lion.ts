import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** p <- p - learningRate sign(beta1 m + intake1 g), with the m before;  m <- beta2 m + intake2 g */
export const lion =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    moments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    learningRate: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, moments, n);
    const [b1, a1, b2, a2, rate] = [beta1, intake1, beta2, intake2, learningRate].map(round) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const direction = round(round(a1 * g) + round(b1 * M[i]!));
      M[i] = round(round(a2 * g) + round(b2 * M[i]!));
      return round(rate * Math.sign(direction));
    });
  };
