import type { Element, FloatArray, LinearMemory } from "../element.js";
import { pass, type Update } from "./pass.js";

/** v <- decay v + intake g g, and m <- decay m + intake g if centred; says what the gradient is divided by. */
function roots(
  { round }: Element,
  V: FloatArray,
  M: FloatArray | undefined,
  decay: number,
  intake: number,
  epsilonInside: number,
  epsilonOutside: number,
): Update {
  const [keep, take, inside, outside] = [decay, intake, epsilonInside, epsilonOutside].map(round) as [
    number,
    number,
    number,
    number,
  ];
  return (g, i) => {
    const square = round(round(round(take * g) * g) + round(keep * V[i]!));
    V[i] = square;
    let underRoot = square;
    if (M) {
      const mean = round(round(take * g) + round(keep * M[i]!));
      M[i] = mean;
      underRoot = Math.max(round(square - round(mean * mean)), 0);
    }
    return round(round(Math.sqrt(round(underRoot + inside))) + outside);
  };
}

/** The step along learningRate g / root. */
function plain({ round }: Element, learningRate: number, root: Update): Update {
  const rate = round(learningRate);
  return (g, i) => round(round(rate * g) / root(g, i));
}

/** b <- momentum b + rateInside g / root;  the step is rateOutside b */
function alongVelocity(
  { round }: Element,
  B: FloatArray,
  momentum: number,
  rateInside: number,
  rateOutside: number,
  root: Update,
): Update {
  const [keep, inside, outside] = [momentum, rateInside, rateOutside].map(round) as [number, number, number];
  return (g, i) => {
    const velocity = round(round(keep * B[i]!) + round(round(inside * g) / root(g, i)));
    B[i] = velocity;
    return round(outside * velocity);
  };
}

/** v <- decay v + intake g g;  p <- p - learningRate g / (sqrt(v + epsilonInside) + epsilonOutside) */
export const rmsprop =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    squares: number,
    decay: number,
    intake: number,
    epsilonInside: number,
    epsilonOutside: number,
    learningRate: number,
  ): number => {
    const V = T.view(memory, squares, n);
    const root = roots(T, V, undefined, decay, intake, epsilonInside, epsilonOutside);
    const update = plain(T, learningRate, root);
    return pass(T, memory, n, parameters, gradients, options, update);
  };

/** As `rmsprop`, with a velocity: b <- momentum b + rateInside g / root;  p <- p - rateOutside b */
export const rmspropMomentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    squares: number,
    velocities: number,
    decay: number,
    intake: number,
    epsilonInside: number,
    epsilonOutside: number,
    momentum: number,
    rateInside: number,
    rateOutside: number,
  ): number => {
    const V = T.view(memory, squares, n);
    const B = T.view(memory, velocities, n);
    const root = roots(T, V, undefined, decay, intake, epsilonInside, epsilonOutside);
    const update = alongVelocity(T, B, momentum, rateInside, rateOutside, root);
    return pass(T, memory, n, parameters, gradients, options, update);
  };

/** As `rmsprop`, with m <- decay m + intake g, and v - m m under the root, or 0 where that is less. */
export const centeredRmsprop =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    squares: number,
    means: number,
    decay: number,
    intake: number,
    epsilonInside: number,
    epsilonOutside: number,
    learningRate: number,
  ): number => {
    const V = T.view(memory, squares, n);
    const M = T.view(memory, means, n);
    const root = roots(T, V, M, decay, intake, epsilonInside, epsilonOutside);
    const update = plain(T, learningRate, root);
    return pass(T, memory, n, parameters, gradients, options, update);
  };

/** As `centeredRmsprop`, with the velocity of `rmspropMomentum`. */
export const centeredRmspropMomentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    squares: number,
    means: number,
    velocities: number,
    decay: number,
    intake: number,
    epsilonInside: number,
    epsilonOutside: number,
    momentum: number,
    rateInside: number,
    rateOutside: number,
  ): number => {
    const V = T.view(memory, squares, n);
    const M = T.view(memory, means, n);
    const B = T.view(memory, velocities, n);
    const root = roots(T, V, M, decay, intake, epsilonInside, epsilonOutside);
    const update = alongVelocity(T, B, momentum, rateInside, rateOutside, root);
    return pass(T, memory, n, parameters, gradients, options, update);
  };
