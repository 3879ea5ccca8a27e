// Descent along signs (Riedmiller, Braun 1993; Bernstein et al. 2018). The arguments that all rules share: ./step.ts.

import { sign } from "../simd/lanes";
import { Rule, step } from "./step";

/** p <- p - learningRate sign(g) */
class SignSgd<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, s: usize, t: usize, u: usize,
    learningRate: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    return v128.mul<T>(learningRate, sign<T>(gradient));
  }
}

export function signSgd_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  learningRate: f32,
): i32 {
  return step<f32, SignSgd<f32, v128>, SignSgd<f32, f32>>(n, parameters, gradients, options, 0, 0, 0, learningRate);
}
export function signSgd_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  learningRate: f64,
): i32 {
  return step<f64, SignSgd<f64, v128>, SignSgd<f64, f64>>(n, parameters, gradients, options, 0, 0, 0, learningRate);
}
