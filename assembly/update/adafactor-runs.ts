// What ./adafactor.ts does along a run of elements: a row of a matrix, or a vector.

import {
  PAIR, VECTOR, bytes, countSet, greater, load, multiplyAdd, nonFinite, quotient, splat, squareRoot, store, sumLanes,
  totalSet, zero,
} from "../simd/lanes";
import { BLOCK, move, prepared } from "./tensors";

/** moments <- moments + intake g g;  returns the sum of g g */
export function takeRow<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, intake: T, scale: T, limit: T, l2: T,
): f64 {
  const a = splat<T>(intake), factor = splat<T>(scale), bound = splat<T>(limit), decay = splat<T>(l2);
  const end = gradients + bytes<T>(n);
  let total: f64 = 0;
  while (gradients < end) {
    const blockEnd = min(end, gradients + bytes<T>(BLOCK));
    const vectors = gradients + ((blockEnd - gradients) & ~(VECTOR - 1));
    let sum = zero();
    if (gradients < vectors) do {
      const g = prepared<T>(l2 != 0, load<T, v128>(gradients), load<T, v128>(parameters), factor, bound, decay);
      const square = v128.mul<T>(g, g);
      sum = v128.add<T>(square, sum);
      store<T, v128>(moments, multiplyAdd<T>(a, square, load<T, v128>(moments)));
      parameters += VECTOR;
      gradients += VECTOR;
      moments += VECTOR;
    } while (gradients < vectors);
    while (gradients < blockEnd) {
      const g = prepared<T>(l2 != 0, load<T, T>(gradients), load<T, T>(parameters), factor, bound, decay);
      const square = v128.mul<T>(g, g);
      sum = v128.add<T>(square, sum);
      store<T, T>(moments, multiplyAdd<T>(a, square, load<T, T>(moments)));
      parameters += sizeof<T>();
      gradients += sizeof<T>();
      moments += sizeof<T>();
    }
    total += sumLanes<T>(sum);
  }
  return total;
}

/** x <- decay x + intake */
export function decayRun<T>(n: i32, x: usize, decay: T, intake: T): void {
  const a = splat<T>(decay), b = splat<T>(intake);
  const end = x + bytes<T>(n);
  const vectors = x + (bytes<T>(n) & ~(VECTOR - 1));
  for (; x < vectors; x += VECTOR) store<T, v128>(x, multiplyAdd<T>(a, load<T, v128>(x), b));
  for (; x < end; x += sizeof<T>()) store<T, T>(x, multiplyAdd<T>(a, load<T, T>(x), b));
}

/** max(share moment, floor) */
// @ts-ignore: decorator
@inline
function variance<T, L>(moments: usize, share: v128, floor: v128): v128 {
  return greater<T>(v128.mul<T>(share, load<T, L>(moments)), floor);
}

/** g g / v, and 0 where g is 0 */
// @ts-ignore: decorator
@inline
function squareOver<T>(g: v128, v: v128): v128 {
  return v128.and(quotient<T>(v128.mul<T>(g, g), v), v128.ne<T>(g, zero()));
}

/** g / sqrt(v), and 0 where g is 0 */
// @ts-ignore: decorator
@inline
function overRoot<T>(g: v128, v: v128): v128 {
  return v128.and(quotient<T>(g, squareRoot<T>(v)), v128.ne<T>(g, zero()));
}

