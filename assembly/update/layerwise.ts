// Rules whose step is as long as their tensor, times the rate: LAMB (You et al. 2020), and LARS along the normalised
// momentum. The arguments that all rules share: ./step.ts.

import {
  VECTOR, bytes, checkArray, countSet, load, multiplyAdd, nonFinite, quotient, splat, squareRoot, sumLanes, totalSet, zero,
} from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { TENSOR_BYTES } from "./options";
import {
  BLOCK, averagesOf, boxOf, clearOf, l2Of, lengthOf, limitOf, move, prepared, rateOf, scaleOf, shrinkOf, tableOf, weightOf,
} from "./tensors";

/**
 * A direction made of one or two slots. `take` brings them forward; `again` makes the same direction of them once more.
 * Where slots and gradient are 0, so is the direction: the padding between tensors must not count.
 */
interface Direction {
  take(gradient: v128, s: usize, t: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128): v128;
  again(s: usize, t: usize, e: v128, f: v128, g: v128): v128;
}

/** firstScale m / (rootScale sqrt(v) + epsilon), and 0 where m is 0 */
// @ts-ignore: decorator
@inline
function adamDirection<T>(first: v128, second: v128, firstScale: v128, rootScale: v128, epsilon: v128): v128 {
  const root = multiplyAdd<T>(rootScale, squareRoot<T>(second), epsilon);
  return v128.and(quotient<T>(v128.mul<T>(firstScale, first), root), v128.ne<T>(first, zero()));
}

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g */
class AdamDirection<T, L> implements Direction {
  // @ts-ignore: decorator
  @inline take(
    gradient: v128, firstMoments: usize, secondMoments: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, firstScale: v128, rootScale: v128, epsilon: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    return adamDirection<T>(first, second, firstScale, rootScale, epsilon);
  }
  // @ts-ignore: decorator
  @inline again(firstMoments: usize, secondMoments: usize, firstScale: v128, rootScale: v128, epsilon: v128): v128 {
    return adamDirection<T>(load<T, L>(firstMoments), load<T, L>(secondMoments), firstScale, rootScale, epsilon);
  }
}

/** b <- momentum b + intake g, which is the direction */
class MomentumDirection<T, L> implements Direction {
  // @ts-ignore: decorator
  @inline take(
    gradient: v128, buffers: usize, t: usize,
    momentum: v128, intake: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    return firstMoment<T, L>(buffers, gradient, momentum, intake);
  }
  // @ts-ignore: decorator
  @inline again(buffers: usize, t: usize, e: v128, f: v128, g: v128): v128 {
    return load<T, L>(buffers);
  }
}

/**
 * p <- p - learningRate ratio u  for each tensor, with the direction u and ratio = trust |p| / (|u| + floor), 1 where one
 * of the norms is 0: a tensor of zeros would stay so for ever, and of a direction of zeros there is nothing to scale.
 * The decay beside the step comes first: |p| is the norm of what it leaves.
 * With `decayInside`, a literal, l2 times the parameter is added to the direction rather than to the gradient. D and E
 * are the same direction, for vectors and for single elements.
 */
