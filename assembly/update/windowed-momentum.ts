// The mean of the last k gradients, kept as two sums over a ring: `newSums` of the gradients since the ring began anew,
// `oldSums` of those of the turn before that are not yet overwritten. A difference of one running sum would keep the
// rounding errors, or a NaN, of all steps; here both are gone after two turns. The arguments that all rules share: ./step.ts.

import { load, store, zero } from "../simd/lanes";
import { Rule, step } from "./step";

/**
 * o <- o - r, or n - r where a turn begins;  n <- n + g, or g there;  r <- g;  p <- p - learningRate (n + o)
 *
 * r is the element of the ring that is k steps old. A turn begins where `turn` is not 0; learningRate carries 1 / k.
 */
class WindowedMomentum<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, newSums: usize, oldSums: usize, ring: usize,
    turn: v128, learningRate: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const begins = v128.ne<T>(turn, zero());
    const newSum = load<T, L>(newSums);
    const rest = v128.sub<T>(v128.bitselect(newSum, load<T, L>(oldSums), begins), load<T, L>(ring));
    const sum = v128.add<T>(v128.andnot(newSum, begins), gradient);
    store<T, L>(newSums, sum);
    store<T, L>(oldSums, rest);
    store<T, L>(ring, gradient);
    return v128.mul<T>(learningRate, v128.add<T>(sum, rest));
  }
}

export function windowedMomentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  newSums: usize, oldSums: usize, ring: usize, turn: f32, learningRate: f32,
): i32 {
  return step<f32, WindowedMomentum<f32, v128>, WindowedMomentum<f32, f32>>(
    n, parameters, gradients, options, newSums, oldSums, ring, turn, learningRate,
  );
}
export function windowedMomentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  newSums: usize, oldSums: usize, ring: usize, turn: f64, learningRate: f64,
): i32 {
  return step<f64, WindowedMomentum<f64, v128>, WindowedMomentum<f64, f64>>(
    n, parameters, gradients, options, newSums, oldSums, ring, turn, learningRate,
  );
}
