import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/**
 * v <- decay v + intake g g;  delta = sqrt(d + epsilon) / sqrt(v + epsilon) g;  d <- decay d + intake delta delta;
 * p <- p - learningRate delta
 */
export const adadelta =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    squares: number,
    deltas: number,
    decay: number,
    intake: number,
    epsilon: number,
    learningRate: number,
  ): number => {
    const { round } = T;
    const V = T.view(memory, squares, n);
    const D = T.view(memory, deltas, n);
    const [keep, take, eps, rate] = [decay, intake, epsilon, learningRate].map(round) as [
      number,
      number,
      number,
      number,
    ];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const square = round(round(round(take * g) * g) + round(keep * V[i]!));
      V[i] = square;
      const numerator = round(Math.sqrt(round(D[i]! + eps)));
      const denominator = round(Math.sqrt(round(square + eps)));
      const delta = round(round(numerator / denominator) * g);
      D[i] = round(round(round(take * delta) * delta) + round(keep * D[i]!));
      return round(rate * delta);
    });
  };
