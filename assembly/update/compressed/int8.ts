// State of 8 bits in blocks of 256 elements, each with a scale of its own, and rounded up or down by chance.
//
//   first moments, buffers   x = (c s) |c s|,  c in -127 .. 127
//   second moments           v = (c s)^4,      c in 1 .. 255 (0 in a block that holds nothing)
//
// so that the codes are finer near 0 than near the greatest element: elements 10^4, or 10^9, times smaller than that keep
// a code of their own. A second moment that counted as 0 beside a first moment that does not would make a huge step.
//
// The scale s, f32, is a power of 2, found before the codes: from the greatest code and the greatest gradient of the block
// follows a bound on what the block will hold. So a step goes over a block twice, the second time in the first-level
// cache. A block ends with its tensor. A block whose elements fall below 2^-100 (squares: 2^-115) becomes 0.

import {
  absolute, checkArray, clamp, greaterMagnitude, load as lanes, maximumLane, multiplyAdd, quotient, sign, splat, squareRoot,
  store as storeLanes, zero,
} from "../../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_BYTES, TENSOR_GRADIENT_SCALE,
  TENSOR_L2, TENSOR_LENGTH, TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "../options";
import { WEYL, chances } from "./dither";

// @ts-ignore: decorator
@inline const BLOCK: i32 = 256;

/** Added to a number between -2^22 and 2^22 it leaves the nearest integer in the lowest bits. */
// @ts-ignore: decorator
@inline const MAGIC: f32 = 12582912;

/** The least power of 2 that is at least x > 0, in 2^-100 .. 2^100; 0 below; NaN for NaN. */
// @ts-ignore: decorator
@inline
function powerAbove(x: f32): f32 {
  if (x != x) return x;
  if (x < reinterpret<f32>((127 - 100) << 23)) return 0;
  return reinterpret<f32>((reinterpret<i32>(min<f32>(x, reinterpret<f32>((127 + 100) << 23))) + 0x7fffff) & 0x7f800000);
}

/** The scale of codes c for numbers (c s)|c s| up to `bound`. 126, so that the rounding stays within 127. */
// @ts-ignore: decorator
@inline
function scaleOfSquares(bound: f32): f32 {
  return bound < reinterpret<f32>((127 - 100) << 23) ? 0 : powerAbove(sqrt<f32>(bound) / 126);
}

/** The scale of codes c for numbers (c s)^4 up to `bound`. */
// @ts-ignore: decorator
@inline
function scaleOfFourthPowers(bound: f32): f32 {
  return bound < reinterpret<f32>((127 - 115) << 23) ? 0 : powerAbove(sqrt<f32>(sqrt<f32>(bound)) / 254);
}

/** A number rounded up or down by the chance in 32 bits: the code stands in the lowest byte of each lane. */
// @ts-ignore: decorator
@inline
function round(x: v128, chance: v128): v128 {
  const between = f32x4.mul(f32x4.convert_i32x4_s(chance), f32x4.splat(1.0 / 4294967296.0));
  return f32x4.add(f32x4.add(x, between), f32x4.splat(MAGIC));
}

/** The greatest magnitude among n codes. */
// @ts-ignore: decorator
@inline
function greatestCode(n: i32, p: usize, signed: bool): f32 {
  let greatest = zero();
  const end = p + <usize>n;
  const vectors = p + (<usize>n & ~15);
  for (; p < vectors; p += 16) greatest = i8x16.max_u(greatest, signed ? i8x16.abs(v128.load(p)) : v128.load(p));
  let best: i32 = 0;
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
  best = i32(i8x16.extract_lane_u(greatest, 0));
  for (; p < end; ++p) best = max(best, signed ? abs<i32>(<i32>load<i8>(p)) : <i32>load<u8>(p));
  return <f32>best;
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
  for (; p < end; p += 4) a = greaterMagnitude<f32>(a, absolute<f32>(v128.load32_zero(p)));
  return <f32>maximumLane<f32>(greaterMagnitude<f32>(a, b));
}

/**
 * What the rules differ in. All of them have s <- sDecay s + sIntake g, and Adam t <- tDecay t + tIntake g g besides; a rule
 * makes the step of what is left of s, the new s, and the root of the new t, with constants x, y, z of its own.
 */
interface BlockRule {
  step(gradient: v128, left: v128, s: v128, root: v128, x: v128, y: v128, z: v128): v128;
}

/** x s / (sqrt(t) + y): as in ../adam.ts with x = stepSize / rootScale, y = epsilon / rootScale. */
class Adam implements BlockRule {
  // @ts-ignore: decorator
  @inline step(gradient: v128, left: v128, s: v128, root: v128, x: v128, y: v128, z: v128): v128 {
    return quotient<f32>(f32x4.mul(x, s), f32x4.add(root, y));
  }
}

