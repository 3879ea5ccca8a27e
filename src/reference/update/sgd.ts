import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/** p <- p - learningRate g */
export const sgd =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, learningRate: number): number => {
    const { round } = T;
    const rate = round(learningRate);
    return pass(T, memory, n, parameters, gradients, options, (g) => round(rate * g));
  };

/** b <- momentum b + intake g;  p <- p - learningRate (gradientShare g + bufferShare b) */
export const momentum =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    buffers: number,
    learningRate: number,
    momentum: number,
    intake: number,
    gradientShare: number,
    bufferShare: number,
  ): number => {
    const { round } = T;
    const B = T.view(memory, buffers, n);
    const [rate, decay, take, fromGradient, fromBuffer] = [
      learningRate,
      momentum,
      intake,
      gradientShare,
      bufferShare,
    ].map(round) as [number, number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const buffer = round(round(take * g) + round(decay * B[i]!));
      B[i] = buffer;
      const direction = round(round(fromBuffer * buffer) + round(fromGradient * g));
      return round(rate * direction);
    });
  };
