// What the gradient of every tensor is multiplied by, where a rule scales it by norms: LARS (You, Gitman, Ginsburg 2017) and
// NovoGrad (Ginsburg et al. 2019). The factors go into the table of ./options.ts, for the pass that follows. Squared norms
// come from ./tensor-norms.ts or ./prepared-norms.ts, for all tensors before: one after the other, with its root and its
// division, a tensor of 100 elements took 10 ns longer.

import { VECTOR, bytes, load, quotient, splat, squareRoot, zero } from "../simd/lanes";
import { elementAt, setElement } from "./matrix";
import { TENSOR_BYTES, TENSOR_GRADIENT_SCALE, TENSOR_L2, TENSOR_RATE, real } from "./options";

/** r of two tensors, or of one. */
// @ts-ignore: decorator
@inline
function larsRatios<L>(parameterSquares: usize, gradientSquares: usize, penalties: v128, scale: v128, l2: v128, trust: v128, epsilon: v128): v128 {
  const p = squareRoot<f64>(load<f64, L>(parameterSquares));
  const g = squareRoot<f64>(load<f64, L>(gradientSquares));
  const norm = f64x2.add(f64x2.mul(scale, g), f64x2.mul(f64x2.mul(l2, penalties), p));
  const none = v128.or(f64x2.eq(p, zero()), f64x2.eq(norm, zero()));
  return v128.bitselect(splat<f64>(1), quotient<f64>(f64x2.mul(trust, p), f64x2.add(norm, epsilon)), none);
}

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
function larsFactors<T>(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: T, l2: T, trust: T, epsilon: T,
): void {
  const a = splat<f64>(<f64>scale), b = splat<f64>(<f64>l2), c = splat<f64>(<f64>trust), d = splat<f64>(<f64>epsilon);
  const end = penalties + bytes<f64>(tensors);
  const pairs = penalties + bytes<f64>(tensors & ~1);
  for (; penalties < pairs; penalties += VECTOR, parameterSquares += VECTOR, gradientSquares += VECTOR, table += 2 * TENSOR_BYTES) {
    const penalty = load<f64, v128>(penalties);
    const ratio = larsRatios<v128>(parameterSquares, gradientSquares, penalty, a, b, c, d);
    const product = f64x2.mul(ratio, penalty);
    v128.store64_lane(table, ratio, 0, TENSOR_GRADIENT_SCALE);
    v128.store64_lane(table, product, 0, TENSOR_L2);
    v128.store64_lane(table, ratio, 1, TENSOR_BYTES + TENSOR_GRADIENT_SCALE);
    v128.store64_lane(table, product, 1, TENSOR_BYTES + TENSOR_L2);
  }
  if (penalties < end) {
    const penalty = load<f64, f64>(penalties);
    const ratio = larsRatios<f64>(parameterSquares, gradientSquares, penalty, a, b, c, d);
    v128.store64_lane(table, ratio, 0, TENSOR_GRADIENT_SCALE);
    v128.store64_lane(table, f64x2.mul(ratio, penalty), 0, TENSOR_L2);
  }
}

/** v of two tensors, T, as f64. */
// @ts-ignore: decorator
@inline
function averagesOf<T>(first: usize, second: usize): v128 {
  return f64x2.replace_lane(splat<f64>(<f64>elementAt<T>(first)), 1, <f64>elementAt<T>(second));
}

/** The new v, rounded to T. */
// @ts-ignore: decorator
@inline
function nextAverages<T>(averages: v128, squares: v128, beta2: v128, intake2: v128): v128 {
  const next = f64x2.add(f64x2.mul(beta2, averages), f64x2.mul(intake2, squares));
  return sizeof<T>() == sizeof<f64>() ? next : f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(next));
}

/** 1 / (sqrt(v) + epsilon), or 0 where nothing divides. */
// @ts-ignore: decorator
@inline
function novogradScales(averages: v128, epsilon: v128): v128 {
  const divisor = f64x2.add(squareRoot<f64>(averages), epsilon);
  return v128.and(quotient<f64>(splat<f64>(1), divisor), f64x2.ne(divisor, zero()));
}

/** Keeps v and the factor of a tensor, unless it is frozen. */
// @ts-ignore: decorator
@inline
function setNovograd<T>(record: usize, place: usize, average: f64, scale: f64): void {
  if (real(record, TENSOR_RATE) == 0) return;
  setElement<T>(place, <T>average);
  setElement<f64>(record + TENSOR_GRADIENT_SCALE, scale);
}

/**
 * v <- beta2 v + intake2 |g|^2  for each tensor that is not frozen, whose factor on the gradient is set to
 * 1 / (sqrt(v) + epsilon), or to 0 where nothing divides. `averages` holds v, T, every `stride` elements.
 */
// @ts-ignore: decorator
@inline
function novogradFactors<T>(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: T, intake2: T, epsilon: T,
): void {
  const a = splat<f64>(<f64>beta2), b = splat<f64>(<f64>intake2), c = splat<f64>(<f64>epsilon);
  const step = <usize>stride * sizeof<T>();
  const end = gradientSquares + bytes<f64>(tensors);
  const pairs = gradientSquares + bytes<f64>(tensors & ~1);
  for (; gradientSquares < pairs; gradientSquares += VECTOR, averages += 2 * step, table += 2 * TENSOR_BYTES) {
    const v = nextAverages<T>(averagesOf<T>(averages, averages + step), load<f64, v128>(gradientSquares), a, b);
    const scale = novogradScales(v, c);
    setNovograd<T>(table, averages, f64x2.extract_lane(v, 0), f64x2.extract_lane(scale, 0));
    setNovograd<T>(table + TENSOR_BYTES, averages + step, f64x2.extract_lane(v, 1), f64x2.extract_lane(scale, 1));
  }
  if (gradientSquares < end) {
    const v = nextAverages<T>(averagesOf<T>(averages, averages), load<f64, f64>(gradientSquares), a, b);
    setNovograd<T>(table, averages, f64x2.extract_lane(v, 0), f64x2.extract_lane(novogradScales(v, c), 0));
  }
}

export function larsFactors_f32(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: f32, l2: f32, trust: f32, epsilon: f32,
): void {
  larsFactors<f32>(tensors, table, penalties, parameterSquares, gradientSquares, scale, l2, trust, epsilon);
}
export function larsFactors_f64(
  tensors: i32, table: usize, penalties: usize, parameterSquares: usize, gradientSquares: usize,
  scale: f64, l2: f64, trust: f64, epsilon: f64,
): void {
  larsFactors<f64>(tensors, table, penalties, parameterSquares, gradientSquares, scale, l2, trust, epsilon);
}
export function novogradFactors_f32(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: f32, intake2: f32, epsilon: f32,
): void {
  novogradFactors<f32>(tensors, table, gradientSquares, averages, stride, beta2, intake2, epsilon);
}
export function novogradFactors_f64(
  tensors: i32, table: usize, gradientSquares: usize, averages: usize, stride: i32, beta2: f64, intake2: f64, epsilon: f64,
): void {
  novogradFactors<f64>(tensors, table, gradientSquares, averages, stride, beta2, intake2, epsilon);
}