// @ts-ignore: decorator
@inline
function layerwise<T, D extends Direction, E extends Direction>(
  decayInside: bool, n: i32, parameters: usize, gradients: usize, options: usize, s: usize, t: usize,
  a: T, b: T, c: T, d: T, e: T, f: T, g: T, learningRate: T, trust: T, floor: T,
): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  checkArray<T>(n, s);
  if (t) checkArray<T>(n, t);
  const A = splat<T>(a), B = splat<T>(b), C = splat<T>(c), D_ = splat<T>(d), E_ = splat<T>(e), F = splat<T>(f), G = splat<T>(g);
  const all = parameters + bytes<T>(n);
  const limit = splat<T>(<T>limitOf(options));
  const taken = splat<T>(<T>weightOf(options));
  const kept = splat<T>(<T>(1.0 - weightOf(options)));
  const box = splat<T>(<T>boxOf(options));
  const clear = clearOf(options);
  let averages = averagesOf(options);
  let count = zero();
  let tensor = tableOf(options);
  while (parameters < all) {
    const length = lengthOf(tensor, n);
    const size = bytes<T>(length);
    const share = rateOf(tensor);
    assert(parameters + size <= all, "the tensors of the table must have n elements together");
    if (share == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else {
      const scale = splat<T>(<T>scaleOf(options, tensor));
      const shrink = splat<T>(<T>shrinkOf(options, tensor));
      const decay = splat<T>(<T>l2Of(options, tensor));
      const decays = l2Of(options, tensor) != 0;
      const penalized = !decayInside && decays;
      const end = parameters + size;
      let p = parameters, q = gradients, x = s, y = t;
      let parameterSquares: f64 = 0, directionSquares: f64 = 0;
      while (p < end) {
        const blockEnd = min(end, p + bytes<T>(BLOCK));
        const vectors = p + ((blockEnd - p) & ~(VECTOR - 1));
        let parameterSum = zero(), directionSum = zero();
        if (p < vectors) do {
          const raw = load<T, v128>(q), parameter = load<T, v128>(p);
          count = countSet(count, nonFinite<T>(raw));
          const own = changetype<D>(0).take(prepared<T>(penalized, raw, parameter, scale, limit, decay), x, y, A, B, C, D_, E_, F, G);
          const direction = decayInside && decays ? multiplyAdd<T>(decay, parameter, own) : own;
          parameterSum = multiplyAdd<T>(parameter, parameter, parameterSum);
          directionSum = multiplyAdd<T>(direction, direction, directionSum);
          p += VECTOR;
          q += VECTOR;
          x += VECTOR;
          y += VECTOR;
        } while (p < vectors);
        while (p < blockEnd) {
          const raw = load<T, T>(q), parameter = load<T, T>(p);
          count = countSet(count, nonFinite<T>(raw));
          const own = changetype<E>(0).take(prepared<T>(penalized, raw, parameter, scale, limit, decay), x, y, A, B, C, D_, E_, F, G);
          const direction = decayInside && decays ? multiplyAdd<T>(decay, parameter, own) : own;
          parameterSum = multiplyAdd<T>(parameter, parameter, parameterSum);
          directionSum = multiplyAdd<T>(direction, direction, directionSum);
          p += sizeof<T>();
          q += sizeof<T>();
          x += sizeof<T>();
          y += sizeof<T>();
        }
        parameterSquares += sumLanes<T>(parameterSum);
        directionSquares += sumLanes<T>(directionSum);
      }
      const zeroNorm = parameterSquares == 0 || directionSquares == 0;
      const norm = sqrt(directionSquares) + <f64>floor;
      const parameterNorm = (1.0 - shrinkOf(options, tensor)) * sqrt(parameterSquares);
      const ratio = zeroNorm ? 1 : (<f64>trust * parameterNorm) / norm;
      const rate = splat<T>(<T>(<f64>learningRate * ratio * share));
      const vectors = parameters + (size & ~(VECTOR - 1));
      p = parameters;
      q = gradients;
      x = s;
      y = t;
      let z = averages;
      const advance: usize = averages ? <usize>-1 : 0;
      if (p < vectors) do {
        const own = changetype<D>(0).again(x, y, E_, F, G);
        const direction = decayInside && decays ? multiplyAdd<T>(decay, load<T, v128>(p), own) : own;
        move<T, v128>(p, q, z, direction, rate, shrink, box, kept, taken, clear);
        p += VECTOR;
        q += VECTOR;
        x += VECTOR;
        y += VECTOR;
        z += advance & VECTOR;
      } while (p < vectors);
      while (p < end) {
        const own = changetype<E>(0).again(x, y, E_, F, G);
        const direction = decayInside && decays ? multiplyAdd<T>(decay, load<T, T>(p), own) : own;
        move<T, T>(p, q, z, direction, rate, shrink, box, kept, taken, clear);
        p += sizeof<T>();
        q += sizeof<T>();
        x += sizeof<T>();
        y += sizeof<T>();
        z += advance & sizeof<T>();
      }
    }
    parameters += size;
    gradients += size;
    s += size;
    t += size;
    if (averages) averages += size;
    if (tensor) tensor += TENSOR_BYTES;
  }
  return totalSet<T>(count);
}

export function lamb_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, firstMoments: usize, secondMoments: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, firstScale: f32, rootScale: f32, epsilon: f32, learningRate: f32,
): i32 {
  return layerwise<f32, AdamDirection<f32, v128>, AdamDirection<f32, f32>>(
    true, n, parameters, gradients, options, firstMoments, secondMoments,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, learningRate, 1, 0,
  );
}
export function lamb_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, firstMoments: usize, secondMoments: usize,
  beta1: f64, intake1: f64, beta2: f64, intake2: f64, firstScale: f64, rootScale: f64, epsilon: f64, learningRate: f64,
): i32 {
  return layerwise<f64, AdamDirection<f64, v128>, AdamDirection<f64, f64>>(
    true, n, parameters, gradients, options, firstMoments, secondMoments,
    beta1, intake1, beta2, intake2, firstScale, rootScale, epsilon, learningRate, 1, 0,
  );
}
export function normalizedMomentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, buffers: usize,
  momentum: f32, intake: f32, learningRate: f32, trust: f32, floor: f32,
): i32 {
  return layerwise<f32, MomentumDirection<f32, v128>, MomentumDirection<f32, f32>>(
    false, n, parameters, gradients, options, buffers, 0, momentum, intake, 0, 0, 0, 0, 0, learningRate, trust, floor,
  );
}
export function normalizedMomentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, buffers: usize,
  momentum: f64, intake: f64, learningRate: f64, trust: f64, floor: f64,
): i32 {
  return layerwise<f64, MomentumDirection<f64, v128>, MomentumDirection<f64, f64>>(
    false, n, parameters, gradients, options, buffers, 0, momentum, intake, 0, 0, 0, 0, 0, learningRate, trust, floor,
  );
}
