import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** s <- s + g g;  p <- p - learningRate g / (sqrt(s + epsilonInside) + epsilonOutside) */
export const adagrad =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    sums: number,
    learningRate: number,
    epsilonInside: number,
    epsilonOutside: number,
  ): number => {
    const { round } = T;
    const S = T.view(memory, sums, n);
    const [rate, inside, outside] = [learningRate, epsilonInside, epsilonOutside].map(round) as [
      number,
      number,
      number,
    ];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const sum = round(round(g * g) + S[i]!);
      S[i] = sum;
      const root = round(round(Math.sqrt(round(sum + inside))) + outside);
      return round(round(rate * g) / root);
    });
  };
