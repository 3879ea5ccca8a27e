import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** o <- o - r, or n - r where a turn begins;  n <- n + g, or g there;  r <- g;  p <- p - learningRate (n + o) */
export const windowedMomentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    newSums: number,
    oldSums: number,
    ring: number,
    turn: number,
    learningRate: number,
  ): number => {
    const { round } = T;
    const [N, O, R] = [newSums, oldSums, ring].map((pointer) => T.view(memory, pointer, n)) as [
      ReturnType<typeof T.view>,
      ReturnType<typeof T.view>,
      ReturnType<typeof T.view>,
    ];
    const rate = round(learningRate);
    const begins = turn !== 0;
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const rest = round((begins ? N[i]! : O[i]!) - R[i]!);
      const sum = round((begins ? 0 : N[i]!) + g);
      N[i] = sum;
      O[i] = rest;
      R[i] = g;
      return round(rate * round(sum + rest));
    });
  };
