// Adadelta (Zeiler 2012). The arguments that all rules share: ./step.ts. intake = 1 - decay.

import { load, quotient, squareRoot } from "../simd/lanes";
import { secondMoment } from "./moments";
import { Rule, step } from "./step";

/**
 * v <- decay v + intake g g;  delta = sqrt(d + epsilon) / sqrt(v + epsilon) g;  d <- decay d + intake delta delta;
 * p <- p - learningRate delta. The delta is made of the d before.
 */
class Adadelta<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, deltas: usize, u: usize,
    decay: v128, intake: v128, epsilon: v128, learningRate: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    const numerator = squareRoot<T>(v128.add<T>(load<T, L>(deltas), epsilon));
    const denominator = squareRoot<T>(v128.add<T>(square, epsilon));
    const delta = v128.mul<T>(quotient<T>(numerator, denominator), gradient);
    secondMoment<T, L>(deltas, delta, decay, intake);
    return v128.mul<T>(learningRate, delta);
  }
}

/** As Adadelta, but dividing by the root of the v before, as TensorFlow.js does by mistake: its first step is far too long. */
class StaleAdadelta<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, deltas: usize, u: usize,
    decay: v128, intake: v128, epsilon: v128, learningRate: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const numerator = squareRoot<T>(v128.add<T>(load<T, L>(deltas), epsilon));
    const denominator = squareRoot<T>(v128.add<T>(load<T, L>(squares), epsilon));
    const delta = v128.mul<T>(quotient<T>(numerator, denominator), gradient);
    secondMoment<T, L>(squares, gradient, decay, intake);
    secondMoment<T, L>(deltas, delta, decay, intake);
    return v128.mul<T>(learningRate, delta);
  }
}

/**
 * As Adadelta, with one root, of the quotient, as ConvNetJS and toygrad have it: roots and divisions bound the step, of
 * which float64 takes 3.4 ns an element with three of them and 2.1 with two.
 */
class QuotientAdadelta<T, L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, squares: usize, deltas: usize, u: usize,
    decay: v128, intake: v128, epsilon: v128, learningRate: v128, e: v128, f: v128, g: v128,
  ): v128 {
    const square = secondMoment<T, L>(squares, gradient, decay, intake);
    const ratio = quotient<T>(v128.add<T>(load<T, L>(deltas), epsilon), v128.add<T>(square, epsilon));
    const delta = v128.mul<T>(squareRoot<T>(ratio), gradient);
    secondMoment<T, L>(deltas, delta, decay, intake);
    return v128.mul<T>(learningRate, delta);
  }
}

export function adadelta_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f32, intake: f32, epsilon: f32, learningRate: f32,
): i32 {
  return step<f32, Adadelta<f32, v128>, Adadelta<f32, f32>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
export function adadelta_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f64, intake: f64, epsilon: f64, learningRate: f64,
): i32 {
  return step<f64, Adadelta<f64, v128>, Adadelta<f64, f64>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
export function staleAdadelta_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f32, intake: f32, epsilon: f32, learningRate: f32,
): i32 {
  return step<f32, StaleAdadelta<f32, v128>, StaleAdadelta<f32, f32>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
export function staleAdadelta_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f64, intake: f64, epsilon: f64, learningRate: f64,
): i32 {
  return step<f64, StaleAdadelta<f64, v128>, StaleAdadelta<f64, f64>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
export function quotientAdadelta_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f32, intake: f32, epsilon: f32, learningRate: f32,
): i32 {
  return step<f32, QuotientAdadelta<f32, v128>, QuotientAdadelta<f32, f32>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
export function quotientAdadelta_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  squares: usize, deltas: usize, decay: f64, intake: f64, epsilon: f64, learningRate: f64,
): i32 {
  return step<f64, QuotientAdadelta<f64, v128>, QuotientAdadelta<f64, f64>>(
    n, parameters, gradients, options, squares, deltas, 0, decay, intake, epsilon, learningRate,
  );
}