/** x s + y g: as Momentum in ../sgd.ts. */
class Momentum implements BlockRule {
  // @ts-ignore: decorator
  @inline step(gradient: v128, left: v128, s: v128, root: v128, x: v128, y: v128, z: v128): v128 {
    return multiplyAdd<f32>(x, s, f32x4.mul(y, gradient));
  }
}

/** z sign(x left + y g): as in ../lion.ts, where `left` is beta2 m and x = beta1 / beta2. */
class Lion implements BlockRule {
  // @ts-ignore: decorator
  @inline step(gradient: v128, left: v128, s: v128, root: v128, x: v128, y: v128, z: v128): v128 {
    return f32x4.mul(z, sign<f32>(multiplyAdd<f32>(y, gradient, f32x4.mul(x, left))));
  }
}

/** 1 / s for a power of 2, 0 for 0: then every code is 0. */
// @ts-ignore: decorator
@inline
function inverse(scale: f32): f32 {
  return scale == 0 ? 0 : <f32>1 / scale;
}

// A block's constants stand in the same order everywhere:
//   scale, l2, least, greatest   of the gradient; with `everything` alone, else the scale is part of the intakes
//   sDecay, sIntake              what s keeps, times the square of its scale, and takes in
//   tDecay, tIntake              what t keeps, times the fourth power of its scale, and takes in of the squared gradient
//   sInverse, tInverse, tLeast   the inverted scales after the step, and the least multiple of t's
//   x, y, z                      of the rule
//   shrink                       of the parameters

