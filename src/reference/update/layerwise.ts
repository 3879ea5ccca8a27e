import type { Element, LinearMemory } from "../element.js";
import { eachTensor, rounded, SquareSum } from "./tensors.js";

/** Brings the slots of element i forward and returns the direction that they make. */
type Direction = (gradient: number, i: number) => number;

/**
 * p <- p - learningRate ratio u  for each tensor, with ratio = trust |p| / (|u| + floor), 1 where one of the norms is 0.
 * With `decayInside` l2 times the parameter is added to the direction rather than to the gradient.
 */
function layerwise(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  options: number,
  decayInside: boolean,
  directionOf: Direction,
  learningRate: number,
  trust: number,
  floor: number,
): number {
  const { round } = T;
  const P = T.view(memory, parameters, n);
  const [rate, share, least] = rounded(T, learningRate, trust, floor);
  const directions = new Float64Array(n);
  return eachTensor(T, memory, n, parameters, gradients, options, ({ tensor, start, end, gradient, move }) => {
    const decay = round(tensor.l2);
    const parameterSquares = new SquareSum(T, end - start);
    const directionSquares = new SquareSum(T, end - start);
    for (let i = start; i < end; i++) {
      const own = directionOf(gradient(i, !decayInside), i);
      directions[i] = decayInside && tensor.l2 !== 0 ? round(round(decay * P[i]!) + own) : own;
      parameterSquares.add(P[i]!);
      directionSquares.add(directions[i]!);
    }
    const zeroNorm = parameterSquares.total === 0 || directionSquares.total === 0;
    const parameterNorm = (1 - tensor.shrink) * Math.sqrt(parameterSquares.total);
    const ratio = zeroNorm ? 1 : (share * parameterNorm) / (Math.sqrt(directionSquares.total) + least);
    const own = round(rate * ratio * tensor.rate);
    for (let i = start; i < end; i++) move(i, own, directions[i]!);
  });
}

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  u = firstScale m / (rootScale sqrt(v) + epsilon), 0 where m is
 * 0, + l2 p;  p <- p - learningRate |p| / |u| u
 */
export const lamb =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    firstScale: number,
    rootScale: number,
    epsilon: number,
    learningRate: number,
  ): number => {
    const { round } = T;
    const M = T.view(memory, firstMoments, n);
    const V = T.view(memory, secondMoments, n);
    const scalars = [beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon] as const;
    const [b1, a1, b2, a2, scale, rooting, eps] = rounded(T, ...scalars);
    const direction: Direction = (g, i) => {
      M[i] = round(round(a1 * g) + round(b1 * M[i]!));
      V[i] = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      const root = round(round(rooting * round(Math.sqrt(V[i]!))) + eps);
      return M[i] === 0 ? 0 : round(round(scale * M[i]!) / root);
    };
    return layerwise(T, memory, n, parameters, gradients, options, true, direction, learningRate, 1, 0);
  };

/** b <- momentum b + intake g;  p <- p - learningRate trust |p| / (|b| + floor) b */
export const normalizedMomentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    buffers: number,
    momentum: number,
    intake: number,
    learningRate: number,
    trust: number,
    floor: number,
  ): number => {
    const { round } = T;
    const B = T.view(memory, buffers, n);
    const [keep, take] = rounded(T, momentum, intake);
    const direction: Direction = (g, i) => {
      B[i] = round(round(take * g) + round(keep * B[i]!));
      return B[i]!;
    };
    return layerwise(T, memory, n, parameters, gradients, options, false, direction, learningRate, trust, floor);
  };
