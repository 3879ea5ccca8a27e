// State of 8 bits in blocks of 256 elements, each with a scale of its own, and rounded up or down by chance.
//
// The codes: ./minifloat.ts.
//
// The scale s, f32, is a power of 2, found before the codes: from the greatest code and the greatest gradient of the block
// follows a bound on what the block will hold, and no element comes above 1 in f. So a step goes over a block twice, the
// second time in the first-level cache. A block ends with its tensor. A block whose elements fall below 2^-100 (squares:
// 2^-115) becomes 0.

import {
  absolute, checkArray, clamp, greaterMagnitude, load as lanes, multiplyAdd, quotient, sign, splat, squareRoot,
  store as storeLanes, zero,
} from "../../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_BYTES, TENSOR_GRADIENT_SCALE,
  TENSOR_L2, TENSOR_LENGTH, TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "../options";
import { WEYL, chances } from "./dither";
import {
  SIGNED, UNSIGNED, decodeSigned, decodeUnsigned, encodeSigned, encodeUnsigned, greatestCode, highestByte, pack, unpackBytes, unpackHalves,
} from "./minifloat";

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

/** 1 / s for a power of 2, by its exponent; 0 for 0: then every code is 0. NaN for NaN. */
// @ts-ignore: decorator
@inline
function inverse(scale: f32): f32 {
  return scale > 0 ? reinterpret<f32>((254 << 23) - reinterpret<i32>(scale)) : scale;
}

// A block's constants stand in the same order everywhere:
//   scale, l2, least, greatest   of the gradient; with `everything` alone, else the scale is part of the intakes
//   sDecay, sIntake              what s keeps, times its scale, and takes in
//   tDecay, tIntake              what t keeps, times its scale, and takes in of the squared gradient
//   sInverse, tInverse, tLeast   the inverted scales after the step, and what stands for the least code of t
//   x, y, z                      of the rule
//   shrink                       of the parameters

/** The gradient that the rule sees. */
// @ts-ignore: decorator
@inline
function prepared<L>(
  everything: bool, penalized: bool, parameters: usize, gradients: usize, scale: v128, l2: v128, least: v128, greatest: v128,
): v128 {
  let gradient = lanes<f32, L>(gradients);
  if (everything) gradient = clamp<f32>(f32x4.mul(scale, gradient), least, greatest);
  if (everything && penalized) gradient = multiplyAdd<f32>(l2, lanes<f32, L>(parameters), gradient);
  return gradient;
}

/** p <- p - (shrink p + step), held in the box, and the average. */
// @ts-ignore: decorator
@inline
function move<L>(
  everything: bool, parameters: usize, averages: usize, step: v128, shrink: v128,
  kept: v128, taken: v128, lowest: v128, highest: v128,
): void {
  const parameter = lanes<f32, L>(parameters);
  let updated = f32x4.sub(parameter, multiplyAdd<f32>(shrink, parameter, step));
  if (everything) updated = clamp<f32>(updated, lowest, highest);
  storeLanes<f32, L>(parameters, updated);
  if (everything && averages) {
    storeLanes<f32, L>(averages, multiplyAdd<f32>(taken, updated, f32x4.mul(kept, lanes<f32, L>(averages))));
  }
}

/** t, of its codes and the gradient. */
// @ts-ignore: decorator
@inline
function second(gradient: v128, codes: v128, decay: v128, intake: v128): v128 {
  return multiplyAdd<f32>(f32x4.mul(intake, gradient), gradient, f32x4.mul(decay, decodeUnsigned(codes)));
}

/** Codes of as many elements as L has lanes, in the highest byte of each. */
// @ts-ignore: decorator
@inline
function loadCodes<L>(p: usize): v128 {
  if (sizeof<L>() == sizeof<f32>()) return highestByte(load<u8>(p));
  return unpackHalves(unpackBytes(v128.load32_zero(p), false), false);
}

/** Stores a byte for every lane of L. */
// @ts-ignore: decorator
@inline
function storeCodes<L>(p: usize, codes: v128): void {
  if (sizeof<L>() == sizeof<f32>()) v128.store8_lane(p, codes, 0);
  else v128.store32_lane(p, codes, 0);
}

