import type { Element, LinearMemory } from "../element.js";
import { TENSOR_BYTES } from "./options.js";
import { rounded } from "./tensors.js";

/**
 * r = trust |p| / (scale |g| + l2 penalty |p| + epsilon)  for each tensor, 1 where |p| or the rest is 0. Its factors on the
 * gradient and on l2 are set to r and r penalty.
 */
export const larsFactors =
  (memory: LinearMemory, T: Element) =>
  (
    tensors: number,
    table: number,
    penalties: number,
    parameterSquares: number,
    gradientSquares: number,
    scale: number,
    l2: number,
    trust: number,
    epsilon: number,
  ): void => {
    const view = new DataView(memory.buffer as ArrayBuffer);
    const [share, decay, size, floor] = rounded(T, scale, l2, trust, epsilon);
    for (let k = 0; k < tensors; k++) {
      const p = Math.sqrt(view.getFloat64(parameterSquares + 8 * k, true));
      const g = Math.sqrt(view.getFloat64(gradientSquares + 8 * k, true));
      const penalty = view.getFloat64(penalties + 8 * k, true);
      const norm = share * g + decay * penalty * p;
      const ratio = p === 0 || norm === 0 ? 1 : (size * p) / (norm + floor);
      view.setFloat64(table + TENSOR_BYTES * k + 8, ratio, true);
      view.setFloat64(table + TENSOR_BYTES * k + 16, ratio * penalty, true);
    }
  };

/**
 * v <- beta2 v + intake2 |g|^2  for each tensor that is not frozen, whose factor on the gradient is set to
 * 1 / (sqrt(v) + epsilon), or to 0 where nothing divides.
 */
export const novogradFactors =
  (memory: LinearMemory, T: Element) =>
  (
    tensors: number,
    table: number,
    gradientSquares: number,
    averages: number,
    stride: number,
    beta2: number,
    intake2: number,
    epsilon: number,
  ): void => {
    const view = new DataView(memory.buffer as ArrayBuffer);
    const V = T.view(memory, averages, stride * tensors);
    const [kept, taken, floor] = rounded(T, beta2, intake2, epsilon);
    for (let k = 0; k < tensors; k++) {
      const record = table + TENSOR_BYTES * k;
      if (view.getFloat64(record + 32, true) === 0) continue;
      V[stride * k] = kept * V[stride * k]! + taken * view.getFloat64(gradientSquares + 8 * k, true);
      const divisor = Math.sqrt(V[stride * k]!) + floor;
      view.setFloat64(record + 8, divisor === 0 ? 0 : 1 / divisor, true);
    }
  };
