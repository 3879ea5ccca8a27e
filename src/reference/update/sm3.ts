import type { Element, LinearMemory } from "../element.js";
import { eachTensor, rounded } from "./tensors.js";

function step(
  memory: LinearMemory,
  T: Element,
  [n, parameters, gradients, options, rowSums, columnSums]: [number, number, number, number, number, number],
  epsilon: number,
  learningRate: number,
  velocityOf: (i: number, own: number) => number,
): number {
  const { round } = T;
  const [eps, rate] = rounded(T, epsilon, learningRate);
  return eachTensor(T, memory, n, parameters, gradients, options, (tensorStep) => {
    const { tensor, rowSlot, columnSlot, start, gradient, move } = tensorStep;
    const { rows, columns, matrices } = tensor;
    const own = round(rate * tensor.rate);
    const R = T.view(memory, rowSums + T.bytes * rowSlot, rows === 0 ? columns : rows * matrices);
    const C = T.view(memory, columnSums + T.bytes * columnSlot, rows === 0 ? 0 : columns * matrices);
    const advance = (i: number, g: number, sum: number) => {
      const alone = g === 0 ? 0 : round(g / round(Math.sqrt(round(sum + eps))));
      move(i, own, velocityOf(i, alone));
    };
    if (rows === 0) {
      for (let j = 0; j < columns; j++) {
        const g = gradient(start + j);
        R[j] = round(round(g * g) + R[j]!);
        advance(start + j, g, R[j]!);
      }
      return;
    }
    for (let matrix = 0; matrix < matrices; matrix++) {
      const before = C.subarray(matrix * columns, (matrix + 1) * columns);
      const next = new Float64Array(columns);
      for (let row = matrix * rows; row < (matrix + 1) * rows; row++) {
        let greatest = 0;
        for (let j = 0; j < columns; j++) {
          const i = start + row * columns + j;
          const g = gradient(i);
          const sum = round(round(g * g) + Math.min(before[j]!, R[row]!));
          next[j] = Math.max(next[j]!, sum);
          greatest = Math.max(greatest, sum);
          advance(i, g, sum);
        }
        R[row] = greatest;
      }
      before.set(next);
    }
  });
}

/**
 * s_ij = min(R_i, C_j) + g_ij g_ij;  R_i <- max_j s_ij;  C_j <- max_i s_ij;  p <- p - learningRate g / sqrt(s + epsilon).
 * Of a vector  s_j <- s_j + g_j g_j.  `next` is room for the kernel, not used here.
 */
export const sm3 =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    rowSums: number,
    columnSums: number,
    _next: number,
    epsilon: number,
    learningRate: number,
  ): number =>
    step(memory, T, [n, parameters, gradients, options, rowSums, columnSums], epsilon, learningRate, (_i, own) => own);

/** With u = g / sqrt(s + epsilon):  b <- momentum b + intake u;  p <- p - learningRate b */
export const sm3Momentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    rowSums: number,
    columnSums: number,
    _next: number,
    velocities: number,
    epsilon: number,
    learningRate: number,
    momentum: number,
    intake: number,
  ): number => {
    const { round } = T;
    const B = T.view(memory, velocities, n);
    const [keep, take] = rounded(T, momentum, intake);
    return step(
      memory,
      T,
      [n, parameters, gradients, options, rowSums, columnSums],
      epsilon,
      learningRate,
      (i, own) => {
        B[i] = round(round(take * own) + round(keep * B[i]!));
        return B[i]!;
      },
    );
  };
