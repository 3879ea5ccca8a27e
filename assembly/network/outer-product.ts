// Update rules for a matrix whose gradient is an outer product, G = deltas inputs^T: that of a dense layer and one
// pattern. G is never written down: an element is formed where it is used, so a step reads m + n numbers for it, not m n.
//
//   m, n          rows and columns
//   parameters    T[m][n], rows `lda` elements apart, updated in place; the slots lie alike
//   deltas        T[m]
//   inputs        T[n]

import {
  PAIR, VECTOR, bytes, checkArray, clamp, load as loadLanes, multiplyAdd, quotient, splat, squareRoot, store, subtractProduct,
} from "../simd/lanes";
import { firstMoment, secondMoment } from "../update/moments";

/** One element's arithmetic, without fields or instances: what is added to the parameter. */
interface OuterRule {
  apply(delta: v128, input: v128, s: usize, t: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128): v128;
}

/** v <- momentum v + delta x;  p <- p + v.  The rate is in the delta. */
class Momentum<T, L> implements OuterRule {
  // @ts-ignore: decorator
  @inline apply(
    delta: v128, input: v128, velocities: usize, t: usize,
    momentum: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const velocity = multiplyAdd<T>(delta, input, v128.mul<T>(momentum, loadLanes<T, L>(velocities)));
    store<T, L>(velocities, velocity);
    return velocity;
  }
}

/** Of g = delta x:  m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p + stepSize m / (rootScale sqrt(v) + epsilon) */
class Adam<T, L> implements OuterRule {
  // @ts-ignore: decorator
  @inline apply(
    delta: v128, input: v128, firstMoments: usize, secondMoments: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, rootScale: v128, epsilon: v128,
  ): v128 {
    const gradient = v128.mul<T>(delta, input);
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    return quotient<T>(v128.mul<T>(stepSize, first), multiplyAdd<T>(rootScale, squareRoot<T>(second), epsilon));
  }
}

/** Of g = delta x:  v <- decay v + intake g g;  p <- p + stepSize clip(g) / sqrt(v + epsilon) - shrink p.  p is the second slot. */
class ClippedRmsprop<T, L> implements OuterRule {
  // @ts-ignore: decorator
  @inline apply(
    delta: v128, input: v128, meanSquares: usize, parameters: usize,
    decay: v128, intake: v128, stepSize: v128, least: v128, greatest: v128, epsilon: v128, shrink: v128,
  ): v128 {
    const gradient = v128.mul<T>(delta, input);
    const square = secondMoment<T, L>(meanSquares, gradient, decay, intake);
    const clipped = v128.mul<T>(stepSize, clamp<T>(gradient, least, greatest));
    const step = quotient<T>(clipped, squareRoot<T>(v128.add<T>(square, epsilon)));
    return subtractProduct<T>(shrink, loadLanes<T, L>(parameters), step);
  }
}

// @ts-ignore: decorator
@inline
function update<T, L, R extends OuterRule>(
  p: usize, delta: v128, x: usize, s: usize, t: usize,
  a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
): void {
  const step = changetype<R>(0).apply(delta, loadLanes<T, L>(x), s, t, a, b, c, d, e, f, g);
  store<T, L>(p, v128.add<T>(loadLanes<T, L>(p), step));
}

/** R and S are the same rule, for vectors and for single elements. */
// @ts-ignore: decorator
@inline
function outerStep<T, R extends OuterRule, S extends OuterRule>(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, s: usize, t: usize, factor: T,
  a: T, b: T = <T>0, c: T = <T>0, d: T = <T>0, e: T = <T>0, f: T = <T>0, g: T = <T>0,
): void {
  checkArray<T>(m, deltas);
  checkArray<T>(n, inputs);
  assert(lda >= n, "rows must lie apart by as many elements as they have, or more");
  if (m > 0) {
    checkArray<T>((m - 1) * lda + n, parameters);
    checkArray<T>((m - 1) * lda + n, s);
    if (t) checkArray<T>((m - 1) * lda + n, t);
  }
  const scale = splat<T>(factor);
  const A = splat<T>(a), B = splat<T>(b), C = splat<T>(c), D = splat<T>(d), E = splat<T>(e), F = splat<T>(f), G = splat<T>(g);
  const pairs = inputs + (bytes<T>(n) & ~(PAIR - 1)), end = inputs + bytes<T>(n);
  const gap = bytes<T>(lda - n);
  for (const last = deltas + bytes<T>(m); deltas < last; deltas += sizeof<T>()) {
    const delta = v128.mul<T>(scale, v128.load_splat<T>(deltas));
    let x = inputs;
    if (x < pairs) do {
      update<T, v128, R>(parameters, delta, x, s, t, A, B, C, D, E, F, G);
      update<T, v128, R>(parameters + VECTOR, delta, x + VECTOR, s + VECTOR, t + VECTOR, A, B, C, D, E, F, G);
      parameters += PAIR;
      x += PAIR;
      s += PAIR;
      t += PAIR;
    } while (x < pairs);
    while (x < end) {
      update<T, T, S>(parameters, delta, x, s, t, A, B, C, D, E, F, G);
      parameters += sizeof<T>();
      x += sizeof<T>();
      s += sizeof<T>();
      t += sizeof<T>();
    }
    parameters += gap;
    s += gap;
    t += gap;
  }
}

export function momentumOuter_f32(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, velocities: usize, rate: f32, momentum: f32,
): void {
  outerStep<f32, Momentum<f32, v128>, Momentum<f32, f32>>(
    m, n, parameters, lda, deltas, inputs, velocities, 0, rate, momentum,
  );
}
export function momentumOuter_f64(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, velocities: usize, rate: f64, momentum: f64,
): void {
  outerStep<f64, Momentum<f64, v128>, Momentum<f64, f64>>(
    m, n, parameters, lda, deltas, inputs, velocities, 0, rate, momentum,
  );
}
export function adamOuter_f32(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, firstMoments: usize, secondMoments: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): void {
  outerStep<f32, Adam<f32, v128>, Adam<f32, f32>>(
    m, n, parameters, lda, deltas, inputs, firstMoments, secondMoments, 1, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
export function adamOuter_f64(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, firstMoments: usize, secondMoments: usize,
  beta1: f64, intake1: f64, beta2: f64, intake2: f64, stepSize: f64, rootScale: f64, epsilon: f64,
): void {
  outerStep<f64, Adam<f64, v128>, Adam<f64, f64>>(
    m, n, parameters, lda, deltas, inputs, firstMoments, secondMoments, 1, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
export function clippedRmspropOuter_f32(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, meanSquares: usize,
  decay: f32, intake: f32, stepSize: f32, clip: f32, epsilon: f32, shrink: f32,
): void {
  outerStep<f32, ClippedRmsprop<f32, v128>, ClippedRmsprop<f32, f32>>(
    m, n, parameters, lda, deltas, inputs, meanSquares, parameters, 1, decay, intake, stepSize, -clip, clip, epsilon, shrink,
  );
}
export function clippedRmspropOuter_f64(
  m: i32, n: i32, parameters: usize, lda: i32, deltas: usize, inputs: usize, meanSquares: usize,
  decay: f64, intake: f64, stepSize: f64, clip: f64, epsilon: f64, shrink: f64,
): void {
  outerStep<f64, ClippedRmsprop<f64, v128>, ClippedRmsprop<f64, f64>>(
    m, n, parameters, lda, deltas, inputs, meanSquares, parameters, 1, decay, intake, stepSize, -clip, clip, epsilon, shrink,
  );
}
