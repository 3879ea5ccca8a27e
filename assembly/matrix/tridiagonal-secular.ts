// The eigenvalues and eigenvectors of D + rho z z^T, D diagonal, by its secular equation
//
//     w(x) = 1 / rho + sum_j z_j^2 / (d_j - x) = 0
//
// (R.-C. Li 1993, "Solving Secular Equations Stably and Efficiently"; Gu, Eisenstat 1994, "A Stable and Efficient Algorithm
// for the Rank-one Modification of the Symmetric Eigenproblem"), all in f64. With d_0 < d_1 < ... and rho > 0 there is a
// root between any two poles and one above the last, at most rho |z|^2 above. A root is kept as its distance from the
// nearer pole, so that its distances from all poles, (d_j - origin) - distance, have small relative errors.
//
// Arrays of poles and weights are f64[2 ceil((k + 1) / 2)]: behind the last pole stands another of weight 0 beyond the
// last root, so that all roots lie between two, and one more where that makes the count even.

import { VECTOR, sumLanes, zero } from "../simd/lanes";

/** Iterations for a root; three are usual, a dozen in clusters, and bisection alone would take 60. */
const MOST_ITERATIONS: i32 = 100;

/** Of f64, half the distance from 1 to the next number. */
const ROUNDOFF: f64 = 1.1102230246251565e-16;

/** The sums that `evaluate` leaves, as offsets. */
const VALUE: usize = 0, SIZE: usize = 8, SLOPE_BELOW: usize = 16, SLOPE_ABOVE: usize = 24;

/** Bytes of an array of poles or weights. */
// @ts-ignore: decorator
@inline
export function poleBytes(k: i32): usize {
  return <usize>((k + 2) & ~1) << 3;
}

/** The element i of an array of f64. */
// @ts-ignore: decorator
@inline
function at(array: usize, i: i32): f64 {
  return load<f64>(array + (<usize>i << 3));
}

/**
 * At x = origin + distance: sum_j z_j^2 / (d_j - x), the same of magnitudes, and the sum's slope, of the poles below x and
 * of those above.
 */
function evaluate(poles: usize, weights: usize, end: usize, origin: f64, distance: f64, sums: usize): void {
  const o = f64x2.splat(origin), t = f64x2.splat(distance);
  let value = zero(), size = zero(), slope = zero(), slopeBelow = zero();
  do {
    const delta = f64x2.sub(f64x2.sub(v128.load(poles), o), t);
    const z = v128.load(weights);
    const ratio = f64x2.div(z, delta);
    const term = f64x2.mul(z, ratio);
    const square = f64x2.mul(ratio, ratio);
    value = f64x2.add(value, term);
    size = f64x2.add(size, f64x2.abs(term));
    slope = f64x2.add(slope, square);
    slopeBelow = f64x2.add(slopeBelow, v128.and(square, f64x2.lt(delta, zero())));
    poles += VECTOR;
    weights += VECTOR;
  } while (poles < end);
  const below = sumLanes<f64>(slopeBelow);
  store<f64>(sums, sumLanes<f64>(value), VALUE);
  store<f64>(sums, sumLanes<f64>(size), SIZE);
  store<f64>(sums, below, SLOPE_BELOW);
  store<f64>(sums, sumLanes<f64>(slope) - below, SLOPE_ABOVE);
}

/** Of the two roots of c x^2 - a x + b = 0 the one that vanishes with b. */
// @ts-ignore: decorator
@inline
function vanishingRoot(a: f64, b: f64, c: f64): f64 {
  const root = Math.sqrt(Math.abs(a * a - 4 * b * c));
  if (a > 0) return 2 * b / (a + root);
  return c == 0 ? b / a : (a - root) / (2 * c);
}

/**
 * The root between poles i and i + 1: its origin and its distance from that. False if it is not found, which only
 * happens where numbers aren't finite.
 *
 * Each step replaces the poles i and i + 1 by ones that have the slope of what lies on their side ("the middle way") and
 * solves for the root of that. Steps out of the bracket give way to bisection.
 *
 * @param lastStep a step of at most this part of the distance to the nearer pole is the last
 */
