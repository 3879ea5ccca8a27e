// Lion (Chen et al. 2023). The arguments that all rules share: ./step.ts. intake1 = 1 - beta1, intake2 = 1 - beta2.

import { load, multiplyAdd, sign } from "../simd/lanes";
import { firstMoment } from "./moments";
import { Rule, step } from "./step";

/** p <- p - learningRate sign(beta1 m + intake1 g), with the m before;  m <- beta2 m + intake2 g */
class Lion<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, moments: usize, t: usize, u: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, learningRate: v128, f: v128, g: v128,
  ): v128 {
    const direction = multiplyAdd<T>(intake1, gradient, v128.mul<T>(beta1, load<T, L>(moments)));
    firstMoment<T, L>(moments, gradient, beta2, intake2);
    return v128.mul<T>(learningRate, sign<T>(direction));
  }
}

export function lion_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  moments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, learningRate: f32,
): i32 {
  return step<f32, Lion<f32, v128>, Lion<f32, f32>>(
    n, parameters, gradients, options, moments, 0, 0, beta1, intake1, beta2, intake2, learningRate,
  );
}
export function lion_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  moments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, learningRate: f64,
): i32 {
  return step<f64, Lion<f64, v128>, Lion<f64, f64>>(
    n, parameters, gradients, options, moments, 0, 0, beta1, intake1, beta2, intake2, learningRate,
  );
}
