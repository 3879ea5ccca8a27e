// Reductions of one fixed shape, so that a result depends on the data alone and never on how the work was split:
//
//   block   4,096 elements into 8 vectors of partial results; vectors left over go to the first of them; the last
//           elements, fewer than a vector, to a ninth
//   vectors ((0+1) + (2+3)) + ((4+5) + (6+7)), then the ninth, then the lanes, in f64
//   blocks  pairwise in f64: the left part takes the greatest power-of-two count of blocks that leaves a right part
//
// Inside a block f32 data are added in f32, so a square above 3.4e38 counts as infinite and one below 1e-45 as zero.

import {
  OCTET, VECTOR, absolute, bytes, checkArray, countSet, greaterMagnitude, load, maximumLane, multiplyAdd, nonFinite, sumLanes,
  totalSet, zero,
} from "../simd/lanes";

const BLOCK: i32 = 4096;

// What is accumulated, and how partial results come together. The classes have no fields and no instances: as type
// parameters they carry inlined code. A term loads what it needs itself: a load that goes unused is not dropped, since it
// might trap. L as in simd/lanes.ts.

interface Term {
  accumulate(partial: v128, x: usize, y: usize): v128;
}

interface Fold {
  merge(a: v128, b: v128): v128;
  lanes(a: v128): f64;
  join(a: f64, b: f64): f64;
}

/** x y */
class Product<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    return multiplyAdd<T>(load<T, L>(x), load<T, L>(y), partial);
  }
}

/** x x */
class Square<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    const value = load<T, L>(x);
    return multiplyAdd<T>(value, value, partial);
  }
}

/** x */
class Value<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    return v128.add<T>(partial, load<T, L>(x));
  }
}

/** |x| */
class Magnitude<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    return v128.add<T>(partial, absolute<T>(load<T, L>(x)));
  }
}

/** 1 for NaN and the infinities */
class NonFinite<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    return countSet(partial, nonFinite<T>(load<T, L>(x)));
  }
}

/** |x|, for a maximum */
class Greatest<T, L> implements Term {
  // @ts-ignore: decorator
  @inline accumulate(partial: v128, x: usize, y: usize): v128 {
    return greaterMagnitude<T>(partial, absolute<T>(load<T, L>(x)));
  }
}

class Addition<T> implements Fold {
  // @ts-ignore: decorator
  @inline merge(a: v128, b: v128): v128 {
    return v128.add<T>(a, b);
  }
  // @ts-ignore: decorator
  @inline lanes(a: v128): f64 {
    return sumLanes<T>(a);
  }
  // @ts-ignore: decorator
  @inline join(a: f64, b: f64): f64 {
    return a + b;
  }
}

/** Of counters as in countSet. */
class Count<T> implements Fold {
  // @ts-ignore: decorator
  @inline merge(a: v128, b: v128): v128 {
    return i32x4.add(a, b);
  }
  // @ts-ignore: decorator
  @inline lanes(a: v128): f64 {
    return <f64>totalSet<T>(a);
  }
  // @ts-ignore: decorator
  @inline join(a: f64, b: f64): f64 {
    return a + b;
  }
}

class Maximum<T> implements Fold {
  // @ts-ignore: decorator
  @inline merge(a: v128, b: v128): v128 {
    return greaterMagnitude<T>(a, b);
  }
  // @ts-ignore: decorator
  @inline lanes(a: v128): f64 {
    return maximumLane<T>(a);
  }
  // @ts-ignore: decorator
  @inline join(a: f64, b: f64): f64 {
    return max(a, b);
  }
}