/** The sum of g g / max(share moment, floor). */
export function measureRun<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, share: T, floor: T, scale: T, limit: T, l2: T,
): f64 {
  const part = splat<T>(share), least = splat<T>(floor);
  const factor = splat<T>(scale), bound = splat<T>(limit), decay = splat<T>(l2);
  const end = gradients + bytes<T>(n);
  let total: f64 = 0;
  while (gradients < end) {
    const blockEnd = min(end, gradients + bytes<T>(BLOCK));
    const vectors = gradients + ((blockEnd - gradients) & ~(VECTOR - 1));
    let sum = zero();
    if (gradients < vectors) do {
      const g = prepared<T>(l2 != 0, load<T, v128>(gradients), load<T, v128>(parameters), factor, bound, decay);
      sum = v128.add<T>(squareOver<T>(g, variance<T, v128>(moments, part, least)), sum);
      parameters += VECTOR;
      gradients += VECTOR;
      moments += VECTOR;
    } while (gradients < vectors);
    while (gradients < blockEnd) {
      const g = prepared<T>(l2 != 0, load<T, T>(gradients), load<T, T>(parameters), factor, bound, decay);
      sum = v128.add<T>(squareOver<T>(g, variance<T, T>(moments, part, least)), sum);
      parameters += sizeof<T>();
      gradients += sizeof<T>();
      moments += sizeof<T>();
    }
    total += sumLanes<T>(sum);
  }
  return total;
}

/** moment <- keep moment + raised + intake g g;  returns g g / max(moment, floor) */
// @ts-ignore: decorator
@inline
function takeElement<T, L>(
  penalized: bool, parameters: usize, gradients: usize, moments: usize,
  keep: v128, raised: v128, intake: v128, floor: v128, scale: v128, limit: v128, l2: v128,
): v128 {
  const parameter = penalized ? load<T, L>(parameters) : scale;
  const g = prepared<T>(penalized, load<T, L>(gradients), parameter, scale, limit, l2);
  store<T, L>(moments, multiplyAdd<T>(intake, v128.mul<T>(g, g), multiplyAdd<T>(keep, load<T, L>(moments), raised)));
  return squareOver<T>(g, variance<T, L>(moments, splat<T>(<T>1), floor));
}

/** The same for a vector, of which it returns the sum. */
// @ts-ignore: decorator
@inline
export function takeVector<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, decay: T, regulator: T, intake: T, floor: T, scale: T, limit: T, l2: T,
): f64 {
  const keep = splat<T>(decay), raised = splat<T>(regulator), a = splat<T>(intake), least = splat<T>(floor);
  const factor = splat<T>(scale), bound = splat<T>(limit), penalty = splat<T>(l2);
  const end = gradients + bytes<T>(n);
  let total: f64 = 0;
  while (gradients < end) {
    const blockEnd = min(end, gradients + bytes<T>(BLOCK));
    const pairs = gradients + ((blockEnd - gradients) & ~(PAIR - 1));
    const vectors = gradients + ((blockEnd - gradients) & ~(VECTOR - 1));
    let sum = zero();
    if (l2 == 0 && gradients < pairs) do {
      sum = v128.add<T>(takeElement<T, v128>(false, parameters, gradients, moments, keep, raised, a, least, factor, bound, penalty), sum);
      sum = v128.add<T>(takeElement<T, v128>(
        false, parameters + VECTOR, gradients + VECTOR, moments + VECTOR, keep, raised, a, least, factor, bound, penalty,
      ), sum);
      parameters += PAIR;
      gradients += PAIR;
      moments += PAIR;
    } while (gradients < pairs);
    if (gradients < vectors) do {
      sum = v128.add<T>(takeElement<T, v128>(l2 != 0, parameters, gradients, moments, keep, raised, a, least, factor, bound, penalty), sum);
      parameters += VECTOR;
      gradients += VECTOR;
      moments += VECTOR;
    } while (gradients < vectors);
    while (gradients < blockEnd) {
      sum = v128.add<T>(takeElement<T, T>(l2 != 0, parameters, gradients, moments, keep, raised, a, least, factor, bound, penalty), sum);
      parameters += sizeof<T>();
      gradients += sizeof<T>();
      moments += sizeof<T>();
    }
    total += sumLanes<T>(sum);
  }
  return total;
}

/**
 * u = size g / sqrt(max(share moment, floor));  without velocities p <- p - rate u;  with them b <- momentum b + intake u,
 * p <- p - rate b. Returns what is set where the gradient is not finite. With `bare`, a literal, there are no velocities and
 * averages, l2 is 0, and gradients stay.
 */
