// What the gradient of every tensor is multiplied by, where a rule scales it by norms: LARS (You, Gitman, Ginsburg 2017) and
// NovoGrad (Ginsburg et al. 2019). The factors go into the table of ./options.ts, for the pass that follows. Squared norms
// come from ./tensor-norms.ts or ./prepared-norms.ts, for all tensors before: one after the other, with its root and its
// division, a tensor of 100 elements took 10 ns longer.

import { elementAt, setElement } from "./matrix";
import { TENSOR_BYTES, TENSOR_GRADIENT_SCALE, TENSOR_L2, TENSOR_RATE, real } from "./options";

/**
 * r = trust |p| / (scale |g| + l2 penalty |p| + epsilon)  for each tensor, 1 where |p| or the rest is 0. Its factors on the
 * gradient and on l2 are set to r and r penalty.
 *
 *   penalties          f64[tensors]   what l2 is multiplied by, were there no r
 *   parameterSquares   f64[tensors]   |p|^2
 *   gradientSquares    f64[tensors]   |g|^2
 */
// @ts-ignore: decorator
@inline
function larsFactors(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: f64, l2: f64, trust: f64, epsilon: f64,
): void {
  for (let k = 0; k < tensors; ++k) {
    const p = sqrt(elementAt<f64>(parameterSquares));
    const penalty = elementAt<f64>(penalties);
    const norm = scale * sqrt(elementAt<f64>(gradientSquares)) + l2 * penalty * p;
    const ratio = p == 0 || norm == 0 ? 1 : (trust * p) / (norm + epsilon);
    setElement<f64>(table + TENSOR_GRADIENT_SCALE, ratio);
    setElement<f64>(table + TENSOR_L2, ratio * penalty);
    table += TENSOR_BYTES;
    penalties += sizeof<f64>();
    parameterSquares += sizeof<f64>();
    gradientSquares += sizeof<f64>();
  }
}

/**
 * v <- beta2 v + intake2 |g|^2  for each tensor that is not frozen, whose factor on the gradient is set to
 * 1 / (sqrt(v) + epsilon), or to 0 where nothing divides. `averages` holds v, T, every `stride` elements.
 */
// @ts-ignore: decorator
@inline
function novogradFactors<T>(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: f64, intake2: f64, epsilon: f64,
): void {
  const step = <usize>stride * sizeof<T>();
  for (let k = 0; k < tensors; ++k) {
    if (real(table, TENSOR_RATE) != 0) {
      const average = <T>(beta2 * <f64>elementAt<T>(averages) + intake2 * elementAt<f64>(gradientSquares));
      setElement<T>(averages, average);
      const divisor = sqrt(<f64>average) + epsilon;
      setElement<f64>(table + TENSOR_GRADIENT_SCALE, divisor == 0 ? 0 : 1 / divisor);
    }
    table += TENSOR_BYTES;
    gradientSquares += sizeof<f64>();
    averages += step;
  }
}

export function larsFactors_f32(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: f64, l2: f64, trust: f64, epsilon: f64,
): void {
  larsFactors(tensors, table, penalties, parameterSquares, gradientSquares, scale, l2, trust, epsilon);
}
export function larsFactors_f64(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: f64, l2: f64, trust: f64, epsilon: f64,
): void {
  larsFactors(tensors, table, penalties, parameterSquares, gradientSquares, scale, l2, trust, epsilon);
}
export function novogradFactors_f32(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: f64, intake2: f64, epsilon: f64,
): void {
  novogradFactors<f32>(tensors, table, gradientSquares, averages, stride, beta2, intake2, epsilon);
}
export function novogradFactors_f64(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: f64, intake2: f64, epsilon: f64,
): void {
  novogradFactors<f64>(tensors, table, gradientSquares, averages, stride, beta2, intake2, epsilon);
}
