// The one pass over memory that every update rule makes.
//
// All kernels of this folder begin their arguments alike:
//   n            elements
//   parameters   T[n], updated in place
//   gradients    T[n]
//   options      0 for a bare step, else the address of what the pass does besides: ./options.ts
// then the slots of the rule, T[n] each, then the scalars of the step. They return how many gradients were NaN or
// infinite. Parameters, gradients, slots and averages must not overlap.
//
// A state that decays is not kept out of the subnormal range here; its owner runs `flush` (vector/map.ts) over it now
// and then. A mask in every step made Adam 1.2 times slower in cache; the flush of every 64th step costs 1 %.

import {
  PAIR, VECTOR, bytes, checkArray, clamp, countSet, load, multiplyAdd, nonFinite, splat, store, totalSet, zero,
} from "../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_BYTES, TENSOR_GRADIENT_SCALE,
  TENSOR_L2, TENSOR_LENGTH, TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "./options";

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

/** Nothing but the rule. */
// @ts-ignore: decorator
@inline
function bareUpdate<T, L, R extends Rule>(
  parameters: usize, gradients: usize, s: usize, t: usize, u: usize,
  a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
): v128 {
  const raw = load<T, L>(gradients);
  const parameter = load<T, L>(parameters);
  store<T, L>(parameters, v128.sub<T>(parameter, changetype<R>(0).apply(raw, s, t, u, a, b, c, d, e, f, g)));
  return nonFinite<T>(raw);
}

/** The rule with a scaled gradient and decoupled decay: what AdamW asks for. */
// @ts-ignore: decorator
@inline
function decayedUpdate<T, L, R extends Rule>(
  parameters: usize, gradients: usize, scale: v128, shrink: v128, clear: i32, s: usize, t: usize, u: usize,
  a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
): v128 {
  const raw = load<T, L>(gradients);
  const parameter = load<T, L>(parameters);
  const step = changetype<R>(0).apply(v128.mul<T>(scale, raw), s, t, u, a, b, c, d, e, f, g);
  store<T, L>(parameters, v128.sub<T>(parameter, multiplyAdd<T>(shrink, parameter, step)));
  if (clear) store<T, L>(gradients, zero());
  return nonFinite<T>(raw);
}

/**
 * The rule with what ./options.ts offers: with `everything`, a literal, also what is seldom wanted, the clipping of single
 * values, the box and the averages. `averages` is 0 where none is kept, `penalized` where l2 is 0: then not even 0
 * times a parameter is added, which may be NaN.
 */
// @ts-ignore: decorator
@inline
function update<T, L, R extends Rule>(
  everything: bool, penalized: bool, parameters: usize, gradients: usize, averages: usize,
  scale: v128, least: v128, greatest: v128, l2: v128, shrink: v128, rate: v128, lowest: v128, highest: v128,
  kept: v128, taken: v128, clear: i32,
  s: usize, t: usize, u: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
): v128 {
  const raw = load<T, L>(gradients);
  const parameter = load<T, L>(parameters);
  let gradient = v128.mul<T>(scale, raw);
  if (everything) gradient = clamp<T>(gradient, least, greatest);
  if (penalized) gradient = multiplyAdd<T>(l2, parameter, gradient);
  const step = v128.mul<T>(rate, changetype<R>(0).apply(gradient, s, t, u, a, b, c, d, e, f, g));
  const moved = v128.sub<T>(parameter, multiplyAdd<T>(shrink, parameter, step));
  const updated = everything ? clamp<T>(moved, lowest, highest) : moved;
  store<T, L>(parameters, updated);
  if (clear) store<T, L>(gradients, zero());
  if (everything && averages) {
    store<T, L>(averages, multiplyAdd<T>(taken, updated, v128.mul<T>(kept, load<T, L>(averages))));
  }
  return nonFinite<T>(raw);
}

/**
 * R and S are the same rule, for vectors and for single elements. With `shift`, a literal, the elements of s and t take
 * that many halvings of the parameters' bytes, and u is no slot but a number that counts the bytes of the parameters.
 */