/** One update of four elements or of one, with what `blockLoop` does for sixteen. */
// @ts-ignore: decorator
@inline
function few<R extends BlockRule, L>(
  everything: bool, penalized: bool, two: bool, parameters: usize, gradients: usize, averages: usize, kept: v128, taken: v128, lowest: v128, highest: v128,
  s: usize, t: usize, chance: v128, scale: v128, l2: v128, least: v128, greatest: v128,
  sDecay: v128, sIntake: v128, tDecay: v128, tIntake: v128, sInverse: v128, tInverse: v128, tLeast: v128,
  x: v128, y: v128, z: v128, shrink: v128,
): void {
  const g = prepared<L>(everything, penalized, parameters, gradients, scale, l2, least, greatest);
  const left = f32x4.mul(sDecay, decodeSigned(loadCodes<L>(s)));
  const s0 = multiplyAdd<f32>(sIntake, g, left);
  const t0 = two ? second(g, loadCodes<L>(t), tDecay, tIntake) : s0;
  const step = changetype<R>(0).step(g, left, s0, two ? squareRoot<f32>(t0) : s0, x, y, z);
  move<L>(everything, parameters, averages, step, shrink, kept, taken, lowest, highest);
  const codes = encodeSigned(s0, sInverse, chance);
  const c = i16x8.narrow_i32x4_s(codes, codes), n = i16x8.narrow_i32x4_s(s0, s0);
  const signs = v128.and(i8x16.narrow_i16x8_s(n, n), i8x16.splat(-128));
  storeCodes<L>(s, v128.or(pack(c, c, SIGNED), signs));
  if (two) {
    const roots = encodeUnsigned(t0, tInverse, tLeast, chance);
    const d = i16x8.narrow_i32x4_s(roots, roots);
    storeCodes<L>(t, pack(d, d, UNSIGNED));
  }
}

