// Codes of 8 bits.
//
// A code is the top of a float32: the lowest bits of its exponent and 3 bits of its mantissa.
//
//   first moments, buffers   x = +-(f - m) s,  f = 2^-15 .. 1.875, m = 2^-15, in 7 bits below the sign
//   second moments           v = f s,          f = 2^-31 .. 1.875, in 8 bits
//
// With m taken off code 0 is 0, and the codes are evenly spaced down there. Neighbours are an eighth of themselves apart at
// most, but for elements 10^4 times smaller than the greatest. A second moment that counted as 0 beside a first moment that does
// not would make a huge step, so it has no 0 but that of the scale. Codes that are integer powers of evenly spaced numbers
// ask for two roots more: that took 1.5 times as long.

import { absolute, multiplyAdd, zero } from "../../simd/lanes";

/** Where code 0 stands among the upper 12 bits of an f32: 2^-15 and 2^-31. */
// @ts-ignore: decorator
@inline const SIGNED: i32 = (127 - 15) << 3;
// @ts-ignore: decorator
@inline const UNSIGNED: i32 = (127 - 31) << 3;

/** What one code stands for, in multiples of the scale; without a sign. */
// @ts-ignore: decorator
@inline
export function signedValue(code: i32): f32 {
  return reinterpret<f32>((code + SIGNED) << 20) - reinterpret<f32>(SIGNED << 20);
}
// @ts-ignore: decorator
@inline
export function unsignedValue(code: i32): f32 {
  return reinterpret<f32>((code + UNSIGNED) << 20);
}

/** The upper halves of +-f, and of f, of codes in the higher byte of each 16 bits. */
// @ts-ignore: decorator
@inline
export function signedHalves(codes: v128): v128 {
  return i16x8.add(v128.and(i16x8.shr_s(codes, 4), i16x8.splat(<i16>0x87f0)), i16x8.splat(<i16>(SIGNED << 4)));
}
// @ts-ignore: decorator
@inline
export function unsignedHalves(codes: v128): v128 {
  return i16x8.add(i16x8.shr_u(codes, 4), i16x8.splat(<i16>(UNSIGNED << 4)));
}

/** +-(f - m) of +-f. */
// @ts-ignore: decorator
@inline
export function signedValues(f: v128): v128 {
  return f32x4.sub(f, v128.or(v128.and(f, i32x4.splat(0x80000000)), i32x4.splat(SIGNED << 20)));
}

/**
 * The upper 12 bits of f of |s| and of t, which are codes counted from SIGNED and UNSIGNED on. What the upper 20 bits of the
 * chance do not carry over is cut off.
 */
// @ts-ignore: decorator
@inline
export function encodeSigned(s: v128, inverse: v128, chance: v128): v128 {
  return round(multiplyAdd<f32>(absolute<f32>(s), inverse, i32x4.splat(SIGNED << 20)), chance);
}
// @ts-ignore: decorator
@inline
export function encodeUnsigned(t: v128, inverse: v128, chance: v128): v128 {
  return round(f32x4.mul(t, inverse), chance);
}
// @ts-ignore: decorator
@inline
function round(f: v128, chance: v128): v128 {
  return i32x4.shr_u(i32x4.add(f, i32x4.shr_u(chance, 12)), 20);
}

/** The codes of eight s, without their signs, and with `two`, a literal, above them of eight t. A t below code 0 gets code 0. */
// @ts-ignore: decorator
@inline
export function pack(two: bool, sLow: v128, sHigh: v128, tLow: v128, tHigh: v128): v128 {
  const s = i16x8.sub(i16x8.narrow_i32x4_s(sLow, sHigh), i16x8.splat(<i16>SIGNED));
  if (!two) return i8x16.narrow_i16x8_u(s, s);
  return i8x16.narrow_i16x8_u(s, i16x8.sub(i16x8.narrow_i32x4_s(tLow, tHigh), i16x8.splat(<i16>UNSIGNED)));
}

/** The codes of eight s in the lower half, with their signs. */
// @ts-ignore: decorator
@inline
export function withSigns(codes: v128, low: v128, high: v128): v128 {
  // Numbers with a sign, taken for integers, come down to -128.
  const numbers = i16x8.narrow_i32x4_s(low, high);
  return v128.or(codes, v128.and(i8x16.narrow_i16x8_s(numbers, numbers), i8x16.splat(-128)));
}

// Bytes become the higher half of 16 bits, and 16 bits the higher half of 32; x86 has an instruction for each of these.

// @ts-ignore: decorator
@inline
export function unpackBytes(x: v128): v128 {
  return i8x16.shuffle(zero(), x, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
export function unpackHalves(x: v128, high: bool): v128 {
  return high ? i16x8.shuffle(zero(), x, 4, 12, 5, 13, 6, 14, 7, 15) : i16x8.shuffle(zero(), x, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** The greatest code among n of s, signs left out, and with `two`, a literal, 256 times the greatest among n of t. */
// @ts-ignore: decorator
@inline
export function greatestCodes(two: bool, n: i32, s: usize, t: usize): i32 {
  let a = zero(), b = zero();
  const end = s + <usize>n, vectors = s + (<usize>n & ~15);
  if (s < vectors) do {
    a = i8x16.max_u(a, v128.and(v128.load(s), i8x16.splat(127)));
    if (two) b = i8x16.max_u(b, v128.load(t));
    s += 16;
    t += 16;
  } while (s < vectors);
  for (const fours = s + ((end - s) & ~3); s < fours; s += 4, t += 4) {
    a = i8x16.max_u(a, v128.and(v128.load32_zero(s), i8x16.splat(127)));
    if (two) b = i8x16.max_u(b, v128.load32_zero(t));
  }
  for (; s < end; ++s, ++t) {
    a = i8x16.max_u(a, i32x4.splat(<i32>load<u8>(s) & 127));
    if (two) b = i8x16.max_u(b, i32x4.splat(<i32>load<u8>(t)));
  }
  let both = i8x16.max_u(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3));
  both = i8x16.max_u(both, i64x2.shr_u(both, 32));
  both = i8x16.max_u(both, i32x4.shr_u(both, 16));
  both = i8x16.max_u(both, i16x8.shr_u(both, 8));
  const greatest = i32(i8x16.extract_lane_u(both, 0));
  return two ? greatest | (i32(i8x16.extract_lane_u(both, 8)) << 8) : greatest;
}
