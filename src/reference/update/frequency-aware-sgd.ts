import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** c <- c + 1 where g is not 0;  p <- p - learningRate g / sqrt(max(c, 1)) */
export const frequencyAwareSgd =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, counts: number, learningRate: number): number => {
    const { round } = T;
    const C = T.view(memory, counts, n);
    const rate = round(learningRate);
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const count = round(C[i]! + (g === 0 ? 0 : 1));
      C[i] = count;
      return round(round(rate * g) / round(Math.sqrt(Math.max(count, 1))));
    });
  };
