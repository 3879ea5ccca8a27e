// Adam with a damping term under the root, whose decay is divided by the root too, and AMSGrad by the greatest of the
// corrected moments (optax's). The arguments that all rules share: ./step.ts.

import { greater, load, multiplyAdd, quotient, squareRoot, store } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p - (stepSize m + decayRate p) / sqrt(v + damping)
 *
 * The parameters come in as a third slot, which is read only.
 */
class DampedAdam<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, parameters: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, decayRate: v128, damping: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const direction = multiplyAdd<T>(decayRate, load<T, L>(parameters), v128.mul<T>(stepSize, first));
    return quotient<T>(direction, squareRoot<T>(v128.add<T>(second, damping)));
  }
}

/** m and v as above;  w <- max(w, correction v);  p <- p - stepSize m / (sqrt(w) + epsilon) */
class CorrectedAmsGrad<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, greatestMoments: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, correction: v128, epsilon: v128,
  ): v128 {
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const greatest = greater<T>(v128.mul<T>(correction, second), load<T, L>(greatestMoments));
    store<T, L>(greatestMoments, greatest);
    return quotient<T>(v128.mul<T>(stepSize, first), v128.add<T>(squareRoot<T>(greatest), epsilon));
  }
}

export function dampedAdam_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, decayRate: f32, damping: f32,
): i32 {
  return step<f32, DampedAdam<f32, v128>, DampedAdam<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, parameters, beta1, intake1, beta2, intake2, stepSize, decayRate, damping,
  );
}
export function dampedAdam_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, stepSize: f64, decayRate: f64, damping: f64,
): i32 {
  return step<f64, DampedAdam<f64, v128>, DampedAdam<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, parameters, beta1, intake1, beta2, intake2, stepSize, decayRate, damping,
  );
}
export function correctedAmsgrad_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, greatestMoments: usize, beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, correction: f32, epsilon: f32,
): i32 {
  return step<f32, CorrectedAmsGrad<f32, v128>, CorrectedAmsGrad<f32, f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, greatestMoments, beta1, intake1, beta2, intake2, stepSize, correction, epsilon,
  );
}
export function correctedAmsgrad_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, greatestMoments: usize, beta1: f64, intake1: f64, beta2: f64, intake2: f64, stepSize: f64, correction: f64, epsilon: f64,
): i32 {
  return step<f64, CorrectedAmsGrad<f64, v128>, CorrectedAmsGrad<f64, f64>>(
    n, parameters, gradients, options, firstMoments, secondMoments, greatestMoments, beta1, intake1, beta2, intake2, stepSize, correction, epsilon,
  );
}
