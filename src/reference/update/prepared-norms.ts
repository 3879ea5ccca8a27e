import type { Element, LinearMemory } from "../element.js";
import { readOptions } from "./options.js";
import { SquareSum } from "./tensors.js";

/** norms[k] <- the squared norm, f64, of the k-th tensor's gradient as a rule sees it: scaled, clipped, with l2. */
export const preparedSquaredNorms =
  (memory: LinearMemory, T: Element) =>
  (n: number, parameters: number, gradients: number, options: number, norms: number): void => {
    const { round } = T;
    const P = T.view(memory, parameters, n);
    const G = T.view(memory, gradients, n);
    const view = new DataView(memory.buffer as ArrayBuffer);
    const { clipValue, tensors } = readOptions(memory, options, n);
    const limit = round(clipValue);
    let i = 0;
    for (const [k, tensor] of tensors.entries()) {
      const scale = round(tensor.gradientScale);
      const l2 = round(tensor.l2);
      const squares = new SquareSum(T, tensor.length, 4);
      for (const end = i + tensor.length; i < end; i++) {
        const clipped = Math.max(Math.min(round(scale * G[i]!), limit), -limit);
        squares.add(tensor.l2 === 0 ? clipped : round(round(l2 * P[i]!) + clipped));
      }
      view.setFloat64(norms + 8 * k, squares.total, true);
    }
  };