// @ts-ignore: decorator
@inline
function reduceBlock<T, R extends Term, S extends Term, J extends Fold>(n: i32, x: usize, y: usize): f64 {
  const r = changetype<R>(0);
  const tail = changetype<S>(0);
  const fold = changetype<J>(0);
  let a0 = zero();
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, last = a0;
  const end = x + bytes<T>(n);
  const octets = x + (bytes<T>(n) & ~(OCTET - 1));
  const vectors = x + (bytes<T>(n) & ~(VECTOR - 1));
  if (x < octets) do {
    a0 = r.accumulate(a0, x, y);
    a1 = r.accumulate(a1, x + VECTOR, y + VECTOR);
    a2 = r.accumulate(a2, x + 2 * VECTOR, y + 2 * VECTOR);
    a3 = r.accumulate(a3, x + 3 * VECTOR, y + 3 * VECTOR);
    a4 = r.accumulate(a4, x + 4 * VECTOR, y + 4 * VECTOR);
    a5 = r.accumulate(a5, x + 5 * VECTOR, y + 5 * VECTOR);
    a6 = r.accumulate(a6, x + 6 * VECTOR, y + 6 * VECTOR);
    a7 = r.accumulate(a7, x + 7 * VECTOR, y + 7 * VECTOR);
    x += OCTET;
    y += OCTET;
  } while (x < octets);
  for (; x < vectors; x += VECTOR, y += VECTOR) a0 = r.accumulate(a0, x, y);
  for (; x < end; x += sizeof<T>(), y += sizeof<T>()) last = tail.accumulate(last, x, y);
  const low = fold.merge(fold.merge(a0, a1), fold.merge(a2, a3));
  const high = fold.merge(fold.merge(a4, a5), fold.merge(a6, a7));
  return fold.lanes(fold.merge(fold.merge(low, high), last));
}

/** R and S are the same term, for vectors and for single elements. */
function reduce<T, R extends Term, S extends Term, J extends Fold>(n: i32, x: usize, y: usize): f64 {
  checkArray<T>(n, x);
  checkArray<T>(n, y);
  if (n <= BLOCK) return reduceBlock<T, R, S, J>(n, x, y);
  const left = BLOCK << (31 - clz((n - 1) / BLOCK));
  return changetype<J>(0).join(
    reduce<T, R, S, J>(left, x, y),
    reduce<T, R, S, J>(n - left, x + bytes<T>(left), y + bytes<T>(left)),
  );
}

export function dot_f32(n: i32, x: usize, y: usize): f64 {
  return reduce<f32, Product<f32, v128>, Product<f32, f32>, Addition<f32>>(n, x, y);
}
export function dot_f64(n: i32, x: usize, y: usize): f64 {
  return reduce<f64, Product<f64, v128>, Product<f64, f64>, Addition<f64>>(n, x, y);
}
/** x.x, without a call where x is one block: that of a tensor of 100 elements takes half the time then. */
// @ts-ignore: decorator
@inline
export function squaredNorm<T>(n: i32, x: usize): f64 {
  if (n <= BLOCK) return reduceBlock<T, Square<T, v128>, Square<T, T>, Addition<T>>(n, x, x);
  return reduce<T, Square<T, v128>, Square<T, T>, Addition<T>>(n, x, x);
}
export function squaredNorm_f32(n: i32, x: usize): f64 {
  return reduce<f32, Square<f32, v128>, Square<f32, f32>, Addition<f32>>(n, x, x);
}
export function squaredNorm_f64(n: i32, x: usize): f64 {
  return reduce<f64, Square<f64, v128>, Square<f64, f64>, Addition<f64>>(n, x, x);
}
export function sum_f32(n: i32, x: usize): f64 {
  return reduce<f32, Value<f32, v128>, Value<f32, f32>, Addition<f32>>(n, x, x);
}
export function sum_f64(n: i32, x: usize): f64 {
  return reduce<f64, Value<f64, v128>, Value<f64, f64>, Addition<f64>>(n, x, x);
}
export function absoluteSum_f32(n: i32, x: usize): f64 {
  return reduce<f32, Magnitude<f32, v128>, Magnitude<f32, f32>, Addition<f32>>(n, x, x);
}
export function absoluteSum_f64(n: i32, x: usize): f64 {
  return reduce<f64, Magnitude<f64, v128>, Magnitude<f64, f64>, Addition<f64>>(n, x, x);
}
export function absoluteMaximum_f32(n: i32, x: usize): f64 {
  return reduce<f32, Greatest<f32, v128>, Greatest<f32, f32>, Maximum<f32>>(n, x, x);
}
export function absoluteMaximum_f64(n: i32, x: usize): f64 {
  return reduce<f64, Greatest<f64, v128>, Greatest<f64, f64>, Maximum<f64>>(n, x, x);
}
export function nonFiniteCount_f32(n: i32, x: usize): f64 {
  return reduce<f32, NonFinite<f32, v128>, NonFinite<f32, f32>, Count<f32>>(n, x, x);
}
export function nonFiniteCount_f64(n: i32, x: usize): f64 {
  return reduce<f64, NonFinite<f64, v128>, NonFinite<f64, f64>, Count<f64>>(n, x, x);
}
