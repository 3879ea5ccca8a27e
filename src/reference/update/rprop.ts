import type { Element, LinearMemory } from "../element.js";
import { pass } from "./pass.js";

/**
 * s <- s times growth where g keeps its sign, times contraction where it has turned, held in [least, greatest];
 * d <- sign(g), 0 where it has turned;  p <- p - s d
 */
export const rprop =
  (memory: LinearMemory, T: Element) =>
  (
    n: number,
    parameters: number,
    gradients: number,
    options: number,
    sizes: number,
    signs: number,
    growth: number,
    contraction: number,
    least: number,
    greatest: number,
  ): number => {
    const { round } = T;
    const S = T.view(memory, sizes, n);
    const D = T.view(memory, signs, n);
    const [up, down, low, high] = [growth, contraction, least, greatest].map(round) as [number, number, number, number];
    return pass(T, memory, n, parameters, gradients, options, (g, i) => {
      const own = Math.sign(g);
      const agreement = own * D[i]!;
      const factor = agreement > 0 ? up : agreement < 0 ? down : 1;
      const size = Math.max(Math.min(round(S[i]! * factor), high), low);
      const direction = agreement < 0 ? 0 : own;
      S[i] = size;
      D[i] = direction;
      return size * direction;
    });
  };
