// State of 8 bits in blocks of 256 elements, each with a scale of its own, and rounded up or down by chance.
//
// The codes: ./minifloat.ts.
//
// The scale s, f32, is a power of 2, found before the codes: from the greatest code and the greatest gradient of the block
// follows a bound on what the block will hold, and no element comes above 1 in f. So a step goes over a block twice, the
// second time in the first-level cache. A block ends with its tensor. A block whose elements fall below 2^-100 (squares:
// 2^-115) becomes 0.

import { absolute, checkArray, greaterMagnitude, splat, zero } from "../../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_BYTES, TENSOR_GRADIENT_SCALE,
  TENSOR_L2, TENSOR_LENGTH, TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "../options";
import { Adam, BlockRule, Lion, Momentum, updateBlock } from "./block";
import { greatestCodes, signedValue, unsignedValue } from "./minifloat";

// @ts-ignore: decorator
@inline const BLOCK: i32 = 256;

/** The least power of 2 that is at least x, up to 2^100; 0 for x below `least`; NaN for NaN. */
// @ts-ignore: decorator
@inline
function powerAbove(x: f32, least: f32): f32 {
  if (x != x) return x;
  if (x < least) return 0;
  return reinterpret<f32>((reinterpret<i32>(min<f32>(x, reinterpret<f32>((127 + 100) << 23))) + 0x7fffff) & 0x7f800000);
}

/** The greatest magnitude among n elements; NaN if one is. */
// @ts-ignore: decorator
@inline
function greatestElement(n: i32, p: usize): f32 {
  let a = zero(), b = zero();
  const end = p + (<usize>n << 2);
  const pairs = p + ((<usize>n << 2) & ~31);
  if (p < pairs) do {
    a = greaterMagnitude<f32>(a, absolute<f32>(v128.load(p)));
    b = greaterMagnitude<f32>(b, absolute<f32>(v128.load(p, 16)));
    p += 32;
  } while (p < pairs);
  if (p + 16 <= end) {
    b = greaterMagnitude<f32>(b, absolute<f32>(v128.load(p)));
    p += 16;
  }
  for (; p < end; p += 4) a = greaterMagnitude<f32>(a, absolute<f32>(v128.load32_zero(p)));
  // By lanes: as numbers they would be compared with branches that can't be foreseen.
  const four = greaterMagnitude<f32>(a, b);
  const two = greaterMagnitude<f32>(four, i64x2.shuffle(four, four, 1, 0));
  return f32x4.extract_lane(greaterMagnitude<f32>(two, i32x4.shuffle(two, two, 1, 0, 3, 2)), 0);
}

/** 1 / s for a power of 2, by its exponent; 0 for 0: then every code is 0. NaN for NaN. */
// @ts-ignore: decorator
@inline
function inverse(scale: f32): f32 {
  return scale > 0 ? reinterpret<f32>((254 << 23) - reinterpret<i32>(scale)) : scale;
}

/** How many of n elements are NaN or infinite. */
function countNonFinite(n: i32, p: usize): i32 {
  let count = 0;
  for (const end = p + (<usize>n << 2); p < end; p += 4) count += i32(!isFinite<f32>(load<f32>(p)));
  return count;
}

/**
 * As `step` in ../step.ts. s and t hold codes, u8[n], and sScales and tScales the scales of their blocks, f32. With `two`,
 * a literal, the rule has both. x, y, z are the constants of the rule; x is multiplied by the rate of the tensor, y as well
 * for Momentum, z for Lion, as `kind`, a literal, says: 0 Adam, 1 Momentum, 2 Lion.
 */
