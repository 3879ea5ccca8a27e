// AdaGrad (Duchi, Hazan, Singer 2011), per coordinate. The arguments that all rules share: ./step.ts.

import { load, multiplyAdd, quotient, squareRoot, store } from "../simd/lanes";
import { Rule, step } from "./step";

/** s <- s + g g;  p <- p - learningRate g / (sqrt(s + epsilonInside) + epsilonOutside) */
class AdaGrad<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, sums: usize, t: usize, u: usize,
    learningRate: v128, epsilonInside: v128, epsilonOutside: v128, d: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const sum = multiplyAdd<T>(gradient, gradient, load<T, L>(sums));
    store<T, L>(sums, sum);
    const root = v128.add<T>(squareRoot<T>(v128.add<T>(sum, epsilonInside)), epsilonOutside);
    return quotient<T>(v128.mul<T>(learningRate, gradient), root);
  }
}

export function adagrad_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  sums: usize, learningRate: f32, epsilonInside: f32, epsilonOutside: f32,
): i32 {
  return step<f32, AdaGrad<f32, v128>, AdaGrad<f32, f32>>(
    n, parameters, gradients, options, sums, 0, 0, learningRate, epsilonInside, epsilonOutside,
  );
}
export function adagrad_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  sums: usize, learningRate: f64, epsilonInside: f64, epsilonOutside: f64,
): i32 {
  return step<f64, AdaGrad<f64, v128>, AdaGrad<f64, f64>>(
    n, parameters, gradients, options, sums, 0, 0, learningRate, epsilonInside, epsilonOutside,
  );
}
