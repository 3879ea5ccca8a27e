// assembly/update, rule by rule. The arguments that all rules share are described in assembly/update/step.ts.

import type { Element, FloatArray, LinearMemory } from "./element.js";

/** What a rule does to element i, given the prepared gradient and the parameter times `keep`: the new parameter. */
type Update = (gradient: number, parameter: number, i: number) => number;

function pass(
  T: Element,
  memory: LinearMemory,
  n: number,
  parameters: number,
  gradients: number,
  gradientScale: number,
  l2: number,
  keep: number,
  clear: number,
  update: Update,
): number {
  const { round } = T;
  const P = T.view(memory, parameters, n);
  const G = T.view(memory, gradients, n);
  const scale = round(gradientScale);
  const penalty = round(l2);
  const decay = round(keep);
  let nonFinite = 0;
  for (let i = 0; i < n; i++) {
    const raw = G[i]!;
    const parameter = P[i]!;
    const gradient = round(round(penalty * parameter) + round(scale * raw));
    P[i] = update(gradient, round(decay * parameter), i);
    if (clear) G[i] = 0;
    if (!Number.isFinite(raw)) nonFinite++;
  }
  return nonFinite;
}

/** p <- p - learningRate g */
export const sgd =
  (memory: LinearMemory, T: Element) =>
  (
    n: number, parameters: number, gradients: number, gradientScale: number, l2: number, keep: number, clear: number,
    learningRate: number,
  ): number => {
    const { round } = T;
    const rate = round(learningRate);
    return pass(T, memory, n, parameters, gradients, gradientScale, l2, keep, clear, (g, p) => round(p - round(rate * g)));
  };

/** b <- momentum b + intake g;  p <- p - learningRate (gradientShare g + bufferShare b) */
export const momentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number, parameters: number, gradients: number, gradientScale: number, l2: number, keep: number, clear: number,
    buffers: number, learningRate: number, momentum: number, intake: number, gradientShare: number, bufferShare: number,
  ): number => {
    const { round } = T;
    const B = T.view(memory, buffers, n);
    const [rate, decay, take, fromGradient, fromBuffer] =
      [learningRate, momentum, intake, gradientShare, bufferShare].map(round) as [number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, gradientScale, l2, keep, clear, (g, p, i) => {
      const buffer = round(round(take * g) + round(decay * B[i]!));
      B[i] = buffer;
      const direction = round(round(fromBuffer * buffer) + round(fromGradient * g));
      return round(p - round(rate * direction));
    });
  };

/** s <- s + g g;  p <- p - learningRate g / (sqrt(s + epsilonInside) + epsilonOutside) */
export const adagrad =
  (memory: LinearMemory, T: Element) =>
  (
    n: number, parameters: number, gradients: number, gradientScale: number, l2: number, keep: number, clear: number,
    sums: number, learningRate: number, epsilonInside: number, epsilonOutside: number,
  ): number => {
    const { round } = T;
    const S = T.view(memory, sums, n);
    const [rate, inside, outside] = [learningRate, epsilonInside, epsilonOutside].map(round) as [number, number, number];
    return pass(T, memory, n, parameters, gradients, gradientScale, l2, keep, clear, (g, p, i) => {
      const sum = round(round(g * g) + S[i]!);
      S[i] = sum;
      const root = round(round(Math.sqrt(round(sum + inside))) + outside);
      return round(p - round(round(rate * g) / root));
    });
  };

/** The moments of Adam, updated in place, and its step from p for the second moment that goes under the root. */
function moments(
  T: Element, M: FloatArray, V: FloatArray,
  beta1: number, intake1: number, beta2: number, intake2: number, stepSize: number, rootScale: number, epsilon: number,
  underRoot: (second: number, i: number) => number,
): Update {
  const { round } = T;
  const [b1, a1, b2, a2, rate, rooting, eps] =
    [beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon].map(round) as
      [number, number, number, number, number, number, number];
  return (g, p, i) => {
    const first = round(round(a1 * g) + round(b1 * M[i]!));
    const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
    M[i] = first;
    V[i] = second;
    const root = round(round(rooting * round(Math.sqrt(underRoot(second, i)))) + eps);
    return round(p - round(round(rate * first) / root));
  };
}

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p - stepSize m / (rootScale sqrt(v) + epsilon) */
export const adam =
  (memory: LinearMemory, T: Element) =>
  (
    n: number, parameters: number, gradients: number, gradientScale: number, l2: number, keep: number, clear: number,
    firstMoments: number, secondMoments: number, beta1: number, intake1: number, beta2: number, intake2: number,
    stepSize: number, rootScale: number, epsilon: number,
  ): number => {
    const update = moments(
      T, T.view(memory, firstMoments, n), T.view(memory, secondMoments, n),
      beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon, (second) => second,
    );
    return pass(T, memory, n, parameters, gradients, gradientScale, l2, keep, clear, update);
  };

/** As `adam`, with the greatest v so far under the root. */
export const amsgrad =
  (memory: LinearMemory, T: Element) =>
  (
    n: number, parameters: number, gradients: number, gradientScale: number, l2: number, keep: number, clear: number,
    firstMoments: number, secondMoments: number, greatestMoments: number,
    beta1: number, intake1: number, beta2: number, intake2: number,
    stepSize: number, rootScale: number, epsilon: number,
  ): number => {
    const greatest = T.view(memory, greatestMoments, n);
    const update = moments(
      T, T.view(memory, firstMoments, n), T.view(memory, secondMoments, n),
      beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
      (second, i) => {
        greatest[i] = Math.max(second, greatest[i]!);
        return greatest[i]!;
      },
    );
    return pass(T, memory, n, parameters, gradients, gradientScale, l2, keep, clear, update);
  };