function findRoot(
  i: i32, k: i32, poles: usize, weights: usize, rho: f64, lastStep: f64, origins: usize, distances: usize, sums: usize,
): bool {
  const end = poles + poleBytes(k);
  const left = at(poles, i), right = at(poles, i + 1);
  const gap = right - left;
  const constant = 1 / rho;
  evaluate(poles, weights, end, left, 0.5 * gap, sums);
  const middle = constant + load<f64>(sums, VALUE);
  const weightLeft = at(weights, i), weightRight = at(weights, i + 1);
  const squareLeft = weightLeft * weightLeft, squareRight = weightRight * weightRight;
  // What the other poles contribute, taken as constant, gives the first guess.
  const rest = middle + 2 * (squareLeft - squareRight) / gap;
  const sum = squareLeft + squareRight;
  let origin: f64, low: f64, high: f64, distance: f64;
  if (middle >= 0) {
    origin = left;
    low = 0;
    high = 0.5 * gap;
    distance = vanishingRoot(rest * gap + sum, squareLeft * gap, rest);
  } else {
    origin = right;
    low = -0.5 * gap;
    high = 0;
    distance = -vanishingRoot(sum - rest * gap, squareRight * gap, -rest);
  }
  if (!(distance > low && distance < high)) distance = 0.5 * (low + high);
  const fromLeft = left - origin, fromRight = right - origin;
  const rounding = <f64>(8 + (k >> 3));
  for (let iteration = 0; iteration < MOST_ITERATIONS; ++iteration) {
    evaluate(poles, weights, end, origin, distance, sums);
    const w = constant + load<f64>(sums, VALUE);
    const below = load<f64>(sums, SLOPE_BELOW), above = load<f64>(sums, SLOPE_ABOVE);
    const slope = below + above;
    const error = constant + rounding * load<f64>(sums, SIZE) + Math.abs(distance) * slope;
    if (Math.abs(w) <= ROUNDOFF * error) {
      store<f64>(origins + (<usize>i << 3), origin);
      store<f64>(distances + (<usize>i << 3), distance);
      return true;
    }
    if (w < 0) low = distance;
    else high = distance;
    const deltaLeft = fromLeft - distance, deltaRight = fromRight - distance;
    const product = deltaLeft * deltaRight;
    let step = vanishingRoot(
      (deltaLeft + deltaRight) * w - product * slope, product * w, w - deltaLeft * below - deltaRight * above,
    );
    if (w * step >= 0) step = -w / slope;
    let next = distance + step;
    const within = next > low && next < high;
    if (!within) next = 0.5 * (low + high);
    const isLast = within && Math.abs(step) <= lastStep * min(Math.abs(deltaLeft), Math.abs(deltaRight));
    if (isLast || next == distance) {
      store<f64>(origins + (<usize>i << 3), origin);
      store<f64>(distances + (<usize>i << 3), next);
      return true;
    }
    distance = next;
  }
  return false;
}

/**
 * All k roots, in ascending order.
 *
 * @param sums f64[4], to work in
 * @returns whether all were found
 */
export function findRoots(
  k: i32, poles: usize, weights: usize, rho: f64, lastStep: f64, origins: usize, distances: usize, sums: usize,
): bool {
  for (let i = 0; i < k; ++i) {
    if (!findRoot(i, k, poles, weights, rho, lastStep, origins, distances, sums)) return false;
  }
  return true;
}

/**
 * The weights for which the roots found are the exact ones, but for a common factor, with the signs of the old:
 *
 *     z_j^2 = prod_i (x_i - d_j) / prod_(i != j) (d_i - d_j)
 *
 * Eigenvectors made of them are orthogonal whatever the errors of the roots. Quotients of four factors each stay far from
 * overflow: a gap is no less than the roundoff of T, and a root as near to a pole as its square comes once.
 */
export function refineWeights(k: i32, poles: usize, weights: usize, origins: usize, distances: usize): void {
  const one = f64x2.splat(1);
  const end = poles + poleBytes(k);
  for (let pole = poles; pole < end; pole += VECTOR, weights += VECTOR) {
    const d = v128.load(pole);
    let square = one;
    for (let i = 0; i < k; i += 4) {
      let numerator = one, denominator = one;
      for (let j = i, last = min(i + 4, k); j < last; ++j) {
        const offset = <usize>j << 3;
        const difference = f64x2.sub(v128.load64_splat(poles + offset), d);
        const distance = f64x2.add(f64x2.sub(v128.load64_splat(origins + offset), d), v128.load64_splat(distances + offset));
        numerator = f64x2.mul(numerator, distance);
        denominator = f64x2.mul(denominator, v128.bitselect(one, difference, f64x2.eq(difference, zero())));
      }
      square = f64x2.mul(square, f64x2.div(numerator, denominator));
    }
    const signBit = f64x2.splat(-0.0);
    v128.store(weights, v128.bitselect(v128.load(weights), f64x2.sqrt(f64x2.abs(square)), signBit));
  }
}

/**
 * The eigenvector of the root with this origin and distance: z_j / (d_j - x), of length 1, rounded to T.
 *
 * @param row T[k + up to 3], on a multiple of 8
 * @param work f64[poleBytes / 8]
 */
export function eigenvector<T>(
  k: i32, poles: usize, weights: usize, origin: f64, distance: f64, row: usize, work: usize,
): void {
  const o = f64x2.splat(origin), t = f64x2.splat(distance);
  let squares = zero();
  const bytes = <usize>((k + 1) & ~1) << 3;
  for (let j: usize = 0; j < bytes; j += VECTOR) {
    const ratio = f64x2.div(v128.load(weights + j), f64x2.sub(f64x2.sub(v128.load(poles + j), o), t));
    v128.store(work + j, ratio);
    squares = f64x2.add(squares, f64x2.mul(ratio, ratio));
  }
  const scale = f64x2.splat(1 / Math.sqrt(sumLanes<f64>(squares)));
  for (let j: usize = 0; j < bytes; j += VECTOR) {
    const value = f64x2.mul(v128.load(work + j), scale);
    if (sizeof<T>() == sizeof<f64>()) {
      v128.store(row + j, value);
    } else {
      v128.store64_lane(row + (j >> 1), f32x4.demote_f64x2_zero(value), 0);
    }
  }
}
