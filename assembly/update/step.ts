// The one pass over memory that every update rule makes.
//
// All kernels of this folder begin their arguments alike:
//   n                 elements
//   parameters        T[n], updated in place
//   gradients         T[n], set to zero behind the step if `clear` is not 0
//   gradientScale     factor on the gradient: clipping, unscaling, -1 to maximise
//   l2                coefficient of the parameters added to the scaled gradient
//   shrink            share of the parameters that the step takes away: learningRate * weightDecay where the decay is
//                     decoupled, else 0. Subtracted together with the step: 1 - shrink would round to the few values
//                     just below 1, in f32 with a spacing of 6e-8, and shrink is often that small
//   clear             0 or 1
// then the slots of the rule, T[n] each, then the scalars of the step. They return how many gradients were NaN or
// infinite. Parameters, gradients and slots must not overlap.
//
// A state that decays is not kept out of the subnormal range here; its owner runs `flush` (vector/map.ts) over it now
// and then. A mask in every step made Adam 1.2 times slower in cache; the flush of every 64th step costs 1 %.

import { PAIR, VECTOR, bytes, checkArray, countSet, load, multiplyAdd, nonFinite, splat, store, totalSet, zero } from "../simd/lanes";

/**
 * The arithmetic of one update: takes the prepared gradient, updates its slots, and returns the step that is subtracted
 * from the parameter. A class without fields or instances, instantiated for vectors and for single elements. A rule names
 * the slots (s, t, u) and scalars (a, b, ...) that it uses and leaves the others alone.
 */
export interface Rule {
  apply(
    gradient: v128, s: usize, t: usize, u: usize,
    a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128;
}

/** `bare` is a literal: nothing is prepared then, and the code for it is gone. */
// @ts-ignore: decorator
@inline
function update<T, L, R extends Rule>(
  bare: bool, parameters: usize, gradients: usize, gradientScale: v128, l2: v128, shrink: v128, clear: i32,
  s: usize, t: usize, u: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
): v128 {
  const rule = changetype<R>(0);
  const raw = load<T, L>(gradients);
  const parameter = load<T, L>(parameters);
  if (bare) {
    store<T, L>(parameters, v128.sub<T>(parameter, rule.apply(raw, s, t, u, a, b, c, d, e, f, g)));
  } else {
    const gradient = multiplyAdd<T>(l2, parameter, v128.mul<T>(gradientScale, raw));
    const step = rule.apply(gradient, s, t, u, a, b, c, d, e, f, g);
    store<T, L>(parameters, v128.sub<T>(parameter, multiplyAdd<T>(shrink, parameter, step)));
    if (clear) store<T, L>(gradients, zero());
  }
  return nonFinite<T>(raw);
}

/** R and S are the same rule, for vectors and for single elements. */
// @ts-ignore: decorator
@inline
export function step<T, R extends Rule, S extends Rule>(
  n: i32, parameters: usize, gradients: usize, gradientScale: T, l2: T, shrink: T, clear: i32,
  s: usize, t: usize, u: usize, a: T, b: T = <T>0, c: T = <T>0, d: T = <T>0, e: T = <T>0, f: T = <T>0, g: T = <T>0,
): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  if (s) checkArray<T>(n, s);
  if (t) checkArray<T>(n, t);
  if (u) checkArray<T>(n, u);
  const scale = splat<T>(gradientScale);
  const penalty = splat<T>(l2);
  const decay = splat<T>(shrink);
  const A = splat<T>(a), B = splat<T>(b), C = splat<T>(c), D = splat<T>(d), E = splat<T>(e), F = splat<T>(f), G = splat<T>(g);
  const end = parameters + bytes<T>(n);
  const pairs = parameters + (bytes<T>(n) & ~(PAIR - 1));
  let count = zero();
  // The commonest step has a loop of its own, which takes 0.8 of the time.
  const bare = gradientScale == 1 && l2 == 0 && shrink == 0 && !clear;
  if (bare && parameters < pairs) do {
    count = countSet(count, update<T, v128, R>(
      true, parameters, gradients, scale, penalty, decay, clear, s, t, u, A, B, C, D, E, F, G,
    ));
    count = countSet(count, update<T, v128, R>(
      true, parameters + VECTOR, gradients + VECTOR, scale, penalty, decay, clear,
      s + VECTOR, t + VECTOR, u + VECTOR, A, B, C, D, E, F, G,
    ));
    parameters += PAIR;
    gradients += PAIR;
    s += PAIR;
    t += PAIR;
    u += PAIR;
  } while (parameters < pairs);
  if (parameters < pairs) do {
    count = countSet(count, update<T, v128, R>(
      false, parameters, gradients, scale, penalty, decay, clear, s, t, u, A, B, C, D, E, F, G,
    ));
    count = countSet(count, update<T, v128, R>(
      false, parameters + VECTOR, gradients + VECTOR, scale, penalty, decay, clear,
      s + VECTOR, t + VECTOR, u + VECTOR, A, B, C, D, E, F, G,
    ));
    parameters += PAIR;
    gradients += PAIR;
    s += PAIR;
    t += PAIR;
    u += PAIR;
  } while (parameters < pairs);
  while (parameters < end) {
    if (bare) {
      count = countSet(count, update<T, T, S>(
        true, parameters, gradients, scale, penalty, decay, clear, s, t, u, A, B, C, D, E, F, G,
      ));
    } else {
      count = countSet(count, update<T, T, S>(
        false, parameters, gradients, scale, penalty, decay, clear, s, t, u, A, B, C, D, E, F, G,
      ));
    }
    parameters += sizeof<T>();
    gradients += sizeof<T>();
    s += sizeof<T>();
    t += sizeof<T>();
    u += sizeof<T>();
  }
  return totalSet<T>(count);
}
