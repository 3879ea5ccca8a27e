// One block of state of 8 bits: ./int8.ts says what a block is, ./minifloat.ts what its codes stand for.

import { clamp, load as lanes, multiplyAdd, quotient, sign, squareRoot, store as storeLanes, zero } from "../../simd/lanes";
import { WEYL, chances } from "./dither";
import {
  encodeSigned, encodeUnsigned, pack, signedHalves, signedValues, unpackBytes, unpackHalves, unsignedHalves, withSigns,
} from "./minifloat";

/**
 * What the rules differ in. All of them have s <- sDecay s + sIntake g, and Adam t <- tDecay t + tIntake g g besides. A rule
 * makes a direction of what is left of s and of the new s, and of the direction and the root of the new t the step, with
 * constants x, y, z of its own.
 */
export interface BlockRule {
  direction(gradient: v128, left: v128, s: v128, x: v128, y: v128, z: v128): v128;
  step(direction: v128, root: v128, y: v128): v128;
}

/** x s / (sqrt(t) + y): as in ../adam.ts with x = stepSize / rootScale, y = epsilon / rootScale. */
export class Adam implements BlockRule {
  // @ts-ignore: decorator
  @inline direction(gradient: v128, left: v128, s: v128, x: v128, y: v128, z: v128): v128 {
    return f32x4.mul(x, s);
  }
  // @ts-ignore: decorator
  @inline step(direction: v128, root: v128, y: v128): v128 {
    return quotient<f32>(direction, f32x4.add(root, y));
  }
}

/** x s + y g: as Momentum in ../sgd.ts. */
export class Momentum implements BlockRule {
  // @ts-ignore: decorator
  @inline direction(gradient: v128, left: v128, s: v128, x: v128, y: v128, z: v128): v128 {
    return multiplyAdd<f32>(x, s, f32x4.mul(y, gradient));
  }
  // @ts-ignore: decorator
  @inline step(direction: v128, root: v128, y: v128): v128 {
    return direction;
  }
}

/** z sign(x left + y g): as in ../lion.ts, where `left` is beta2 m and x = beta1 / beta2. */
export class Lion implements BlockRule {
  // @ts-ignore: decorator
  @inline direction(gradient: v128, left: v128, s: v128, x: v128, y: v128, z: v128): v128 {
    return f32x4.mul(z, sign<f32>(multiplyAdd<f32>(y, gradient, f32x4.mul(x, left))));
  }
  // @ts-ignore: decorator
  @inline step(direction: v128, root: v128, y: v128): v128 {
    return direction;
  }
}

// A block's constants stand in the same order everywhere:
//   scale, l2, least, greatest      of the gradient; with `everything` alone, else the scale is part of the intakes
//   shrink, kept, taken, lowest, highest   of the move; the last four with `everything` alone
//   sDecay, sIntake                 what s keeps, times its scale, and takes in
//   tDecay, tIntake                 what t keeps, times its scale, and takes in of the squared gradient
//   sInverse, tInverse              the inverted scales after the step
//   x, y, z                         of the rule

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
  everything: bool, parameters: usize, averages: usize, step: v128, shrink: v128, kept: v128, taken: v128, lowest: v128, highest: v128,
): void {
  const parameter = lanes<f32, L>(parameters);
  let updated = f32x4.sub(parameter, multiplyAdd<f32>(shrink, parameter, step));
  if (everything) updated = clamp<f32>(updated, lowest, highest);
  storeLanes<f32, L>(parameters, updated);
  if (everything && averages) {
    storeLanes<f32, L>(averages, multiplyAdd<f32>(taken, updated, f32x4.mul(kept, lanes<f32, L>(averages))));
  }
}

/** The move of eight parameters. */
// @ts-ignore: decorator
@inline
function moveEight(
  everything: bool, parameters: usize, averages: usize, nextAverages: usize, step0: v128, step1: v128,
  shrink: v128, kept: v128, taken: v128, lowest: v128, highest: v128,
): void {
  move<v128>(everything, parameters, averages, step0, shrink, kept, taken, lowest, highest);
  move<v128>(everything, parameters + 16, nextAverages, step1, shrink, kept, taken, lowest, highest);
}