// @ts-ignore: decorator
@inline
function blockwiseStep<R extends BlockRule>(
  kind: i32, n: i32, parameters: usize, gradients: usize, options: usize,
  s: usize, sScales: usize, t: usize, tScales: usize, place: usize,
  sKeep: f32, sTake: f32, tKeep: f32, tTake: f32, x: f32, y: f32, z: f32,
): i32 {
  const two = kind == 0;
  checkArray<f32>(n, parameters);
  checkArray<f32>(n, gradients);
  const last = parameters + (<usize>n << 2);
  const clear = options ? integer(options, CLEAR) : 0;
  const limit: f32 = options ? <f32>real(options, CLIP_VALUE) : Infinity;
  const weight: f64 = options ? real(options, AVERAGE_WEIGHT) : 0;
  const greatest = splat<f32>(limit), least = splat<f32>(-limit);
  const box: f32 = options ? <f32>real(options, BOX) : Infinity;
  const highest = splat<f32>(box), lowest = splat<f32>(-box);
  const taken = splat<f32>(<f32>weight), kept = splat<f32>(<f32>(1.0 - weight));
  let averages: usize = options ? address(options, AVERAGES) : 0;
  const advance: usize = averages ? <usize>-1 : 0;
  let tensor: usize = options ? address(options, TABLE) : 0;
  let count = 0;
  while (parameters < last) {
    let gradientScale: f64 = options ? real(options, GRADIENT_SCALE) : 1;
    let penalty: f64 = options ? real(options, L2) : 0;
    let decay: f64 = options ? real(options, SHRINK) : 0;
    let share: f64 = 1;
    let tensorEnd = last;
    if (tensor) {
      tensorEnd = parameters + (<usize>integer(tensor, TENSOR_LENGTH) << 2);
      gradientScale *= real(tensor, TENSOR_GRADIENT_SCALE);
      penalty *= real(tensor, TENSOR_L2);
      decay *= real(tensor, TENSOR_SHRINK);
      share = real(tensor, TENSOR_RATE);
      tensor += TENSOR_BYTES;
    }
    const everything = averages != 0 || limit != Infinity || box != Infinity || penalty != 0;
    const rate = <f32>share;
    // Without `everything` the gradient enters raw, and what it is multiplied by, scaled.
    const scale = <f32>gradientScale;
    const raw: f32 = everything ? 1 : scale;
    const sIntake = splat<f32>(sTake * raw), tIntake = splat<f32>(tTake * raw * raw);
    const X = splat<f32>(kind == 2 ? x : x * rate);
    const Y = splat<f32>(kind == 0 ? y : kind == 1 ? y * rate * raw : y * raw);
    const Z = splat<f32>(z * rate);
    const shrink = splat<f32>(<f32>decay);
    while (parameters < tensorEnd) {
      const size = min<i32>(BLOCK, <i32>((tensorEnd - parameters) >> 2));
      const bytes = <usize>size << 2;
      if (share != 0) {
        const largest = greatestElement(size, gradients);
        if (!isFinite<f32>(largest)) count += countNonFinite(size, gradients);
        let bound = min<f32>(abs<f32>(scale) * largest, limit);
        if (penalty != 0) bound += abs<f32>(<f32>penalty) * greatestElement(size, parameters);
        // What s and t keep: the codes' values times the scales and the decay.
        const codes = greatestCodes(two, size, s, t);
        const sLeft = sKeep * load<f32>(sScales);
        const sAfter = powerAbove(sLeft * signedValue(codes & 255) + sTake * bound, reinterpret<f32>((127 - 100) << 23));
        store<f32>(sScales, sAfter);
        let tLeft: f32 = 0, tAfter: f32 = 0;
        if (two) {
          tLeft = tKeep * load<f32>(tScales);
          tAfter = powerAbove(tLeft * unsignedValue(codes >> 8) + tTake * (bound * bound), reinterpret<f32>((127 - 115) << 23));
          store<f32>(tScales, tAfter);
        }
        const sDecay = splat<f32>(sLeft), sInverse = splat<f32>(inverse(sAfter));
        const tDecay = splat<f32>(tLeft), tInverse = splat<f32>(inverse(tAfter));
        if (everything) {
          updateBlock<R>(
            true, penalty != 0, two, size, parameters, gradients, averages, s, t, place, splat<f32>(scale), splat<f32>(<f32>penalty),
            least, greatest, shrink, kept, taken, lowest, highest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, X, Y, Z,
          );
        } else {
          updateBlock<R>(
            false, false, two, size, parameters, gradients, 0, s, t, place, shrink, shrink, shrink, shrink,
            shrink, shrink, shrink, shrink, shrink, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, X, Y, Z,
          );
        }
      }
      if (clear) memory.fill(gradients, 0, bytes);
      parameters += bytes;
      gradients += bytes;
      averages += advance & bytes;
      place += bytes;
      s += <usize>size;
      t += <usize>size;
      sScales += 4;
      tScales += 4;
    }
  }
  return count;
}

export function adamInt8_f32(
  n: i32, parameters: usize, gradients: usize, options: usize,
  firstMoments: usize, firstScales: usize, secondMoments: usize, secondScales: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, stepSize: f32, rootScale: f32, epsilon: f32, seed: i32,
): i32 {
  return blockwiseStep<Adam>(
    0, n, parameters, gradients, options, firstMoments, firstScales, secondMoments, secondScales, seed,
    beta1, intake1, beta2, intake2, stepSize / rootScale, epsilon / rootScale, 0,
  );
}
export function momentumInt8_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, buffers: usize, scales: usize,
  learningRate: f32, momentum: f32, intake: f32, gradientShare: f32, bufferShare: f32, seed: i32,
): i32 {
  return blockwiseStep<Momentum>(
    1, n, parameters, gradients, options, buffers, scales, 0, 0, seed,
    momentum, intake, 0, 0, learningRate * bufferShare, learningRate * gradientShare, 0,
  );
}
export function lionInt8_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, moments: usize, scales: usize,
  beta1: f32, intake1: f32, beta2: f32, intake2: f32, learningRate: f32, seed: i32,
): i32 {
  return blockwiseStep<Lion>(
    2, n, parameters, gradients, options, moments, scales, 0, 0, seed,
    beta2, intake2, 0, 0, beta1 / beta2, intake1, learningRate,
  );
}
