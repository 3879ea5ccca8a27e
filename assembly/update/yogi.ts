// Yogi (Zaheer et al. 2018). The arguments that all rules share: ./step.ts. Of a step t: intake1 = 1 - beta1,
// intake2 = 1 - beta2, stepSize = learningRate / (1 - beta1^t), rootScale = 1 / sqrt(1 - beta2^t).

import { load, multiplyAdd, quotient, sign, squareRoot, store } from "../simd/lanes";
import { firstMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * m <- beta1 m + intake1 g;  v <- v - sign(v - g g) intake2 g g;  p <- p - stepSize m / (rootScale sqrt(v) + epsilon)
 */
class Yogi<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, u: usize,
    beta1: v128, intake1: v128, intake2: v128, stepSize: v128, rootScale: v128, epsilon: v128, g: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const before = load<T, L>(secondMoments);
    const square = v128.mul<T>(gradient, gradient);
    const towards = v128.mul<T>(sign<T>(v128.sub<T>(before, square)), v128.mul<T>(intake2, square));
    const second = v128.sub<T>(before, towards);
    store<T, L>(secondMoments, second);
    const root = multiplyAdd<T>(rootScale, squareRoot<T>(second), epsilon);
    return quotient<T>(v128.mul<T>(stepSize, first), root);
  }
}

export function yogi_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f32, intake1: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): i32 {
  return step<f32, Yogi<f32, v128>, Yogi<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, intake2, stepSize, rootScale, epsilon,
  );
}
export function yogi_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f64, intake1: f64, intake2: f64, stepSize: f64, rootScale: f64, epsilon: f64,
): i32 {
  return step<f64, Yogi<f64, v128>, Yogi<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, intake2, stepSize, rootScale, epsilon,
  );
}
