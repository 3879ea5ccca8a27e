// Numbers for rounding up or down by chance. A moment that changes by a thousandth would never leave its code of 8 bits if it
// were rounded to the nearest; the mean of many chances is right where a single rounding can't be.
//
// The chances are a Weyl sequence: k times an odd number, modulo 2^32, where k counts places and steps. It is spread more
// evenly than random numbers are, along the elements as well as from step to step, and takes one addition.

/** The golden ratio in 32 bits. */
// @ts-ignore: decorator
@inline export const WEYL: i32 = 0x9e3779b1;

/** The chances of the four elements from the one at byte `place` on: 32 bits a lane. */
// @ts-ignore: decorator
@inline
export function chances(place: usize): v128 {
  return i32x4.add(i32x4.splat((<i32>place >> 2) * WEYL), i32x4(0, WEYL, 2 * WEYL, 3 * WEYL));
}
