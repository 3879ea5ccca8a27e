import type { Element, LinearMemory } from "../element.js";
import { type Motion, move } from "./move.js";

/** z <- z - (rate step + shrink y);  x <- kept x + taken z;  y <- fromAverage x + fromIterate z */
function interpolate(
  T: Element,
  memory: LinearMemory,
  n: number,
  averages: number,
  iterates: number,
  scalars: readonly number[],
  stepAlong: (gradient: number, i: number) => number,
): Motion {
  const { round } = T;
  const X = T.view(memory, averages, n);
  const Z = T.view(memory, iterates, n);
  const [kept, taken, fromAverage, fromIterate] = scalars.map(round) as [number, number, number, number];
  return (parameter, gradient, rate, shrink, i) => {
    const decayed = round(Z[i]! - round(shrink * parameter));
    const iterate = round(decayed - round(rate * stepAlong(gradient, i)));
    const average = round(round(taken * iterate) + round(kept * X[i]!));
    Z[i] = iterate;
    X[i] = average;
    return round(round(fromAverage * average) + round(fromIterate * iterate));
  };
}

/** Along learningRate g */
export const scheduleFreeSgd =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    averages: number,
    iterates: number,
    learningRate: number,
    kept: number,
    taken: number,
    fromAverage: number,
    fromIterate: number,
  ): number => {
    const { round } = T;
    const eta = round(learningRate);
    const scalars = [kept, taken, fromAverage, fromIterate];
    const motion = interpolate(T, memory, n, averages, iterates, scalars, (g) => round(eta * g));
    return move(T, memory, n, parameters, gradients, options, motion);
  };

/** v <- beta2 v + intake2 g g;  along learningRate g / (sqrt(v) + epsilon) */
export const scheduleFreeAdamw =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    averages: number,
    iterates: number,
    secondMoments: number,
    learningRate: number,
    kept: number,
    taken: number,
    fromAverage: number,
    fromIterate: number,
    beta2: number,
    intake2: number,
    epsilon: number,
  ): number => {
    const { round } = T;
    const V = T.view(memory, secondMoments, n);
    const [eta, b2, a2, eps] = [learningRate, beta2, intake2, epsilon].map(round) as [number, number, number, number];
    const scalars = [kept, taken, fromAverage, fromIterate];
    const motion = interpolate(T, memory, n, averages, iterates, scalars, (g, i) => {
      const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      V[i] = second;
      return round(round(eta * g) / round(round(Math.sqrt(second)) + eps));
    });
    return move(T, memory, n, parameters, gradients, options, motion);
  };
