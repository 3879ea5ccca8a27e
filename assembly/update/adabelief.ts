// AdaBelief (Zhuang et al. 2020). The arguments that all rules share: ./step.ts. Of a step t: intake1 = 1 - beta1; the
// step size and epsilonOutside carry sqrt(1 - beta2^t), which corrects v. g - m is g less the m before; with the m after
// it, as published, it is beta1 times that, and intake2 carries the square of beta1.

import { load, quotient, squareRoot, store } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * v <- beta2 v + intake2 (g - m) (g - m) + epsilonInside;  m <- beta1 m + intake1 g;
 * p <- p - stepSize m / (sqrt(v) + epsilonOutside)
 */
class AdaBelief<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, variances: usize, u: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, epsilonInside: v128, stepSize: v128, epsilonOutside: v128,
  ): v128 {
    const surprise = v128.sub<T>(gradient, load<T, L>(firstMoments));
    const variance = v128.add<T>(secondMoment<T, L>(variances, surprise, beta2, intake2), epsilonInside);
    store<T, L>(variances, variance);
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    return quotient<T>(v128.mul<T>(stepSize, first), v128.add<T>(squareRoot<T>(variance), epsilonOutside));
  }
}

export function adabelief_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, variances: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, epsilonInside: f32, stepSize: f32, epsilonOutside: f32,
): i32 {
  return step<f32, AdaBelief<f32, v128>, AdaBelief<f32, f32>>(
    n, parameters, gradients, options, firstMoments, variances, 0, beta1, intake1, beta2, intake2, epsilonInside, stepSize, epsilonOutside,
  );
}
export function adabelief_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, variances: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, epsilonInside: f64, stepSize: f64, epsilonOutside: f64,
): i32 {
  return step<f64, AdaBelief<f64, v128>, AdaBelief<f64, f64>>(
    n, parameters, gradients, options, firstMoments, variances, 0, beta1, intake1, beta2, intake2, epsilonInside, stepSize, epsilonOutside,
  );
}
