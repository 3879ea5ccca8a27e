// Adamax (Kingma, Ba 2015). The arguments that all rules share: ./step.ts. Of a step t: intake1 = 1 - beta1,
// stepSize = learningRate / (1 - beta1^t).

import { absolute, load, quotient, store } from "../simd/lanes";
import { firstMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * m <- beta1 m + intake1 g;  u <- max(beta2 u, |g| + epsilonInside);  p <- p - stepSize m / (u + epsilonOutside)
 */
class Adamax<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, moments: usize, norms: usize, u: usize,
    beta1: v128, intake1: v128, beta2: v128, epsilonInside: v128, epsilonOutside: v128, stepSize: v128, g: v128,
  ): v128 {
    const moment = firstMoment<T, L>(moments, gradient, beta1, intake1);
    const own = v128.add<T>(absolute<T>(gradient), epsilonInside);
    const norm = v128.max<T>(v128.mul<T>(beta2, load<T, L>(norms)), own);
    store<T, L>(norms, norm);
    return quotient<T>(v128.mul<T>(stepSize, moment), v128.add<T>(norm, epsilonOutside));
  }
}

export function adamax_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  moments: usize, norms: usize, beta1: f32, intake1: f32, beta2: f32, epsilonInside: f32, epsilonOutside: f32, stepSize: f32,
): i32 {
  return step<f32, Adamax<f32, v128>, Adamax<f32, f32>>(
    n, parameters, gradients, options, moments, norms, 0, beta1, intake1, beta2, epsilonInside, epsilonOutside, stepSize,
  );
}
export function adamax_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  moments: usize, norms: usize, beta1: f64, intake1: f64, beta2: f64, epsilonInside: f64, epsilonOutside: f64, stepSize: f64,
): i32 {
  return step<f64, Adamax<f64, v128>, Adamax<f64, f64>>(
    n, parameters, gradients, options, moments, norms, 0, beta1, intake1, beta2, epsilonInside, epsilonOutside, stepSize,
  );
}
