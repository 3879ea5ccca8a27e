import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** m <- beta1 m + intake1 g;  u <- max(beta2 u, |g| + epsilonInside);  p <- p - stepSize m / (u + epsilonOutside) */
export const adamax =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    moments: number,
    norms: number,
    beta1: number,
    intake1: number,
    beta2: number,
    epsilonInside: number,
    epsilonOutside: number,
    stepSize: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, moments, n);
    const U = T.view(memory, norms, n);
    const [b1, a1, b2, inside, outside, rate] = [beta1, intake1, beta2, epsilonInside, epsilonOutside, stepSize].map(
      round,
    ) as [number, number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const moment = round(round(a1 * g) + round(b1 * M[i]!));
      const norm = Math.max(round(b2 * U[i]!), round(Math.abs(g) + inside));
      M[i] = moment;
      U[i] = norm;
      return round(round(rate * moment) / round(norm + outside));
    });
  };
