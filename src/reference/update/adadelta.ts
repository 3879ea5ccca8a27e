import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

type Adadelta = (
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
) => number;

/** Both kernels: which v the denominator is made of, the new one or the one before. */
const dividingBy =
  (underRoot: (square: number, before: number) => number) =>
  (memory: LinearMemory, T: Element): Adadelta =>
  (n, parameters, gradients, options, squares, deltas, decay, intake, epsilon, learningRate) => {
    const { round } = T;
    const V = T.view(memory, squares, n);
    const D = T.view(memory, deltas, n);
    const scalars = [decay, intake, epsilon, learningRate];
    const [keep, take, eps, rate] = scalars.map(round) as [number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const before = V[i]!;
      const square = round(round(round(take * g) * g) + round(keep * before));
      V[i] = square;
      const numerator = round(Math.sqrt(round(D[i]! + eps)));
      const denominator = round(Math.sqrt(round(underRoot(square, before) + eps)));
      const delta = round(round(numerator / denominator) * g);
      D[i] = round(round(round(take * delta) * delta) + round(keep * D[i]!));
      return round(rate * delta);
    });
  };

/**
 * v <- decay v + intake g g;  delta = sqrt(d + epsilon) / sqrt(v + epsilon) g;  d <- decay d + intake delta delta;
 * p <- p - learningRate delta
 */
export const adadelta = dividingBy((square) => square);

/** The same with the v before in the denominator. */
export const staleAdadelta = dividingBy((_, before) => before);
