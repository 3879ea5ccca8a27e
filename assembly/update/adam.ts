// Adam (Kingma, Ba 2015); AdamW (Loshchilov, Hutter 2019) through `shrink`; AMSGrad (Reddi, Kale, Kumar 2018).
// The arguments that all rules share: ./step.ts. Of a step t: intake1 = 1 - beta1, intake2 = 1 - beta2,
// stepSize = learningRate / (1 - beta1^t), rootScale = 1 / sqrt(1 - beta2^t).

import { greater, load, multiplyAdd, quotient, squareRoot, store } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Rule, step } from "./step";

/** m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p - stepSize m / (rootScale sqrt(v) + epsilon) */
class Adam<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, u: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, rootScale: v128, epsilon: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const root = multiplyAdd<T>(rootScale, squareRoot<T>(second), epsilon);
    return quotient<T>(v128.mul<T>(stepSize, first), root);
  }
}

/** As Adam, with the greatest v so far under the root. */
class AmsGrad<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, greatestMoments: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, rootScale: v128, epsilon: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const greatest = greater<T>(second, load<T, L>(greatestMoments));
    store<T, L>(greatestMoments, greatest);
    const root = multiplyAdd<T>(rootScale, squareRoot<T>(greatest), epsilon);
    return quotient<T>(v128.mul<T>(stepSize, first), root);
  }
}

export function adam_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): i32 {
  return step<f32, Adam<f32, v128>, Adam<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
export function adam_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, stepSize: f64, rootScale: f64, epsilon: f64,
): i32 {
  return step<f64, Adam<f64, v128>, Adam<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, 0, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
export function amsgrad_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, greatestMoments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32,
): i32 {
  return step<f32, AmsGrad<f32, v128>, AmsGrad<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, greatestMoments, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
export function amsgrad_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, greatestMoments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, stepSize: f64, rootScale: f64, epsilon: f64,
): i32 {
  return step<f64, AmsGrad<f64, v128>, AmsGrad<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, greatestMoments, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon,
  );
}
