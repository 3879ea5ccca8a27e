// The vector vocabulary of the kernels, and the only file that tells the strict binary from the relaxed one.
//
// A kernel body is written once, over vectors, and instantiated twice through its type parameter L:
//   L = v128   a whole vector: 4 lanes of f32, 2 of f64
//   L = T      one element in lane 0, the other lanes zero: the tail
// so a tail performs exactly the operations of a lane, in the same order, fused where a lane fuses.
//
// Loops over vectors are written `if (p < end) do { ... } while (p < end)`. In a loop with its test on top V8 (11.3)
// sinks the splats of loop-invariant scalars into the body, one broadcast per use and turn: the same Adam was 1.25
// times slower that way.

/** Bytes in a vector. */
// @ts-ignore: decorator
@inline export const VECTOR: usize = 16;

/** Bytes in two, four and eight vectors, the turns of unrolled loops. */
// @ts-ignore: decorator
@inline export const PAIR: usize = 32;
// @ts-ignore: decorator
@inline export const QUAD: usize = 64;
// @ts-ignore: decorator
@inline export const OCTET: usize = 128;

/** Bytes taken by n elements of T. */
// @ts-ignore: decorator
@inline
export function bytes<T>(n: i32): usize {
  return (<usize>n) * sizeof<T>();
}

/** Says in the debug build what is wrong with an array. The release builds leave asserts out. */
// @ts-ignore: decorator
@inline
export function checkArray<T>(n: i32, p: usize): void {
  assert(n >= 0, "count must not be negative");
  assert((p & (sizeof<T>() - 1)) == 0, "pointer must be a multiple of the element size");
  assert(<u64>p + (<u64>n) * sizeof<T>() <= (<u64>memory.size()) << 16, "array must lie inside the memory");
}

// @ts-ignore: decorator
@inline
export function load<T, L>(p: usize): v128 {
  if (sizeof<L>() == sizeof<v128>()) return v128.load(p);
  if (sizeof<T>() == sizeof<f32>()) return v128.load32_zero(p);
  return v128.load64_zero(p);
}

// @ts-ignore: decorator
@inline
export function store<T, L>(p: usize, x: v128): void {
  if (sizeof<L>() == sizeof<v128>()) v128.store(p, x);
  else v128.store_lane<T>(p, x, 0);
}

// @ts-ignore: decorator
@inline
export function splat<T>(x: T): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.splat<T>(x);
}

// @ts-ignore: decorator
@inline
export function zero(): v128 {
  return i32x4.splat(0);
}

/** |x|, by a mask that stays in a register: for v128.abs V8 (11.3) makes its mask anew at every use. */
// @ts-ignore: decorator
@inline
export function absolute<T>(x: v128): v128 {
  if (sizeof<T>() == sizeof<f64>()) return v128.and(x, i64x2.splat(0x7fffffffffffffff));
  return v128.and(x, i32x4.splat(0x7fffffff));
}

/**
 * The greater of two magnitudes, NaN if one is NaN: among numbers without sign the greater has the greater bits, and NaN
 * the greatest. v128.max takes eight instructions.
 */
// @ts-ignore: decorator
@inline
export function greaterMagnitude<T>(x: v128, y: v128): v128 {
  if (sizeof<T>() == sizeof<f64>()) return v128.bitselect(x, y, i64x2.gt_s(x, y));
  return i32x4.max_s(x, y);
}

/** The greater, NaN if one is NaN, x if they are equal. Three instructions. */
// @ts-ignore: decorator
@inline
export function greater<T>(x: v128, y: v128): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.or(v128.pmax<T>(x, y), v128.ne<T>(y, y));
}

/** x held between two bounds; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function clamp<T>(x: v128, least: v128, greatest: v128): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.pmax<T>(v128.pmin<T>(x, greatest), least);
}

// @ts-ignore: decorator
@inline
export function squareRoot<T>(x: v128): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.sqrt<T>(x);
}

// @ts-ignore: decorator
@inline
export function quotient<T>(x: v128, y: v128): v128 {
  // @ts-ignore: T is f32 or f64, which TypeScript can't be told
  return v128.div<T>(x, y);
}

/** a b + c: rounded twice in strict; once in relaxed, on engines that fuse. */
// @ts-ignore: decorator
@inline
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** c - a b, rounded as multiplyAdd is. */
// @ts-ignore: decorator
@inline
export function subtractProduct<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_nmadd<T>(a, b, c);
  return v128.sub<T>(c, v128.mul<T>(a, b));
}

/** 1 or -1 with the sign of x; x itself where it is 0 or NaN. */
// @ts-ignore: decorator
@inline
export function sign<T>(x: v128): v128 {
  const signBit = v128.neg<T>(zero());
  const one = v128.bitselect(x, splat<T>(<T>1), signBit);
  const nonZero = v128.or(v128.lt<T>(x, zero()), v128.gt<T>(x, zero()));
  return v128.bitselect(one, x, nonZero);
}

/** All bits set in the lanes that hold NaN or an infinity: x - x is NaN there and 0 elsewhere. */
// @ts-ignore: decorator
@inline
export function nonFinite<T>(x: v128): v128 {
  const difference = v128.sub<T>(x, x);
  return v128.ne<T>(difference, difference);
}

/** Adds one to every 32-bit counter whose lane is set. A set f64 lane counts in both of its halves. */
// @ts-ignore: decorator
@inline
export function countSet(counters: v128, mask: v128): v128 {
  return i32x4.sub(counters, mask);
}

/** The total of such counters. */
// @ts-ignore: decorator
@inline
export function totalSet<T>(counters: v128): i32 {
  const even = i32x4.extract_lane(counters, 0) + i32x4.extract_lane(counters, 2);
  if (sizeof<T>() == sizeof<f64>()) return even;
  return even + i32x4.extract_lane(counters, 1) + i32x4.extract_lane(counters, 3);
}

/** The sum of the lanes in f64, as (0 + 1) + (2 + 3). */
// @ts-ignore: decorator
@inline
export function sumLanes<T>(x: v128): f64 {
  if (sizeof<T>() == sizeof<f64>()) return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
  const lanes = i32x4.shuffle(x, x, 0, 2, 1, 3);
  const sums = f64x2.add(f64x2.promote_low_f32x4(lanes), f64x2.promote_low_f32x4(i64x2.shuffle(lanes, lanes, 1, 1)));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** The greatest lane in f64; NaN if a lane is NaN. */
// @ts-ignore: decorator
@inline
export function maximumLane<T>(x: v128): f64 {
  if (sizeof<T>() == sizeof<f64>()) return max(f64x2.extract_lane(x, 0), f64x2.extract_lane(x, 1));
  return <f64>(
    max(
      max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
      max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
    )
  );
}
