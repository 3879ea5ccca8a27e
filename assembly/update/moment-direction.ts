// The direction in which the rules of moments move, for those that go on from there.

import { VECTOR, bytes, checkArray, load, multiplyAdd, quotient, splat, squareRoot, store } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";

/** Operation for operation what ./adam.ts, ./rmsprop.ts, ./adagrad.ts and ./sgd.ts subtract. */
// @ts-ignore: decorator
@inline
function direction<T, L>(
  gradients: usize, first: usize, second: usize, to: usize, beta1: v128, intake1: v128, beta2: v128, intake2: v128,
  firstScale: v128, rootScale: v128, epsilon: v128,
): void {
  const gradient = load<T, L>(gradients);
  const m = first ? firstMoment<T, L>(first, gradient, beta1, intake1) : gradient;
  let step = v128.mul<T>(firstScale, m);
  if (second) {
    const v = secondMoment<T, L>(second, gradient, beta2, intake2);
    step = quotient<T>(step, multiplyAdd<T>(rootScale, squareRoot<T>(v), epsilon));
  }
  store<T, L>(to, step);
}

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  d <- firstScale m / (rootScale sqrt(v) + epsilon)
 *
 * Without firstMoments, 0, m is g; without secondMoments d is firstScale m. d may be g.
 */
export function momentDirection<T>(
  n: i32, gradients: usize, firstMoments: usize, secondMoments: usize, directions: usize,
  beta1: T, intake1: T, beta2: T, intake2: T, firstScale: T, rootScale: T, epsilon: T,
): void {
  checkArray<T>(n, gradients);
  checkArray<T>(n, directions);
  if (firstMoments) checkArray<T>(n, firstMoments);
  if (secondMoments) checkArray<T>(n, secondMoments);
  const A = splat<T>(beta1), B = splat<T>(intake1), C = splat<T>(beta2), D = splat<T>(intake2);
  const E = splat<T>(firstScale), F = splat<T>(rootScale), G = splat<T>(epsilon);
  const toFirst: usize = firstMoments ? <usize>-1 : 0, toSecond: usize = secondMoments ? <usize>-1 : 0;
  const end = gradients + bytes<T>(n), vectors = gradients + (bytes<T>(n) & ~(VECTOR - 1));
  if (gradients < vectors) do {
    direction<T, v128>(gradients, firstMoments, secondMoments, directions, A, B, C, D, E, F, G);
    gradients += VECTOR;
    directions += VECTOR;
    firstMoments += toFirst & VECTOR;
    secondMoments += toSecond & VECTOR;
  } while (gradients < vectors);
  while (gradients < end) {
    direction<T, T>(gradients, firstMoments, secondMoments, directions, A, B, C, D, E, F, G);
    gradients += sizeof<T>();
    directions += sizeof<T>();
    firstMoments += toFirst & sizeof<T>();
    secondMoments += toSecond & sizeof<T>();
  }
}
