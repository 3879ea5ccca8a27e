// Codes of 8 bits.
//
// A code is the top of a float32: the lowest bits of its exponent and 3 bits of its mantissa. With the least value m taken
// off, so that code 0 is 0 and the codes are evenly spaced down there:
//
//   first moments, buffers   x = +-(f - m) s,  f = 2^-15 .. 1.875, in 7 bits below the sign
//   second moments           v = (f - m) s,    f = 2^-31 .. 1.875, in 8 bits
//
// Neighbours are an eighth of themselves apart at most, but for elements 10^4, or 10^9, times smaller than the greatest. A
// second moment that counted as 0 beside a first moment that does not would make a huge step, so it keeps at least code 1.
// Codes that are integer powers of evenly spaced numbers ask for two roots more: that took 1.5 times as long.

import { absolute, multiplyAdd, zero } from "../../simd/lanes";

/** Where code 0 stands among the upper 12 bits of an f32: 2^-15 and 2^-31. */
// @ts-ignore: decorator
@inline export const SIGNED: i32 = (127 - 15) << 3;
// @ts-ignore: decorator
@inline export const UNSIGNED: i32 = (127 - 31) << 3;

/** What codes stand for, in multiples of the scale; they are in the highest byte of each lane. */
// @ts-ignore: decorator
@inline
export function decodeSigned(codes: v128): v128 {
  const f = i32x4.add(v128.and(i32x4.shr_s(codes, 4), i32x4.splat(0x87f00000)), i32x4.splat(SIGNED << 20));
  return f32x4.sub(f, v128.or(v128.and(f, i32x4.splat(0x80000000)), i32x4.splat(SIGNED << 20)));
}
// @ts-ignore: decorator
@inline
export function decodeUnsigned(codes: v128): v128 {
  return f32x4.sub(i32x4.add(i32x4.shr_u(codes, 4), i32x4.splat(UNSIGNED << 20)), i32x4.splat(UNSIGNED << 20));
}

/** The codes of |s| and of t, counted from SIGNED and UNSIGNED on: what the chance does not carry over is cut off. */
// @ts-ignore: decorator
@inline
export function encodeSigned(s: v128, inverse: v128, chance: v128): v128 {
  const f = multiplyAdd<f32>(absolute<f32>(s), inverse, i32x4.splat(SIGNED << 20));
  return i32x4.shr_u(i32x4.add(f, i32x4.shr_u(chance, 12)), 20);
}
/** The lower bits of a Weyl sequence are one as well. */
// @ts-ignore: decorator
@inline
export function encodeUnsigned(t: v128, inverse: v128, least: v128, chance: v128): v128 {
  const f = v128.pmax<f32>(multiplyAdd<f32>(t, inverse, i32x4.splat(UNSIGNED << 20)), least);
  return i32x4.shr_u(i32x4.add(f, v128.and(chance, i32x4.splat(0xfffff))), 20);
}

/** A code in the highest byte of lane 0. */
// @ts-ignore: decorator
@inline
export function highestByte(code: u8): v128 {
  return i32x4.replace_lane(zero(), 0, <i32>code << 24);
}

// Bytes become the highest of twice as many bytes, and 16 bits the higher of 32; x86 has an instruction for each of these.

// @ts-ignore: decorator
@inline
export function unpackBytes(x: v128, high: bool): v128 {
  return high
    ? i8x16.shuffle(zero(), x, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    : i8x16.shuffle(zero(), x, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
export function unpackHalves(x: v128, high: bool): v128 {
  return high ? i16x8.shuffle(zero(), x, 4, 12, 5, 13, 6, 14, 7, 15) : i16x8.shuffle(zero(), x, 0, 8, 1, 9, 2, 10, 3, 11);
}

/** Codes counted from `first` on, in 16 bits each, as bytes. */
// @ts-ignore: decorator
@inline
export function pack(low: v128, high: v128, first: i32): v128 {
  return i8x16.narrow_i16x8_u(i16x8.sub(low, i16x8.splat(<i16>first)), i16x8.sub(high, i16x8.splat(<i16>first)));
}

/** The greatest among n codes, signs left out. */
// @ts-ignore: decorator
@inline
export function greatestCode(n: i32, p: usize, signed: bool): i32 {
  let greatest = zero();
  const end = p + <usize>n;
  const vectors = p + (<usize>n & ~15);
  for (; p < vectors; p += 16) greatest = i8x16.max_u(greatest, signed ? v128.and(v128.load(p), i8x16.splat(127)) : v128.load(p));
  for (const fours = p + ((end - p) & ~3); p < fours; p += 4) {
    const codes = v128.load32_zero(p);
    greatest = i8x16.max_u(greatest, signed ? v128.and(codes, i8x16.splat(127)) : codes);
  }
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
  greatest = i8x16.max_u(greatest, i8x16.shuffle(greatest, greatest, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
  let best = i32(i8x16.extract_lane_u(greatest, 0));
  for (; p < end; ++p) best = max(best, <i32>load<u8>(p) & (signed ? 127 : 255));
  return best;
}
