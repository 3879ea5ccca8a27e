// Prodigy (Mishchenko, Defazio 2023), with the two sums from which it learns how far the solution is. The arguments that all
// rules share: ./step.ts. Of a step with the estimate d: intake1 = (1 - beta1) d, intake2 = (1 - beta2) d^2,
// stepSize = learningRate d, epsilon carries d.
//
// `sums` is the address of f64[8], which the kernel overwrites: partial sums of g (p_0 - p) in 0..3 and of |S| in 4..7, with
// p from before the step and S from after it. Those of a lane are added in the order of the elements, in f64; an element
// that fills no vector counts to lane 0; in f64 the lanes 2 and 3 stay empty. At last the first of each four holds
// (0 + 1) + (2 + 3).

import { absolute, load, multiplyAdd, quotient, squareRoot, store, zero } from "../simd/lanes";
import { firstMoment, secondMoment } from "./moments";
import { Motion, move } from "./move";

/** Bytes of four lanes. */
// @ts-ignore: decorator
@inline const LANES: usize = 32;

/** Adds the lanes of x to the four at `lanes`. */
// @ts-ignore: decorator
@inline
function accumulate<T>(lanes: usize, x: v128): void {
  if (sizeof<T>() == sizeof<f64>()) {
    v128.store(lanes, f64x2.add(v128.load(lanes), x));
    return;
  }
  v128.store(lanes, f64x2.add(v128.load(lanes), f64x2.promote_low_f32x4(x)));
  const high = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  v128.store(lanes + 16, f64x2.add(v128.load(lanes + 16), f64x2.promote_low_f32x4(high)));
}

// @ts-ignore: decorator
@inline
function total(lanes: usize): void {
  const first = load64(lanes) + load64(lanes + 8);
  store64(lanes, first + (load64(lanes + 16) + load64(lanes + 24)));
}

// The names of the built-in functions are those of the vectors here.
// @ts-ignore: decorator
@inline
function load64(address: usize): f64 {
  return f64x2.extract_lane(v128.load64_zero(address), 0);
}
// @ts-ignore: decorator
@inline
function store64(address: usize, x: f64): void {
  v128.store64_lane(address, f64x2.splat(x), 0);
}

/**
 * m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  S <- beta3 S + intake3 g;
 * p <- p - rate stepSize m / (sqrt(v) + epsilon) - shrink p
 */
class Prodigy<T, L> implements Motion {
  // @ts-ignore: decorator
  @inline move(
    parameter: v128, gradient: v128, rate: v128, shrink: v128,
    firstMoments: usize, secondMoments: usize, starts: usize, gradientSums: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, beta3: v128, intake3: v128, stepSize: v128, epsilon: v128, sums: usize,
  ): v128 {
    accumulate<T>(sums, v128.mul<T>(gradient, v128.sub<T>(load<T, L>(starts), parameter)));
    const gradientSum = firstMoment<T, L>(gradientSums, gradient, beta3, intake3);
    accumulate<T>(sums + LANES, absolute<T>(gradientSum));
    const first = firstMoment<T, L>(firstMoments, gradient, beta1, intake1);
    const second = secondMoment<T, L>(secondMoments, gradient, beta2, intake2);
    const step = quotient<T>(v128.mul<T>(stepSize, first), v128.add<T>(squareRoot<T>(second), epsilon));
    return v128.sub<T>(parameter, multiplyAdd<T>(shrink, parameter, v128.mul<T>(rate, step)));
  }
}

// @ts-ignore: decorator
@inline
function prodigy<T>(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, starts: usize, gradientSums: usize,
  beta1: T, intake1: T, beta2: T, intake2: T, beta3: T, intake3: T, stepSize: T, epsilon: T, sums: usize,
): i32 {
  for (let at: usize = 0; at < 2 * LANES; at += 16) v128.store(sums + at, zero());
  const count = move<T, Prodigy<T, v128>, Prodigy<T, T>>(
    n, parameters, gradients, options, firstMoments, secondMoments, starts, gradientSums,
    beta1, intake1, beta2, intake2, beta3, intake3, stepSize, epsilon, sums,
  );
  total(sums);
  total(sums + LANES);
  return count;
}

export function prodigy_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, starts: usize, gradientSums: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, beta3: f32, intake3: f32, stepSize: f32, epsilon: f32, sums: usize,
): i32 {
  return prodigy<f32>(
    n, parameters, gradients, options, firstMoments, secondMoments, starts, gradientSums,
    beta1, intake1, beta2, intake2, beta3, intake3, stepSize, epsilon, sums,
  );
}
export function prodigy_f64(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, secondMoments: usize, starts: usize, gradientSums: usize,
  beta1: f64, intake1: f64, beta2: f64, intake2: f64, beta3: f64, intake3: f64, stepSize: f64, epsilon: f64, sums: usize,
): i32 {
  return prodigy<f64>(
    n, parameters, gradients, options, firstMoments, secondMoments, starts, gradientSums,
    beta1, intake1, beta2, intake2, beta3, intake3, stepSize, epsilon, sums,
  );
}
