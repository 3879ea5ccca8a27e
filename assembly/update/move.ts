// The pass of the rules that move more than the parameters, and so need to know them: its arguments and what it does
// besides the rule are those of ./step.ts. It has one loop, with everything that ./options.ts offers, since these rules go
// over so many arrays that the rest does not tell.

import {
  VECTOR, bytes, checkArray, clamp, countSet, load, multiplyAdd, nonFinite, splat, store, totalSet, zero,
} from "../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_BYTES, TENSOR_GRADIENT_SCALE,
  TENSOR_L2, TENSOR_LENGTH, TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "./options";

/**
 * The arithmetic of one update: takes the parameter, the prepared gradient, the tensor's factor on the step and the share of
 * the parameter that decays, updates its slots (s, t, u, w), and returns the parameter after the step. Else as a Rule.
 */
export interface Motion {
  move(
    parameter: v128, gradient: v128, rate: v128, shrink: v128, s: usize, t: usize, u: usize, w: usize,
    a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, fixed: usize,
  ): v128;
}

// @ts-ignore: decorator
@inline
function moveOne<T, L, R extends Motion>(
  parameters: usize, gradients: usize, averages: usize,
  scale: v128, least: v128, greatest: v128, l2: v128, shrink: v128, rate: v128, lowest: v128, highest: v128,
  kept: v128, taken: v128, clear: i32,
  s: usize, t: usize, u: usize, w: usize, a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, fixed: usize,
): v128 {
  const raw = load<T, L>(gradients);
  const parameter = load<T, L>(parameters);
  const gradient = multiplyAdd<T>(l2, parameter, clamp<T>(v128.mul<T>(scale, raw), least, greatest));
  const moved = changetype<R>(0).move(parameter, gradient, rate, shrink, s, t, u, w, a, b, c, d, e, f, g, h, fixed);
  const updated = clamp<T>(moved, lowest, highest);
  store<T, L>(parameters, updated);
  if (clear) store<T, L>(gradients, zero());
  if (averages) store<T, L>(averages, multiplyAdd<T>(taken, updated, v128.mul<T>(kept, load<T, L>(averages))));
  return nonFinite<T>(raw);
}

/** R and S are the same rule, for vectors and for single elements. `fixed` is an address that does not run along. */
// @ts-ignore: decorator
@inline
export function move<T, R extends Motion, S extends Motion>(
  n: i32, parameters: usize, gradients: usize, options: usize, s: usize, t: usize, u: usize, w: usize,
  a: T, b: T, c: T, d: T, e: T = <T>0, f: T = <T>0, g: T = <T>0, h: T = <T>0, fixed: usize = 0,
): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  if (s) checkArray<T>(n, s);
  if (t) checkArray<T>(n, t);
  if (u) checkArray<T>(n, u);
  if (w) checkArray<T>(n, w);
  const A = splat<T>(a), B = splat<T>(b), C = splat<T>(c), D = splat<T>(d);
  const E = splat<T>(e), F = splat<T>(f), G = splat<T>(g), H = splat<T>(h);
  const last = parameters + bytes<T>(n);
  const clear = options ? integer(options, CLEAR) : 0;
  const limit = options ? real(options, CLIP_VALUE) : Infinity;
  const least = splat<T>(<T>-limit);
  const greatest = splat<T>(<T>limit);
  const box = options ? real(options, BOX) : Infinity;
  const lowest = splat<T>(<T>-box);
  const highest = splat<T>(<T>box);
  const weight = options ? real(options, AVERAGE_WEIGHT) : 0;
  const taken = splat<T>(<T>weight);
  const kept = splat<T>(<T>(1.0 - weight));
  let averages = options ? address(options, AVERAGES) : 0;
  if (averages) checkArray<T>(n, averages);
  /** Keeps 0 at 0, and lets an address run along. */
  const advance: usize = averages ? <usize>-1 : 0;
  let tensor = options ? address(options, TABLE) : 0;
  let count = zero();
  while (parameters < last) {
    let gradientScale = options ? real(options, GRADIENT_SCALE) : 1;
    let penalty = options ? real(options, L2) : 0;
    let decay = options ? real(options, SHRINK) : 0;
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
      s += skipped;
      t += skipped;
      u += skipped;
      w += skipped;
      continue;
    }
    const scale = splat<T>(<T>gradientScale);
    const l2 = splat<T>(<T>penalty);
    const shrink = splat<T>(<T>decay);
    const rate = splat<T>(<T>share);
    const vectors = parameters + ((end - parameters) & ~(VECTOR - 1));
    if (parameters < vectors) do {
      count = countSet(count, moveOne<T, v128, R>(
        parameters, gradients, averages, scale, least, greatest, l2, shrink, rate, lowest, highest, kept, taken, clear,
        s, t, u, w, A, B, C, D, E, F, G, H, fixed,
      ));
      parameters += VECTOR;
      gradients += VECTOR;
      averages += advance & VECTOR;
      s += VECTOR;
      t += VECTOR;
      u += VECTOR;
      w += VECTOR;
    } while (parameters < vectors);
    while (parameters < end) {
      count = countSet(count, moveOne<T, T, S>(
        parameters, gradients, averages, scale, least, greatest, l2, shrink, rate, lowest, highest, kept, taken, clear,
        s, t, u, w, A, B, C, D, E, F, G, H, fixed,
      ));
      parameters += sizeof<T>();
      gradients += sizeof<T>();
      averages += advance & sizeof<T>();
      s += sizeof<T>();
      t += sizeof<T>();
      u += sizeof<T>();
      w += sizeof<T>();
    }
  }
  return totalSet<T>(count);
}
