// How long the gradient of every tensor is as a rule sees it: scaled, clipped, with l2.

import { VECTOR, bytes, load, multiplyAdd, splat, sumLanes, zero } from "../simd/lanes";
import { setElement } from "./matrix";
import { TENSOR_BYTES } from "./options";
import { BLOCK, l2Of, lengthOf, limitOf, prepared, scaleOf, tableOf } from "./tensors";

/** norms[k] <- the squared norm, f64, of the k-th tensor's gradient. n, parameters, gradients, options as in ./step.ts. */
// @ts-ignore: decorator
@inline
function preparedSquaredNorms<T>(n: i32, parameters: usize, gradients: usize, options: usize, norms: usize): void {
  const all = parameters + bytes<T>(n);
  const limit = splat<T>(<T>limitOf(options));
  let tensor = tableOf(options);
  while (parameters < all) {
    const end = parameters + bytes<T>(lengthOf(tensor, n));
    const scale = splat<T>(<T>scaleOf(options, tensor));
    const l2 = splat<T>(<T>l2Of(options, tensor));
    const penalized = l2Of(options, tensor) != 0;
    let total: f64 = 0;
    while (parameters < end) {
      const blockEnd = min(end, parameters + bytes<T>(BLOCK));
      const vectors = parameters + ((blockEnd - parameters) & ~(VECTOR - 1));
      let sum = zero();
      if (parameters < vectors) do {
        const g = prepared<T>(penalized, load<T, v128>(gradients), load<T, v128>(parameters), scale, limit, l2);
        sum = multiplyAdd<T>(g, g, sum);
        parameters += VECTOR;
        gradients += VECTOR;
      } while (parameters < vectors);
      while (parameters < blockEnd) {
        const g = prepared<T>(penalized, load<T, T>(gradients), load<T, T>(parameters), scale, limit, l2);
        sum = multiplyAdd<T>(g, g, sum);
        parameters += sizeof<T>();
        gradients += sizeof<T>();
      }
      total += sumLanes<T>(sum);
    }
    setElement<f64>(norms, total);
    norms += sizeof<f64>();
    if (tensor) tensor += TENSOR_BYTES;
  }
}

export function preparedSquaredNorms_f32(n: i32, parameters: usize, gradients: usize, options: usize, norms: usize): void {
  preparedSquaredNorms<f32>(n, parameters, gradients, options, norms);
}
export function preparedSquaredNorms_f64(n: i32, parameters: usize, gradients: usize, options: usize, norms: usize): void {
  preparedSquaredNorms<f64>(n, parameters, gradients, options, norms);
}