/** All updates of a block, sixteen at a time, then four, then one. */
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
    const sBytes = v128.load(s);
    const tBytes = two ? v128.load(t) : sBytes;
    const sLow = unpackBytes(sBytes, false), sHigh = unpackBytes(sBytes, true);
    const tLow = unpackBytes(tBytes, false), tHigh = unpackBytes(tBytes, true);
    const g0 = prepared<v128>(everything, penalized, parameters, gradients, scale, l2, least, greatest);
    const left0 = f32x4.mul(sDecay, decodeSigned(unpackHalves(sLow, false)));
    const s0 = multiplyAdd<f32>(sIntake, g0, left0);
    const t0 = two ? second(g0, unpackHalves(tLow, false), tDecay, tIntake) : s0;
    const u0 = changetype<R>(0).step(g0, left0, s0, two ? squareRoot<f32>(t0) : s0, x, y, z);
    move<v128>(everything, parameters, averages, u0, shrink, kept, taken, lowest, highest);
    const c0 = encodeSigned(s0, sInverse, chance);
    const d0 = two ? encodeUnsigned(t0, tInverse, tLeast, chance) : c0;
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const g1 = prepared<v128>(everything, penalized, parameters + 16, gradients + 16, scale, l2, least, greatest);
    const left1 = f32x4.mul(sDecay, decodeSigned(unpackHalves(sLow, true)));
    const s1 = multiplyAdd<f32>(sIntake, g1, left1);
    const t1 = two ? second(g1, unpackHalves(tLow, true), tDecay, tIntake) : s1;
    const u1 = changetype<R>(0).step(g1, left1, s1, two ? squareRoot<f32>(t1) : s1, x, y, z);
    move<v128>(everything, parameters + 16, averages + (advance & 16), u1, shrink, kept, taken, lowest, highest);
    const c1 = encodeSigned(s1, sInverse, chance);
    const d1 = two ? encodeUnsigned(t1, tInverse, tLeast, chance) : c1;
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const c01 = i16x8.narrow_i32x4_s(c0, c1), n01 = i16x8.narrow_i32x4_s(s0, s1);
    const d01 = two ? i16x8.narrow_i32x4_s(d0, d1) : c01;
    const g2 = prepared<v128>(everything, penalized, parameters + 32, gradients + 32, scale, l2, least, greatest);
    const left2 = f32x4.mul(sDecay, decodeSigned(unpackHalves(sHigh, false)));
    const s2 = multiplyAdd<f32>(sIntake, g2, left2);
    const t2 = two ? second(g2, unpackHalves(tHigh, false), tDecay, tIntake) : s2;
    const u2 = changetype<R>(0).step(g2, left2, s2, two ? squareRoot<f32>(t2) : s2, x, y, z);
    move<v128>(everything, parameters + 32, averages + (advance & 32), u2, shrink, kept, taken, lowest, highest);
    const c2 = encodeSigned(s2, sInverse, chance);
    const d2 = two ? encodeUnsigned(t2, tInverse, tLeast, chance) : c2;
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const g3 = prepared<v128>(everything, penalized, parameters + 48, gradients + 48, scale, l2, least, greatest);
    const left3 = f32x4.mul(sDecay, decodeSigned(unpackHalves(sHigh, true)));
    const s3 = multiplyAdd<f32>(sIntake, g3, left3);
    const t3 = two ? second(g3, unpackHalves(tHigh, true), tDecay, tIntake) : s3;
    const u3 = changetype<R>(0).step(g3, left3, s3, two ? squareRoot<f32>(t3) : s3, x, y, z);
    move<v128>(everything, parameters + 48, averages + (advance & 48), u3, shrink, kept, taken, lowest, highest);
    const c3 = encodeSigned(s3, sInverse, chance);
    const d3 = two ? encodeUnsigned(t3, tInverse, tLeast, chance) : c3;
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    const c23 = i16x8.narrow_i32x4_s(c2, c3), n23 = i16x8.narrow_i32x4_s(s2, s3);
    const d23 = two ? i16x8.narrow_i32x4_s(d2, d3) : c23;
    // Numbers with a sign, taken for integers, come down to -128.
    const signs = v128.and(i8x16.narrow_i16x8_s(n01, n23), i8x16.splat(-128));
    v128.store(s, v128.or(pack(c01, c23, SIGNED), signs));
    if (two) v128.store(t, pack(d01, d23, UNSIGNED));
    parameters += 64;
    gradients += 64;
    averages += advance & 64;
    s += 16;
    t += 16;
  } while (s < sixteens);
  // Tensors begin on 16 bytes, and 100 elements end with four.
  const fours = s + ((end - s) & ~3);
  if (s < fours) do {
    few<R, v128>(
      everything, penalized, two, parameters, gradients, averages, kept, taken, lowest, highest, s, t, chance, scale, l2, least, greatest,
      sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    parameters += 16;
    gradients += 16;
    averages += advance & 16;
    s += 4;
    t += 4;
  } while (s < fours);
  for (; s < end; ++s, ++t) {
    few<R, f32>(
      everything, penalized, two, parameters, gradients, averages, kept, taken, lowest, highest, s, t, chance, scale, l2, least, greatest,
      sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, tLeast, x, y, z, shrink,
    );
    chance = i32x4.add(chance, i32x4.splat(WEYL));
    parameters += 4;
    gradients += 4;
    averages += advance & 4;
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
        // What s and t keep: the codes' values times the scales and the decay.
        const sLeft = sKeep * load<f32>(sScales);
        const sMost = f32x4.extract_lane(decodeSigned(i32x4.splat(greatestCode(size, s, true) << 24)), 0);
        const sAfter = powerAbove(sLeft * sMost + sTake * bound, reinterpret<f32>((127 - 100) << 23));
        store<f32>(sScales, sAfter);
        let tLeft: f32 = 0, tAfter: f32 = 0;
        if (two) {
          tLeft = tKeep * load<f32>(tScales);
          const tMost = f32x4.extract_lane(decodeUnsigned(i32x4.splat(greatestCode(size, t, false) << 24)), 0);
          tAfter = powerAbove(tLeft * tMost + tTake * (bound * bound), reinterpret<f32>((127 - 115) << 23));
          store<f32>(tScales, tAfter);
        }
        const sDecay = splat<f32>(sLeft), sInverse = splat<f32>(inverse(sAfter));
        const tDecay = splat<f32>(tLeft), tInverse = splat<f32>(inverse(tAfter));
        const tLeast = splat<f32>(tAfter == 0 ? 0 : reinterpret<f32>((UNSIGNED + 1) << 20));
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