/** One update. Takes the codes as f32, returns the new ones: those of s in bytes 0 to 3, those of t in 4 to 7. */
// @ts-ignore: decorator
@inline
function update<L, R extends BlockRule>(
  everything: bool, penalized: bool, two: bool, parameters: usize, gradients: usize, averages: usize, kept: v128, taken: v128, lowest: v128, highest: v128,
  sCode: v128, tCode: v128, chance: v128, scale: v128, l2: v128, least: v128, greatest: v128,
  sDecay: v128, sIntake: v128, tDecay: v128, tIntake: v128, sInverse: v128, tInverse: v128, tLeast: v128,
  x: v128, y: v128, z: v128, shrink: v128,
): v128 {
  const parameter = lanes<f32, L>(parameters);
  let gradient = lanes<f32, L>(gradients);
  if (everything) gradient = clamp<f32>(f32x4.mul(scale, gradient), least, greatest);
  if (everything && penalized) gradient = multiplyAdd<f32>(l2, parameter, gradient);
  const left = f32x4.mul(sDecay, f32x4.mul(sCode, absolute<f32>(sCode)));
  const s = multiplyAdd<f32>(sIntake, gradient, left);
  let root = zero();
  if (two) {
    const square = f32x4.mul(tCode, tCode);
    root = squareRoot<f32>(multiplyAdd<f32>(f32x4.mul(tIntake, gradient), gradient, f32x4.mul(tDecay, f32x4.mul(square, square))));
  }
  const step = changetype<R>(0).step(gradient, left, s, root, x, y, z);
  let updated = f32x4.sub(parameter, multiplyAdd<f32>(shrink, parameter, step));
  if (everything) updated = clamp<f32>(updated, lowest, highest);
  storeLanes<f32, L>(parameters, updated);
  if (everything && averages) {
    storeLanes<f32, L>(averages, multiplyAdd<f32>(taken, updated, f32x4.mul(kept, lanes<f32, L>(averages))));
  }
  const magnitude = f32x4.mul(squareRoot<f32>(absolute<f32>(s)), sInverse);
  const signed = v128.or(magnitude, v128.and(s, i32x4.splat(0x80000000)));
  const codes = round(signed, chance);
  let others = codes;
  // The lower half of a Weyl sequence is one as well.
  if (two) {
    const multiple = v128.pmax<f32>(f32x4.mul(squareRoot<f32>(root), tInverse), tLeast);
    others = round(multiple, i32x4.shl(chance, 16));
  }
  return i8x16.shuffle(codes, others, 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** 16 codes: the four from lane 4 k on as f32. */
// @ts-ignore: decorator
@inline
function codesOf(codes: v128, k: i32, signed: bool): v128 {
  if (signed) {
    const half = k < 2 ? i16x8.extend_low_i8x16_s(codes) : i16x8.extend_high_i8x16_s(codes);
    return f32x4.convert_i32x4_s((k & 1) == 0 ? i32x4.extend_low_i16x8_s(half) : i32x4.extend_high_i16x8_s(half));
  }
  const half = k < 2 ? i16x8.extend_low_i8x16_u(codes) : i16x8.extend_high_i8x16_u(codes);
  return f32x4.convert_i32x4_s((k & 1) == 0 ? i32x4.extend_low_i16x8_u(half) : i32x4.extend_high_i16x8_u(half));
}

/** All updates of a block, sixteen at a time, then one at a time. */
// @ts-ignore: decorator
@inline
function blockLoop<R extends BlockRule>(
  everything: bool, penalized: bool, two: bool, size: i32, parameters: usize, gradients: usize, averages: usize, kept: v128, taken: v128, lowest: v128, highest: v128,
  s: usize, t: usize, place: usize, scale: v128, l2: v128, least: v128, greatest: v128,
  sDecay: v128, sIntake: v128, tDecay: v128, tIntake: v128, sInverse: v128, tInverse: v128, tLeast: v128,
  x: v128, y: v128, z: v128, shrink: v128,
): void {
  const end = s + <usize>size;
  const sixteens = s + (<usize>size & ~15);
  const advance: usize = averages ? <usize>-1 : 0;
  let chance = chances(place);
  if (s < sixteens) do {
    const sCodes = v128.load(s);
    const tCodes = two ? v128.load(t) : sCodes;
    const c0 = update<v128, R>(
      everything, penalized, two, parameters, gradients, averages, kept, taken, lowest, highest, codesOf(sCodes, 0, true), codesOf(tCodes, 0, false), chance,
      scale, l2, least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const c1 = update<v128, R>(
      everything, penalized, two, parameters + 16, gradients + 16, averages + (advance & 16), kept, taken, lowest, highest,
      codesOf(sCodes, 1, true), codesOf(tCodes, 1, false), chance,
      scale, l2, least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const c2 = update<v128, R>(
      everything, penalized, two, parameters + 32, gradients + 32, averages + (advance & 32), kept, taken, lowest, highest,
      codesOf(sCodes, 2, true), codesOf(tCodes, 2, false), chance,
      scale, l2, least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const c3 = update<v128, R>(
      everything, penalized, two, parameters + 48, gradients + 48, averages + (advance & 48), kept, taken, lowest, highest,
      codesOf(sCodes, 3, true), codesOf(tCodes, 3, false), chance,
      scale, l2, least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const low = i32x4.shuffle(c0, c1, 0, 4, 1, 5);
    const high = i32x4.shuffle(c2, c3, 0, 4, 1, 5);
    v128.store(s, i64x2.shuffle(low, high, 0, 2));
    if (two) v128.store(t, i64x2.shuffle(low, high, 1, 3));
    parameters += 64;
    gradients += 64;
    averages += advance & 64;
    s += 16;
    t += 16;
  } while (s < sixteens);
  place += (<usize>size & ~15) << 2;
  for (; s < end; ++s, ++t) {
    const code = update<f32, R>(
      everything, penalized, two, parameters, gradients, averages, kept, taken, lowest, highest,
      f32x4.replace_lane(zero(), 0, <f32>load<i8>(s)), two ? f32x4.replace_lane(zero(), 0, <f32>load<u8>(t)) : zero(), chances(place),
      scale, l2, least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    store<u8>(s, i8x16.extract_lane_u(code, 0));
    if (two) store<u8>(t, i8x16.extract_lane_u(code, 4));
    parameters += 4;
    gradients += 4;
    averages += advance & 4;
    place += 4;
  }
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
        // What s and t keep: the codes' powers times the scales' and the decay.
        const sScale = load<f32>(sScales);
        const sLeft = sKeep * (sScale * sScale);
        const sCode = greatestCode(size, s, true);
        const sAfter = scaleOfSquares(sLeft * (sCode * sCode) + sTake * bound);
        store<f32>(sScales, sAfter);
        let tLeft: f32 = 0, tAfter: f32 = 0;
        if (two) {
          const square = load<f32>(tScales) * load<f32>(tScales);
          tLeft = tKeep * (square * square);
          const tCode = greatestCode(size, t, false);
          tAfter = scaleOfFourthPowers(tLeft * (tCode * tCode * (tCode * tCode)) + tTake * (bound * bound));
          store<f32>(tScales, tAfter);
        }
        const sDecay = splat<f32>(sLeft), sInverse = splat<f32>(inverse(sAfter));
        const tDecay = splat<f32>(tLeft), tInverse = splat<f32>(inverse(tAfter));
        // Above 1, so that no chance makes it 0.
        const tLeast = splat<f32>(tAfter == 0 ? 0 : 1.001);
        if (everything) {
          blockLoop<R>(
            true, penalty != 0, two, size, parameters, gradients, averages, kept, taken, lowest, highest, s, t, place, splat<f32>(scale), splat<f32>(<f32>penalty),
            least, greatest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, X, Y, Z, shrink,
          );
        } else {
          blockLoop<R>(
            false, false, two, size, parameters, gradients, 0, shrink, shrink, shrink, shrink, s, t, place, shrink, shrink, shrink, shrink,
            sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, X, Y, Z, shrink,
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