/** t, of what its codes stand for and the gradient. */
// @ts-ignore: decorator
@inline
function second(gradient: v128, values: v128, decay: v128, intake: v128): v128 {
  return multiplyAdd<f32>(decay, values, f32x4.mul(f32x4.mul(intake, gradient), gradient));
}

/** Codes of as many elements as L has lanes, in the lowest bytes. */
// @ts-ignore: decorator
@inline
function loadCodes<L>(p: usize): v128 {
  if (sizeof<L>() == sizeof<f32>()) return i32x4.replace_lane(zero(), 0, load<u8>(p));
  return v128.load32_zero(p);
}

/** Stores a byte for every lane of L. */
// @ts-ignore: decorator
@inline
function storeCodes<L>(p: usize, codes: v128): void {
  if (sizeof<L>() == sizeof<f32>()) v128.store8_lane(p, codes, 0);
  else v128.store32_lane(p, codes, 0);
}

/** One update of four elements or of one, with what `updateBlock` does for eight. */
// @ts-ignore: decorator
@inline
function few<R extends BlockRule, L>(
  everything: bool, penalized: bool, two: bool, parameters: usize, gradients: usize, averages: usize, s: usize, t: usize, chance: v128,
  scale: v128, l2: v128, least: v128, greatest: v128, shrink: v128, kept: v128, taken: v128, lowest: v128, highest: v128,
  sDecay: v128, sIntake: v128, tDecay: v128, tIntake: v128, sInverse: v128, tInverse: v128, x: v128, y: v128, z: v128,
): void {
  const g = prepared<L>(everything, penalized, parameters, gradients, scale, l2, least, greatest);
  const left = f32x4.mul(sDecay, signedValues(unpackHalves(signedHalves(unpackBytes(loadCodes<L>(s))), false)));
  const s0 = multiplyAdd<f32>(sIntake, g, left);
  const t0 = two ? second(g, unpackHalves(unsignedHalves(unpackBytes(loadCodes<L>(t))), false), tDecay, tIntake) : s0;
  const direction = changetype<R>(0).direction(g, left, s0, x, y, z);
  const step = changetype<R>(0).step(direction, two ? squareRoot<f32>(t0) : s0, y);
  move<L>(everything, parameters, averages, step, shrink, kept, taken, lowest, highest);
  const c = encodeSigned(s0, sInverse, chance);
  const d = two ? encodeUnsigned(t0, tInverse, chance) : c;
  const codes = pack(two, c, c, d, d);
  storeCodes<L>(s, withSigns(codes, s0, s0));
  if (two) storeCodes<L>(t, i64x2.shuffle(codes, codes, 1, 1));
}

/**
 * All updates of a block, eight at a time, then four, then one. `everything`, `penalized` and `two` are literals: with `two`
 * the rule has s and t.
 *
 * With `two` the parameters follow one turn behind the state. From a code to its parameter is a chain of 60 cycles, root and quotient among
 * them, and the processor looks no further ahead than a turn or so: with the chain cut in two a step in cache takes 0.85 of the time.
 */