// @ts-ignore: decorator
@inline
function moveElement<T, L>(
  bare: bool, penalized: bool, clear: bool, parameters: usize, gradients: usize, moments: usize, velocities: usize, averages: usize,
  share: v128, floor: v128, size: v128, momentum: v128, intake: v128, rate: v128, shrink: v128, box: v128, kept: v128, taken: v128,
  scale: v128, limit: v128, l2: v128,
): v128 {
  const raw = load<T, L>(gradients);
  const g = prepared<T>(!bare && penalized, raw, load<T, L>(parameters), scale, limit, l2);
  let u = v128.mul<T>(size, overRoot<T>(g, variance<T, L>(moments, share, floor)));
  if (!bare && velocities) {
    u = multiplyAdd<T>(intake, u, v128.mul<T>(momentum, load<T, L>(velocities)));
    store<T, L>(velocities, u);
  }
  move<T, L>(parameters, gradients, bare ? 0 : averages, u, rate, shrink, box, kept, taken, !bare && clear);
  return nonFinite<T>(raw);
}

/** The same for a run. Returns how many gradients were not finite. */
// @ts-ignore: decorator
@inline
export function moveRun<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, velocities: usize, averages: usize, weight: T, kept: T,
  share: T, floor: T, size: T, momentum: T, intake: T, rate: T, shrink: T, box: T, scale: T, limit: T, l2: T, clear: bool,
): i32 {
  const part = splat<T>(share), least = splat<T>(floor), step = splat<T>(size), a = splat<T>(momentum), b = splat<T>(intake);
  const factor = splat<T>(scale), bound = splat<T>(limit), decay = splat<T>(l2);
  const speed = splat<T>(rate), drain = splat<T>(shrink), taken = splat<T>(weight), left = splat<T>(kept), walls = splat<T>(box);
  const penalized = l2 != 0;
  const bare = velocities == 0 && averages == 0 && !penalized && !clear;
  const end = gradients + bytes<T>(n);
  const pairs = gradients + (bytes<T>(n) & ~(PAIR - 1));
  const vectors = gradients + (bytes<T>(n) & ~(VECTOR - 1));
  const toAverage: usize = averages ? <usize>-1 : 0;
  const toVelocity: usize = velocities ? <usize>-1 : 0;
  let count = zero();
  // Of vectors of 100 elements the ends of a loop with so many branches are not foreseen.
  if (bare && gradients < pairs) do {
    count = countSet(count, moveElement<T, v128>(
      true, false, false, parameters, gradients, moments, 0, 0, part, least, step, a, b, speed, drain, walls, left, taken, factor, bound, decay,
    ));
    count = countSet(count, moveElement<T, v128>(
      true, false, false, parameters + VECTOR, gradients + VECTOR, moments + VECTOR, 0, 0,
      part, least, step, a, b, speed, drain, walls, left, taken, factor, bound, decay,
    ));
    parameters += PAIR;
    gradients += PAIR;
    moments += PAIR;
  } while (gradients < pairs);
  if (gradients < vectors) do {
    count = countSet(count, moveElement<T, v128>(
      false, penalized, clear, parameters, gradients, moments, velocities, averages,
      part, least, step, a, b, speed, drain, walls, left, taken, factor, bound, decay,
    ));
    parameters += VECTOR;
    gradients += VECTOR;
    moments += VECTOR;
    velocities += toVelocity & VECTOR;
    averages += toAverage & VECTOR;
  } while (gradients < vectors);
  while (gradients < end) {
    count = countSet(count, moveElement<T, T>(
      false, penalized, clear, parameters, gradients, moments, velocities, averages,
      part, least, step, a, b, speed, drain, walls, left, taken, factor, bound, decay,
    ));
    parameters += sizeof<T>();
    gradients += sizeof<T>();
    moments += sizeof<T>();
    velocities += toVelocity & sizeof<T>();
    averages += toAverage & sizeof<T>();
  }
  return totalSet<T>(count);
}
