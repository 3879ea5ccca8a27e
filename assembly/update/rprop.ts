// Rprop (Riedmiller, Braun 1993), in the variant that does not go back: Rprop- with the sign forgotten after a turn, as in
// torch. The arguments that all rules share: ./step.ts.

import { clamp, load, sign, splat, store, zero } from "../simd/lanes";
import { Rule, step } from "./step";

/**
 * s <- s times growth where g keeps its sign, times contraction where it has turned, held in [least, greatest];
 * d <- sign(g), 0 where it has turned;  p <- p - s d
 *
 * The sign is kept rather than the gradient: a product of two gradients may underflow.
 */
class Rprop<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, sizes: usize, signs: usize, u: usize,
    growth: v128, contraction: v128, least: v128, greatest: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const own = sign<T>(gradient);
    const agreement = v128.mul<T>(own, load<T, L>(signs));
    const turned = v128.lt<T>(agreement, zero());
    const shrinking = v128.bitselect(contraction, splat<T>(<T>1), turned);
    const factor = v128.bitselect(growth, shrinking, v128.gt<T>(agreement, zero()));
    const size = clamp<T>(v128.mul<T>(load<T, L>(sizes), factor), least, greatest);
    const direction = v128.andnot(own, turned);
    store<T, L>(sizes, size);
    store<T, L>(signs, direction);
    return v128.mul<T>(size, direction);
  }
}

export function rprop_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  sizes: usize, signs: usize, growth: f32, contraction: f32, least: f32, greatest: f32,
): i32 {
  return step<f32, Rprop<f32, v128>, Rprop<f32, f32>>(
    n, parameters, gradients, options, sizes, signs, 0, growth, contraction, least, greatest,
  );
}
export function rprop_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  sizes: usize, signs: usize, growth: f64, contraction: f64, least: f64, greatest: f64,
): i32 {
  return step<f64, Rprop<f64, v128>, Rprop<f64, f64>>(
    n, parameters, gradients, options, sizes, signs, 0, growth, contraction, least, greatest,
  );
}