// @ts-ignore: decorator
@inline
export function updateBlock<R extends BlockRule>(
  everything: bool, penalized: bool, two: bool, size: i32,
  parameters: usize, gradients: usize, averages: usize, s: usize, t: usize, place: usize,
  scale: v128, l2: v128, least: v128, greatest: v128, shrink: v128, kept: v128, taken: v128, lowest: v128, highest: v128,
  sDecay: v128, sIntake: v128, tDecay: v128, tIntake: v128, sInverse: v128, tInverse: v128, x: v128, y: v128, z: v128,
): void {
  const end = s + <usize>size;
  const first = s, eights = s + (<usize>size & ~7);
  const advance: usize = averages ? <usize>-1 : 0;
  let chance = chances(place);
  if (s < eights) {
    let direction0 = zero(), direction1 = zero(), root0 = zero(), root1 = zero();
    do {
      if (two && s > first) {
        const step0 = changetype<R>(0).step(direction0, root0, y), step1 = changetype<R>(0).step(direction1, root1, y);
        moveEight(everything, parameters, averages, averages + (advance & 16), step0, step1, shrink, kept, taken, lowest, highest);
        parameters += 32;
        averages += advance & 32;
      }
      const sHalves = signedHalves(unpackBytes(v128.load64_zero(s)));
      const tHalves = two ? unsignedHalves(unpackBytes(v128.load64_zero(t))) : sHalves;
      const g0 = prepared<v128>(everything, penalized, parameters, gradients, scale, l2, least, greatest);
      const left0 = f32x4.mul(sDecay, signedValues(unpackHalves(sHalves, false)));
      const s0 = multiplyAdd<f32>(sIntake, g0, left0);
      const t0 = two ? second(g0, unpackHalves(tHalves, false), tDecay, tIntake) : s0;
      const g1 = prepared<v128>(everything, penalized, parameters + 16, gradients + 16, scale, l2, least, greatest);
      const left1 = f32x4.mul(sDecay, signedValues(unpackHalves(sHalves, true)));
      const s1 = multiplyAdd<f32>(sIntake, g1, left1);
      const t1 = two ? second(g1, unpackHalves(tHalves, true), tDecay, tIntake) : s1;
      direction0 = changetype<R>(0).direction(g0, left0, s0, x, y, z);
      direction1 = changetype<R>(0).direction(g1, left1, s1, x, y, z);
      if (two) {
        root0 = squareRoot<f32>(t0);
        root1 = squareRoot<f32>(t1);
      } else {
        moveEight(
          everything, parameters, averages, averages + (advance & 16), direction0, direction1, shrink, kept, taken, lowest, highest,
        );
        parameters += 32;
        averages += advance & 32;
      }
      const c0 = encodeSigned(s0, sInverse, chance);
      const d0 = two ? encodeUnsigned(t0, tInverse, chance) : c0;
      chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
      const c1 = encodeSigned(s1, sInverse, chance);
      const d1 = two ? encodeUnsigned(t1, tInverse, chance) : c1;
      chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
      const codes = pack(two, c0, c1, d0, d1);
      v128.store64_lane(s, withSigns(codes, s0, s1), 0);
      if (two) v128.store64_lane(t, codes, 1);
      gradients += 32;
      s += 8;
      t += 8;
    } while (s < eights);
    if (two) {
      const step0 = changetype<R>(0).step(direction0, root0, y), step1 = changetype<R>(0).step(direction1, root1, y);
      moveEight(everything, parameters, averages, averages + (advance & 16), step0, step1, shrink, kept, taken, lowest, highest);
      parameters += 32;
      averages += advance & 32;
    }
  }
  // Tensors begin on 16 bytes, and 100 elements end with four.
  if (s + 4 <= end) {
    few<R, v128>(
      everything, penalized, two, parameters, gradients, averages, s, t, chance, scale, l2, least, greatest,
      shrink, kept, taken, lowest, highest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, x, y, z,
    );
    chance = i32x4.add(chance, i32x4.splat(4 * WEYL));
    parameters += 16;
    gradients += 16;
    averages += advance & 16;
    s += 4;
    t += 4;
  }
  for (; s < end; ++s, ++t) {
    few<R, f32>(
      everything, penalized, two, parameters, gradients, averages, s, t, chance, scale, l2, least, greatest,
      shrink, kept, taken, lowest, highest, sDecay, sIntake, tDecay, tIntake, sInverse, tInverse, x, y, z,
    );
    chance = i32x4.add(chance, i32x4.splat(WEYL));
    parameters += 4;
    gradients += 4;
    averages += advance & 4;
  }
}
