import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** p <- p - learningRate sign(g) */
export const signSgd =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, learningRate: number): number => {
    const rate = T.round(learningRate);
    return pass(T, memory, n, parameters, gradients, options, (g) => rate * Math.sign(g));
  };
