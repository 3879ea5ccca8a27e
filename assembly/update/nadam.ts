// NAdam (Dozat 2016). The arguments that all rules share: ./step.ts. Of a step t: intake1 = 1 - beta1,
// intake2 = 1 - beta2; the rates and epsilon carry sqrt(1 - beta2^t), which corrects v.

import { multiplyAdd, quotient, squareRoot } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;
 * p <- p - (momentRate m + gradientRate g) / (sqrt(v) + epsilon)
 */
class NAdam<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, u: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, gradientRate: v128, momentRate: v128, epsilon: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const direction = multiplyAdd<T>(momentRate, first, v128.mul<T>(gradientRate, gradient));
    return quotient<T>(direction, v128.add<T>(squareRoot<T>(second), epsilon));
  }
}

export function nadam_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, gradientRate: f32, momentRate: f32, epsilon: f32,
): i32 {
  return step<f32, NAdam<f32, v128>, NAdam<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, beta2, intake2, gradientRate, momentRate, epsilon,
  );
}
export function nadam_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, gradientRate: f64, momentRate: f64, epsilon: f64,
): i32 {
  return step<f64, NAdam<f64, v128>, NAdam<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, beta2, intake2, gradientRate, momentRate, epsilon,
  );
}
