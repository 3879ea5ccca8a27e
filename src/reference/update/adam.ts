import type { Element, FloatArray, LinearMemory } from "../element.js";
import { pass, type Update } from "./pass.js";

/** The moments of Adam, updated in place, and its step for the second moment that goes under the root. */
function moments(
  T: Element,
  M: FloatArray,
  V: FloatArray,
  beta1: number,
  intake1: number,
  beta2: number,
  intake2: number,
  stepSize: number,
  rootScale: number,
  epsilon: number,
  underRoot: (second: number, i: number) => number,
): Update {
  const { round } = T;
  const [b1, a1, b2, a2, rate, rooting, eps] = [beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon].map(
    round,
  ) as [number, number, number, number, number, number, number];
  return (g, i) => {
    const first = round(round(a1 * g) + round(b1 * M[i]!));
    const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
    M[i] = first;
    V[i] = second;
    const root = round(round(rooting * round(Math.sqrt(underRoot(second, i)))) + eps);
    return round(round(rate * first) / root);
  };
}

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p - stepSize m / (rootScale sqrt(v) + epsilon) */
export const adam =
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
    stepSize: number,
    rootScale: number,
    epsilon: number,
  ): number => {
    const update = moments(
      T,
      T.view(memory, firstMoments, n),
      T.view(memory, secondMoments, n),
      beta1,
      intake1,
      beta2,
      intake2,
      stepSize,
      rootScale,
      epsilon,
      (second) => second,
    );
    return pass(T, memory, n, parameters, gradients, options, update);
  };

/** As `adam`, with the greatest v so far under the root. */
export const amsgrad =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    greatestMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    rootScale: number,
    epsilon: number,
  ): number => {
    const greatest = T.view(memory, greatestMoments, n);
    const update = moments(
      T,
      T.view(memory, firstMoments, n),
      T.view(memory, secondMoments, n),
      beta1,
      intake1,
      beta2,
      intake2,
      stepSize,
      rootScale,
      epsilon,
      (second, i) => {
        greatest[i] = Math.max(second, greatest[i]!);
        return greatest[i]!;
      },
    );
    return pass(T, memory, n, parameters, gradients, options, update);
  };
