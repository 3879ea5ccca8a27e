// Stochastic gradient descent, plain and with momentum. The arguments that all rules share: ./step.ts.

import { load, multiplyAdd, store } from "../simd/lanes";
import { Rule, step } from "./step";

/** p <- p - learningRate g */
class Sgd<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, s: usize, t: usize, u: usize,
    learningRate: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    return v128.mul<T>(learningRate, gradient);
  }
}

/**
 * b <- momentum b + intake g;  p <- p - learningRate (gradientShare g + bufferShare b)
 *
 * intake is 1 - dampening, and 1 in the first step. The shares are 0 and 1 for heavy ball, 1 and momentum for Nesterov.
 */
class Momentum<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, buffers: usize, t: usize, u: usize,
    learningRate: v128, momentum: v128, intake: v128, gradientShare: v128, bufferShare: v128, f: v128, g: v128,
  ): v128 {
    const buffer = multiplyAdd<T>(intake, gradient, v128.mul<T>(momentum, load<T, L>(buffers)));
    store<T, L>(buffers, buffer);
    const direction = multiplyAdd<T>(bufferShare, buffer, v128.mul<T>(gradientShare, gradient));
    return v128.mul<T>(learningRate, direction);
  }
}

export function sgd_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  learningRate: f32,
): i32 {
  return step<f32, Sgd<f32, v128>, Sgd<f32, f32>>(
    n, parameters, gradients, options, 0, 0, 0, learningRate,
  );
}
export function sgd_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  learningRate: f64,
): i32 {
  return step<f64, Sgd<f64, v128>, Sgd<f64, f64>>(
    n, parameters, gradients, options, 0, 0, 0, learningRate,
  );
}
export function momentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  buffers: usize, learningRate: f32, momentum: f32, intake: f32, gradientShare: f32, bufferShare: f32,
): i32 {
  return step<f32, Momentum<f32, v128>, Momentum<f32, f32>>(
    n, parameters, gradients, options, buffers, 0, 0, learningRate, momentum, intake, gradientShare, bufferShare,
  );
}
export function momentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  buffers: usize, learningRate: f64, momentum: f64, intake: f64, gradientShare: f64, bufferShare: f64,
): i32 {
  return step<f64, Momentum<f64, v128>, Momentum<f64, f64>>(
    n, parameters, gradients, options, buffers, 0, 0, learningRate, momentum, intake, gradientShare, bufferShare,
  );
}
