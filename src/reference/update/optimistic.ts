import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** p <- p - learningRate (g + optimism (g - h));  h <- g */
export const optimistic =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    previous: number,
    learningRate: number,
    optimism: number,
  ): number => {
    const { round } = T;
    const H = T.view(memory, previous, n);
    const [rate, share] = [learningRate, optimism].map(round) as [number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const change = round(g - H[i]!);
      H[i] = g;
      return round(rate * round(round(share * change) + g));
    });
  };
