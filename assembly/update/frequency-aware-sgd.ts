// Rates by how often a coordinate has had a gradient (Li et al. 2022). The arguments that all rules share: ./step.ts.

import { greater, load, quotient, splat, squareRoot, store, zero } from "../simd/lanes";
import { Rule, step } from "./step";

/** c <- c + 1 where g is not 0;  p <- p - learningRate g / sqrt(max(c, 1)) */
class FrequencyAwareSgd<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, counts: usize, t: usize, u: usize,
    learningRate: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const one = splat<T>(<T>1);
    const count = v128.add<T>(load<T, L>(counts), v128.and(one, v128.ne<T>(gradient, zero())));
    store<T, L>(counts, count);
    return quotient<T>(v128.mul<T>(learningRate, gradient), squareRoot<T>(greater<T>(one, count)));
  }
}

export function frequencyAwareSgd_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  counts: usize, learningRate: f32,
): i32 {
  return step<f32, FrequencyAwareSgd<f32, v128>, FrequencyAwareSgd<f32, f32>>(
    n, parameters, gradients, options, counts, 0, 0, learningRate,
  );
}
export function frequencyAwareSgd_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  counts: usize, learningRate: f64,
): i32 {
  return step<f64, FrequencyAwareSgd<f64, v128>, FrequencyAwareSgd<f64, f64>>(
    n, parameters, gradients, options, counts, 0, 0, learningRate,
  );
}
