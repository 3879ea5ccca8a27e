import type { Element, LinearMemory } from "../element.js";
import { move } from "./move.js";

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  S <- beta3 S + intake3 g;
 * p <- p - rate stepSize m / (sqrt(v) + epsilon) - shrink p
 *
 * `sums` is the address of f64[8]: at 0 comes the sum of g (p_0 - p), at 4 that of |S|, each added up lane by lane.
 */
export const prodigy =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    firstMoments: number,
    secondMoments: number,
    starts: number,
    gradientSums: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    beta3: number,
    intake3: number,
    stepSize: number,
    epsilon: number,
    sums: number,
  ): number => {
    const { round } = T;
    const slots = [firstMoments, secondMoments, starts, gradientSums].map((pointer) => T.view(memory, pointer, n));
    const [M, V, P0, S] = slots as [Float64Array, Float64Array, Float64Array, Float64Array];
    const scalars = [beta1, intake1, beta2, intake2, beta3, intake3, stepSize, epsilon].map(round);
    const [b1, a1, b2, a2, b3, a3, eta, eps] = scalars as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const lanes = new Float64Array(memory.buffer, sums, 8).fill(0);
    const count = move(T, memory, n, parameters, gradients, options, (p, g, rate, shrink, i, lane) => {
      lanes[lane]! += round(g * round(P0[i]! - p));
      const sum = round(round(a3 * g) + round(b3 * S[i]!));
      lanes[4 + lane]! += Math.abs(sum);
      const first = round(round(a1 * g) + round(b1 * M[i]!));
      const second = round(round(round(a2 * g) * g) + round(b2 * V[i]!));
      S[i] = sum;
      M[i] = first;
      V[i] = second;
      const step = round(round(eta * first) / round(round(Math.sqrt(second)) + eps));
      return round(p - round(round(shrink * p) + round(rate * step)));
    });
    for (const k of [0, 4]) lanes[k] = lanes[k]! + lanes[k + 1]! + (lanes[k + 2]! + lanes[k + 3]!);
    return count;
  };
