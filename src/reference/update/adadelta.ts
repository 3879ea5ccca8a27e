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

/** How the root mean squares of deltas and gradients are divided. */
type Ratio = (T: Element, deltas: number, squares: number) => number;

const quotientOfRoots: Ratio = ({ round }, deltas, squares) =>
  round(round(Math.sqrt(deltas)) / round(Math.sqrt(squares)));

const rootOfQuotient: Ratio = ({ round }, deltas, squares) => round(Math.sqrt(round(deltas / squares)));

/** All kernels: which v the denominator is made of, the new one or the one before, and how many roots are taken. */
const dividingBy =
  (denominator: (square: number, before: number) => number, ratio: Ratio) =>
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
      const delta = round(ratio(T, round(D[i]! + eps), round(denominator(square, before) + eps)) * g);
      D[i] = round(round(round(take * delta) * delta) + round(keep * D[i]!));
      return round(rate * delta);
    });
  };

/**
 * v <- decay v + intake g g;  delta = sqrt(d + epsilon) / sqrt(v + epsilon) g;  d <- decay d + intake delta delta;
 * p <- p - learningRate delta
 */
export const adadelta = dividingBy((square) => square, quotientOfRoots);

/** The same with the v before in the denominator. */
export const staleAdadelta = dividingBy((_, before) => before, quotientOfRoots);

/** Adadelta with sqrt((d + epsilon) / (v + epsilon)). */
export const quotientAdadelta = dividingBy((square) => square, rootOfQuotient);
