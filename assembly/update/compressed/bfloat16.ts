// State of 16 bits: the upper half of an f32, rounded up or down by chance. Elements below the thresholds of `flush`
// (2^-100, squares 2^-115) become 0 on their way to memory.

import { absolute, multiplyAdd, quotient, sign, squareRoot } from "../../simd/lanes";
import { Rule, step } from "../step";
import { chances } from "./dither";

/** 2^-100 and 2^-115 as bits of f32. */
// @ts-ignore: decorator
@inline const LEAST: i32 = (127 - 100) << 23;
// @ts-ignore: decorator
@inline const LEAST_SQUARE: i32 = (127 - 115) << 23;

// @ts-ignore: decorator
@inline
function loadHalf<L>(p: usize): v128 {
  if (sizeof<L>() == sizeof<v128>()) return i32x4.shl(i32x4.extend_low_i16x8_u(v128.load64_zero(p)), 16);
  return i32x4.replace_lane(i32x4.splat(0), 0, (<i32>load<u16>(p)) << 16);
}

/** Stores the upper halves after adding 16 random bits to the lower ones. */
// @ts-ignore: decorator
@inline
function storeHalf<L>(p: usize, x: v128, random: v128, least: i32): void {
  const large = i32x4.ge_s(absolute<f32>(x), i32x4.splat(least));
  const rounded = i32x4.shr_u(i32x4.add(v128.and(x, large), random), 16);
  if (sizeof<L>() == sizeof<v128>()) v128.store64_lane(p, i16x8.narrow_i32x4_u(rounded, rounded), 0);
  else store<u16>(p, <u16>i32x4.extract_lane(rounded, 0));
}

// @ts-ignore: decorator
@inline
function low(random: v128): v128 {
  return v128.and(random, i32x4.splat(0xffff));
}

/** As Adam in ../adam.ts. */
class Adam<L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, firstMoments: usize, secondMoments: usize, place: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, stepSize: v128, rootScale: v128, epsilon: v128,
  ): v128 {
    const random = chances(place);
    const first = multiplyAdd<f32>(intake1, gradient, f32x4.mul(beta1, loadHalf<L>(firstMoments)));
    const square = f32x4.mul(f32x4.mul(intake2, gradient), gradient);
    const second = f32x4.add(square, f32x4.mul(beta2, loadHalf<L>(secondMoments)));
    storeHalf<L>(firstMoments, first, low(random), LEAST);
    storeHalf<L>(secondMoments, second, i32x4.shr_u(random, 16), LEAST_SQUARE);
    const root = multiplyAdd<f32>(rootScale, squareRoot<f32>(second), epsilon);
    return quotient<f32>(f32x4.mul(stepSize, first), root);
  }
}

/** As Momentum in ../sgd.ts. */
class Momentum<L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, buffers: usize, t: usize, place: usize,
    learningRate: v128, momentum: v128, intake: v128, gradientShare: v128, bufferShare: v128, f: v128, g: v128,
  ): v128 {
    const buffer = multiplyAdd<f32>(intake, gradient, f32x4.mul(momentum, loadHalf<L>(buffers)));
    storeHalf<L>(buffers, buffer, low(chances(place)), LEAST);
    const direction = multiplyAdd<f32>(bufferShare, buffer, f32x4.mul(gradientShare, gradient));
    return f32x4.mul(learningRate, direction);
  }
}

/** As Lion in ../lion.ts. */
class Lion<L> implements Rule {
  // @ts-ignore: decorator
  @inline apply(
    gradient: v128, moments: usize, t: usize, place: usize,
    beta1: v128, intake1: v128, beta2: v128, intake2: v128, learningRate: v128, f: v128, g: v128,
  ): v128 {
    const before = loadHalf<L>(moments);
    const direction = multiplyAdd<f32>(intake1, gradient, f32x4.mul(beta1, before));
    const after = multiplyAdd<f32>(intake2, gradient, f32x4.mul(beta2, before));
    storeHalf<L>(moments, after, low(chances(place)), LEAST);
    return f32x4.mul(learningRate, sign<f32>(direction));
  }
}

// The slots are u16[n]; `seed` differs from step to step.

export function adamBfloat16_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, firstMoments: usize, secondMoments: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32, seed: i32,
): i32 {
  return step<f32, Adam<v128>, Adam<f32>>(
    n, parameters, gradients, options, firstMoments, secondMoments, seed, beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon, 1,
  );
}
export function momentumBfloat16_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, buffers: usize,
  learningRate: f32, momentum: f32, intake: f32, gradientShare: f32, bufferShare: f32, seed: i32,
): i32 {
  return step<f32, Momentum<v128>, Momentum<f32>>(
    n, parameters, gradients, options, buffers, 0, seed, learningRate, momentum, intake, gradientShare, bufferShare, 0, 0, 1,
  );
}
export function lionBfloat16_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, moments: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, learningRate: f32, seed: i32,
): i32 {
  return step<f32, Lion<v128>, Lion<f32>>(
    n, parameters, gradients, options, moments, 0, seed, beta1, intake1, beta2, intake2, learningRate, 0, 0, 1,
  );
}