// @ts-ignore: decorator
@inline
export function step<T, R extends Rule, S extends Rule>(
  n: i32, parameters: usize, gradients: usize, options: usize,
  s: usize, t: usize, u: usize, a: T, b: T = <T>0, c: T = <T>0, d: T = <T>0, e: T = <T>0, f: T = <T>0, g: T = <T>0,
  shift: usize = 0,
): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  if (s && shift == 0) checkArray<T>(n, s);
  if (t && shift == 0) checkArray<T>(n, t);
  if (u && shift == 0) checkArray<T>(n, u);
  const A = splat<T>(a), B = splat<T>(b), C = splat<T>(c), D = splat<T>(d), E = splat<T>(e), F = splat<T>(f), G = splat<T>(g);
  const last = parameters + bytes<T>(n);
  let count = zero();
  // The commonest step has a loop of its own, which takes 0.8 of the time.
  if (!options) {
    const pairs = parameters + (bytes<T>(n) & ~(PAIR - 1));
    if (parameters < pairs) do {
      count = countSet(count, bareUpdate<T, v128, R>(parameters, gradients, s, t, u, A, B, C, D, E, F, G));
      count = countSet(count, bareUpdate<T, v128, R>(
        parameters + VECTOR, gradients + VECTOR, s + (VECTOR >> shift), t + (VECTOR >> shift), u + VECTOR, A, B, C, D, E, F, G,
      ));
      parameters += PAIR;
      gradients += PAIR;
      s += PAIR >> shift;
      t += PAIR >> shift;
      u += PAIR;
    } while (parameters < pairs);
    while (parameters < last) {
      count = countSet(count, bareUpdate<T, T, S>(parameters, gradients, s, t, u, A, B, C, D, E, F, G));
      parameters += sizeof<T>();
      gradients += sizeof<T>();
      s += sizeof<T>() >> shift;
      t += sizeof<T>() >> shift;
      u += sizeof<T>();
    }
    return totalSet<T>(count);
  }
  const clear = integer(options, CLEAR);
  const limit = real(options, CLIP_VALUE);
  const least = splat<T>(<T>-limit);
  const greatest = splat<T>(<T>limit);
  const box = real(options, BOX);
  const lowest = splat<T>(<T>-box);
  const highest = splat<T>(<T>box);
  const weight = real(options, AVERAGE_WEIGHT);
  const taken = splat<T>(<T>weight);
  const kept = splat<T>(<T>(1.0 - weight));
  let averages = address(options, AVERAGES);
  if (averages) checkArray<T>(n, averages);
  const everything = averages != 0 || limit != Infinity || box != Infinity;
  const none = everything ? <f64>NaN : <f64>0;
  /** Keeps 0 at 0, and lets an address run along. */
  const advance: usize = averages ? <usize>-1 : 0;
  // Without a table all n elements are one tensor.
  let tensor = address(options, TABLE);
  while (parameters < last) {
    let gradientScale = real(options, GRADIENT_SCALE);
    let penalty = real(options, L2);
    let decay = real(options, SHRINK);
    let share: f64 = 1;
    let end = last;
    if (tensor) {
      end = parameters + bytes<T>(integer(tensor, TENSOR_LENGTH));
      assert(end <= last, "the tensors of the table must have n elements together");
      gradientScale *= real(tensor, TENSOR_GRADIENT_SCALE);
      penalty *= real(tensor, TENSOR_L2);
      decay *= real(tensor, TENSOR_SHRINK);
      share = real(tensor, TENSOR_RATE);
      tensor += TENSOR_BYTES;
    }
    if (share == 0) {
      const skipped = end - parameters;
      if (clear) memory.fill(gradients, 0, skipped);
      parameters = end;
      gradients += skipped;
      averages += advance & skipped;
      s += skipped >> shift;
      t += skipped >> shift;
      u += skipped;
      continue;
    }
    const vectors = parameters + ((end - parameters) & ~(VECTOR - 1));
    const scale = splat<T>(<T>gradientScale);
    const shrink = splat<T>(<T>decay);
    const rate = splat<T>(<T>share);
    if (penalty == none) {
      // The next commonest step: 0.8 of the time of the one below.
      if (share == 1) {
        const pairs = parameters + ((end - parameters) & ~(PAIR - 1));
        if (parameters < pairs) do {
          count = countSet(count, decayedUpdate<T, v128, R>(parameters, gradients, scale, shrink, clear, s, t, u, A, B, C, D, E, F, G));
          count = countSet(count, decayedUpdate<T, v128, R>(
            parameters + VECTOR, gradients + VECTOR, scale, shrink, clear,
            s + (VECTOR >> shift), t + (VECTOR >> shift), u + VECTOR, A, B, C, D, E, F, G,
          ));
          parameters += PAIR;
          gradients += PAIR;
          s += PAIR >> shift;
          t += PAIR >> shift;
          u += PAIR;
        } while (parameters < pairs);
      }
      if (parameters < vectors) do {
        count = countSet(count, update<T, v128, R>(
          false, false, parameters, gradients, 0, scale, scale, scale, scale, shrink, rate, scale, scale, scale, scale, clear,
          s, t, u, A, B, C, D, E, F, G,
        ));
        parameters += VECTOR;
        gradients += VECTOR;
        s += VECTOR >> shift;
        t += VECTOR >> shift;
        u += VECTOR;
      } while (parameters < vectors);
      if (parameters == end) continue;
    }
    const l2 = splat<T>(<T>penalty);
    const penalized = penalty != 0;
    if (!everything && penalized && parameters < vectors) do {
      count = countSet(count, update<T, v128, R>(
        false, true, parameters, gradients, 0, scale, scale, scale, l2, shrink, rate, scale, scale, scale, scale, clear,
        s, t, u, A, B, C, D, E, F, G,
      ));
      parameters += VECTOR;
      gradients += VECTOR;
      s += VECTOR >> shift;
      t += VECTOR >> shift;
      u += VECTOR;
    } while (parameters < vectors);
    // A branch of its own: tensors of 100 elements, which end before it, took 1.1 times as long when they met the two loops.
    if (parameters < end) {
      if (parameters < vectors) do {
        count = countSet(count, update<T, v128, R>(
          true, penalized, parameters, gradients, averages, scale, least, greatest, l2, shrink, rate, lowest, highest, kept, taken, clear,
          s, t, u, A, B, C, D, E, F, G,
        ));
        parameters += VECTOR;
        gradients += VECTOR;
        averages += advance & VECTOR;
        s += VECTOR >> shift;
        t += VECTOR >> shift;
        u += VECTOR;
      } while (parameters < vectors);
      while (parameters < end) {
        count = countSet(count, update<T, T, S>(
          true, penalized, parameters, gradients, averages, scale, least, greatest, l2, shrink, rate, lowest, highest, kept, taken, clear,
          s, t, u, A, B, C, D, E, F, G,
        ));
        parameters += sizeof<T>();
        gradients += sizeof<T>();
        averages += advance & sizeof<T>();
        s += sizeof<T>() >> shift;
        t += sizeof<T>() >> shift;
        u += sizeof<T>();
      }
    }
  }
  return totalSet<T>(count);
}
