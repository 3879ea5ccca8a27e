// How long the gradient of every tensor is as a rule sees it: scaled, clipped, with l2.

import { QUAD, VECTOR, bytes, load, multiplyAdd, splat, sumLanes, zero } from "../simd/lanes";
import { setElement } from "./matrix";
import { TENSOR_BYTES } from "./options";
import { BLOCK, l2Of, lengthOf, limitOf, prepared, scaleOf, tableOf } from "./tensors";

/** sum + g g, of the gradient as a rule sees it. */
// @ts-ignore: decorator
@inline
function addSquare<T, L>(
  penalized: bool, sum: v128, parameters: usize, gradients: usize, scale: v128, limit: v128, l2: v128,
): v128 {
  const parameter = penalized ? load<T, L>(parameters) : scale;
  const g = prepared<T>(penalized, load<T, L>(gradients), parameter, scale, limit, l2);
  return multiplyAdd<T>(g, g, sum);
}

/**
 * The squared norm of a block: four partial sums, since a single one waits for itself, which took 1.5 times as long. Vectors
 * that don't make four, and single elements, go to the first. `penalized` is a literal.
 */
// @ts-ignore: decorator
@inline
function blockSquares<T>(
  penalized: bool, size: usize, p: usize, g: usize, scale: v128, limit: v128, l2: v128,
): f64 {
  const end = g + size, quads = g + (size & ~(QUAD - 1)), vectors = g + (size & ~(VECTOR - 1));
  let a = zero();
  let b = a, c = a, d = a;
  if (g < quads) do {
    a = addSquare<T, v128>(penalized, a, p, g, scale, limit, l2);
    b = addSquare<T, v128>(penalized, b, p + VECTOR, g + VECTOR, scale, limit, l2);
    c = addSquare<T, v128>(penalized, c, p + 2 * VECTOR, g + 2 * VECTOR, scale, limit, l2);
    d = addSquare<T, v128>(penalized, d, p + 3 * VECTOR, g + 3 * VECTOR, scale, limit, l2);
    p += QUAD;
    g += QUAD;
  } while (g < quads);
  for (; g < vectors; p += VECTOR, g += VECTOR) a = addSquare<T, v128>(penalized, a, p, g, scale, limit, l2);
  for (; g < end; p += sizeof<T>(), g += sizeof<T>()) a = addSquare<T, T>(penalized, a, p, g, scale, limit, l2);
  return sumLanes<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d)));
}

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
    const penalty = l2Of(options, tensor);
    const l2 = splat<T>(<T>penalty);
    let total: f64 = 0;
    while (parameters < end) {
      const size = min(end - parameters, bytes<T>(BLOCK));
      total += penalty != 0
        ? blockSquares<T>(true, size, parameters, gradients, scale, limit, l2)
        : blockSquares<T>(false, size, parameters, gradients, scale, limit, l2);
      parameters += size;
      gradients += size;
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
