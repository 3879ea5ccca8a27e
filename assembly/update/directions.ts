// A step in parts, for the rules that work on the gradient as a matrix before they move along it: ./step.ts in three loops.
// Between them lies whatever makes a direction of a gradient. The arguments that all rules share: ./step.ts; here n may end
// within a tensor, so that a long one is taken piece by piece.

import { VECTOR, bytes, checkArray, countSet, load, nonFinite, splat, store, totalSet, zero } from "../simd/lanes";
import { momentDirection } from "./moment-direction";
import { TENSOR_BYTES } from "./options";
import {
  averagesOf, boxOf, clearOf, l2Of, lengthOf, limitOf, move, prepared, rateOf, scaleOf, shrinkOf, tableOf, weightOf,
} from "./tensors";

/**
 * prepared <- the gradient as a rule sees it: scaled, clipped, with l2. Of tensors with a rate of 0 the gradient is cleared, if
 * any is to be.
 */
// @ts-ignore: decorator
@inline
function prepareGradients<T>(n: i32, parameters: usize, gradients: usize, options: usize, to: usize): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  checkArray<T>(n, to);
  const all = parameters + bytes<T>(n);
  const limit = splat<T>(<T>limitOf(options));
  const clear = clearOf(options);
  let count = zero();
  let tensor = tableOf(options);
  while (parameters < all) {
    const size = min(bytes<T>(lengthOf(tensor, n)), all - parameters);
    if (rateOf(tensor) == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else {
      const scale = splat<T>(<T>scaleOf(options, tensor));
      const l2 = splat<T>(<T>l2Of(options, tensor));
      const penalized = l2Of(options, tensor) != 0;
      let p = parameters, g = gradients, d = to;
      const end = parameters + size, vectors = parameters + (size & ~(VECTOR - 1));
      if (p < vectors) do {
        const raw = load<T, v128>(g);
        count = countSet(count, nonFinite<T>(raw));
        store<T, v128>(d, prepared<T>(penalized, raw, penalized ? load<T, v128>(p) : raw, scale, limit, l2));
        p += VECTOR;
        g += VECTOR;
        d += VECTOR;
      } while (p < vectors);
      while (p < end) {
        const raw = load<T, T>(g);
        count = countSet(count, nonFinite<T>(raw));
        store<T, T>(d, prepared<T>(penalized, raw, penalized ? load<T, T>(p) : raw, scale, limit, l2));
        p += sizeof<T>();
        g += sizeof<T>();
        d += sizeof<T>();
      }
    }
    parameters += size;
    gradients += size;
    to += size;
    if (tensor) tensor += TENSOR_BYTES;
  }
  return totalSet<T>(count);
}

/** p <- p - (shrink p + rate d), and what follows a step besides: the box, the average, the cleared gradient. */
// @ts-ignore: decorator
@inline
function moveAlong<T>(n: i32, parameters: usize, gradients: usize, options: usize, directions: usize, rate: T): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  checkArray<T>(n, directions);
  const all = parameters + bytes<T>(n);
  const box = splat<T>(<T>boxOf(options));
  const taken = splat<T>(<T>weightOf(options));
  const kept = splat<T>(<T>(1.0 - weightOf(options)));
  const clear = clearOf(options);
  const averages = averagesOf(options);
  /** Keeps 0 at 0, and lets an address run along. */
  const advance: usize = averages ? <usize>-1 : 0;
  let average = averages;
  let count = zero();
  let tensor = tableOf(options);
  while (parameters < all) {
    const size = min(bytes<T>(lengthOf(tensor, n)), all - parameters);
    const share = rateOf(tensor);
    if (share == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else {
      const speed = splat<T>(<T>(<f64>rate * share));
      const shrink = splat<T>(<T>shrinkOf(options, tensor));
      let p = parameters, g = gradients, d = directions, a = average;
      const end = parameters + size, vectors = parameters + (size & ~(VECTOR - 1));
      if (p < vectors) do {
        count = countSet(count, nonFinite<T>(load<T, v128>(g)));
        move<T, v128>(p, g, a, load<T, v128>(d), speed, shrink, box, kept, taken, clear);
        p += VECTOR;
        g += VECTOR;
        d += VECTOR;
        a += advance & VECTOR;
      } while (p < vectors);
      while (p < end) {
        count = countSet(count, nonFinite<T>(load<T, T>(g)));
        move<T, T>(p, g, a, load<T, T>(d), speed, shrink, box, kept, taken, clear);
        p += sizeof<T>();
        g += sizeof<T>();
        d += sizeof<T>();
        a += advance & sizeof<T>();
      }
    }
    parameters += size;
    gradients += size;
    directions += size;
    average += advance & size;
    if (tensor) tensor += TENSOR_BYTES;
  }
  return totalSet<T>(count);
}

export function prepareGradients_f32(n: i32, parameters: usize, gradients: usize, options: usize, prepared: usize): i32 {
  return prepareGradients<f32>(n, parameters, gradients, options, prepared);
}
export function prepareGradients_f64(n: i32, parameters: usize, gradients: usize, options: usize, prepared: usize): i32 {
  return prepareGradients<f64>(n, parameters, gradients, options, prepared);
}
export function moveAlong_f32(n: i32, parameters: usize, gradients: usize, options: usize, directions: usize, rate: f32): i32 {
  return moveAlong<f32>(n, parameters, gradients, options, directions, rate);
}
export function moveAlong_f64(n: i32, parameters: usize, gradients: usize, options: usize, directions: usize, rate: f64): i32 {
  return moveAlong<f64>(n, parameters, gradients, options, directions, rate);
}
export function momentDirection_f32(
  n: i32, gradients: usize, firstMoments: usize, secondMoments: usize, directions: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, firstScale: f32, rootScale: f32, epsilon: f32,
): void {
  momentDirection<f32>(
    n, gradients, firstMoments, secondMoments, directions, beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon,
  );
}
export function momentDirection_f64(
  n: i32, gradients: usize, firstMoments: usize, secondMoments: usize, directions: usize,
  beta1: f64, intake1: f64, beta2: f64, intake2: f64, firstScale: f64, rootScale: f64, epsilon: f64,
): void {
  momentDirection<f64>(
    n, gradients, firstMoments, secondMoments, directions, beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon,
  );
}
