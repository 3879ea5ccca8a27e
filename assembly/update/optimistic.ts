// Optimistic gradient descent (Popov 1980; Daskalakis et al. 2018). The arguments that all rules share: ./step.ts.

import { load, multiplyAdd, store } from "../simd/lanes";
import { Rule, step } from "./step";

/** p <- p - learningRate (g + optimism (g - h));  h <- g */
class Optimistic<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, previous: usize, t: usize, u: usize,
    learningRate: v128, optimism: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const change = v128.sub<T>(gradient, load<T, L>(previous));
    store<T, L>(previous, gradient);
    return v128.mul<T>(learningRate, multiplyAdd<T>(optimism, change, gradient));
  }
}

export function optimistic_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, previous: usize, learningRate: f32, optimism: f32,
): i32 {
  return step<f32, Optimistic<f32, v128>, Optimistic<f32, f32>>(
    n, parameters, gradients, options, previous, 0, 0, learningRate, optimism,
  );
}
export function optimistic_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, previous: usize, learningRate: f64, optimism: f64,
): i32 {
  return step<f64, Optimistic<f64, v128>, Optimistic<f64, f64>>(
    n, parameters, gradients, options, previous, 0, 0, learningRate, optimism,
  );
}
