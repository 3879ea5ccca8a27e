// SM3 (Anil, Gupta, Koren, Singer 2019), SM3-II, without and with momentum: one accumulator for every row and every column
// of a matrix. Tensors as matrices: ./matrix.ts. The arguments that all rules share: ./step.ts.

import {
  VECTOR, bytes, checkArray, countSet, greaterMagnitude, load, maximumLane, multiplyAdd, nonFinite, quotient, splat, squareRoot,
  store, totalSet, zero,
} from "../simd/lanes";
import { columnSlotsOf, columnsOf, elementAt, matricesOf, rowSlotsOf, rowsOf, setElement } from "./matrix";
import { TENSOR_BYTES } from "./options";
import {
  averagesOf, boxOf, clearOf, l2Of, lengthOf, limitOf, move, prepared, rateOf, scaleOf, shrinkOf, tableOf, weightOf,
} from "./tensors";

/** What an element accumulates, min(row, column) + g g, of which `next` keeps the greatest in its column. */
// @ts-ignore: decorator
@inline
function accumulate<T, L>(g: v128, row: v128, columns: usize, next: usize): v128 {
  const column = load<T, L>(columns);
  const sum = multiplyAdd<T>(g, g, v128.min<T>(row, column));
  store<T, L>(next, greaterMagnitude<T>(load<T, L>(next), sum));
  return sum;
}

/** The same for an element that has an accumulator of its own. */
// @ts-ignore: decorator
@inline
function accumulateAlone<T, L>(g: v128, sums: usize): v128 {
  const sum = multiplyAdd<T>(g, g, load<T, L>(sums));
  store<T, L>(sums, sum);
  return sum;
}

/** g / sqrt(sum + epsilon), 0 where g is 0; with velocities, b <- momentum b + intake times that. */
// @ts-ignore: decorator
@inline
function stepOf<T, L>(g: v128, sum: v128, epsilon: v128, velocities: usize, momentum: v128, intake: v128): v128 {
  const root = squareRoot<T>(v128.add<T>(sum, epsilon));
  const own = v128.and(quotient<T>(g, root), v128.ne<T>(g, zero()));
  if (!velocities) return own;
  const velocity = multiplyAdd<T>(intake, own, v128.mul<T>(momentum, load<T, L>(velocities)));
  store<T, L>(velocities, velocity);
  return velocity;
}

/**
 * A row of a matrix, whose accumulator becomes the greatest sum in it; or with `columns` 0 a vector, all of whose elements
 * have an accumulator in `rows`. Returns how many gradients were not finite.
 */
// @ts-ignore: decorator
@inline
function run<T>(
  alone: bool, n: i32, parameters: usize, gradients: usize, rows: usize, columns: usize, next: usize, velocities: usize,
  averages: usize, weight: T, kept: T, epsilon: T, momentum: T, intake: T, rate: T, shrink: T, box: T, scale: T, limit: T, l2: T, clear: bool,
): i32 {
  const eps = splat<T>(epsilon), a = splat<T>(momentum), b = splat<T>(intake);
  const factor = splat<T>(scale), bound = splat<T>(limit), decay = splat<T>(l2);
  const speed = splat<T>(rate), drain = splat<T>(shrink), taken = splat<T>(weight), left = splat<T>(kept), walls = splat<T>(box);
  const row = alone ? zero() : splat<T>(elementAt<T>(rows));
  const own = rows;
  const end = gradients + bytes<T>(n);
  const vectors = gradients + (bytes<T>(n) & ~(VECTOR - 1));
  const toAverage: usize = averages ? <usize>-1 : 0;
  const toVelocity: usize = velocities ? <usize>-1 : 0;
  let greatest = zero();
  let count = zero();
  if (gradients < vectors) do {
    const raw = load<T, v128>(gradients);
    count = countSet(count, nonFinite<T>(raw));
    const g = prepared<T>(l2 != 0, raw, load<T, v128>(parameters), factor, bound, decay);
    const sum = alone ? accumulateAlone<T, v128>(g, rows) : accumulate<T, v128>(g, row, columns, next);
    greatest = greaterMagnitude<T>(greatest, sum);
    const step = stepOf<T, v128>(g, sum, eps, velocities, a, b);
    move<T, v128>(parameters, gradients, averages, step, speed, drain, walls, left, taken, clear);
    parameters += VECTOR;
    gradients += VECTOR;
    rows += VECTOR;
    columns += VECTOR;
    next += VECTOR;
    velocities += toVelocity & VECTOR;
    averages += toAverage & VECTOR;
  } while (gradients < vectors);
  while (gradients < end) {
    const raw = load<T, T>(gradients);
    count = countSet(count, nonFinite<T>(raw));
    const g = prepared<T>(l2 != 0, raw, load<T, T>(parameters), factor, bound, decay);
    const sum = alone ? accumulateAlone<T, T>(g, rows) : first<T>(accumulate<T, T>(g, row, columns, next));
    greatest = greaterMagnitude<T>(greatest, sum);
    const step = stepOf<T, T>(g, sum, eps, velocities, a, b);
    move<T, T>(parameters, gradients, averages, step, speed, drain, walls, left, taken, clear);
    parameters += sizeof<T>();
    gradients += sizeof<T>();
    rows += sizeof<T>();
    columns += sizeof<T>();
    next += sizeof<T>();
    velocities += toVelocity & sizeof<T>();
    averages += toAverage & sizeof<T>();
  }
  if (!alone) setElement<T>(own, <T>maximumLane<T>(greatest));
  return totalSet<T>(count);
}

/** Lane 0 alone. */
// @ts-ignore: decorator
@inline
function first<T>(x: v128): v128 {
  return v128.and(x, sizeof<T>() == 8 ? i64x2(-1, 0) : i32x4(-1, 0, 0, 0));
}

function row<T>(
  n: i32, parameters: usize, gradients: usize, rows: usize, columns: usize, next: usize, velocities: usize, averages: usize,
  weight: T, kept: T, epsilon: T, momentum: T, intake: T, rate: T, shrink: T, box: T, scale: T, limit: T, l2: T, clear: bool,
): i32 {
  return run<T>(
    false, n, parameters, gradients, rows, columns, next, velocities, averages,
    weight, kept, epsilon, momentum, intake, rate, shrink, box, scale, limit, l2, clear,
  );
}

function vector<T>(
  n: i32, parameters: usize, gradients: usize, sums: usize, velocities: usize, averages: usize,
  weight: T, kept: T, epsilon: T, momentum: T, intake: T, rate: T, shrink: T, box: T, scale: T, limit: T, l2: T, clear: bool,
): i32 {
  return run<T>(
    true, n, parameters, gradients, sums, 0, 0, velocities, averages,
    weight, kept, epsilon, momentum, intake, rate, shrink, box, scale, limit, l2, clear,
  );
}

/**
 * s_ij = min(R_i, C_j) + g_ij g_ij;  R_i <- max_j s_ij;  C_j <- max_i s_ij;  u = g / sqrt(s + epsilon), 0 where g is 0;
 * p <- p - learningRate u, or  b <- momentum b + intake u,  p <- p - learningRate b.  Of a vector  s_j <- s_j + g_j g_j.
 *
 * `next` is room for the new C, as large as C; it holds zeros before and after.
 */
function sm3<T>(
  n: i32, parameters: usize, gradients: usize, options: usize, rowSums: usize, columnSums: usize, next: usize, velocities: usize,
  epsilon: T, learningRate: T, momentum: T, intake: T,
): i32 {
  checkArray<T>(n, parameters);
  checkArray<T>(n, gradients);
  if (velocities) checkArray<T>(n, velocities);
  const all = parameters + bytes<T>(n);
  const limit = <T>limitOf(options);
  const weight = <T>weightOf(options);
  const kept = <T>(1.0 - weightOf(options));
  const box = <T>boxOf(options);
  const clear = clearOf(options);
  let averages = averagesOf(options);
  let count = 0;
  let tensor = tableOf(options);
  while (parameters < all) {
    const size = bytes<T>(lengthOf(tensor, n));
    const share = rateOf(tensor);
    const rows = rowsOf(tensor);
    const columns = columnsOf(tensor, n);
    const matrices = matricesOf(tensor);
    assert(parameters + size <= all, "the tensors of the table must have n elements together");
    if (share == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else {
      const scale = <T>scaleOf(options, tensor);
      const l2 = <T>l2Of(options, tensor);
      const shrink = <T>shrinkOf(options, tensor);
      const rate = <T>(<f64>learningRate * share);
      if (rows) {
        const run = bytes<T>(columns);
        for (let k = 0; k < matrices; ++k) {
          const C = columnSums + run * k, D = next + run * k;
          for (let i = 0; i < rows; ++i) {
            const offset = run * (k * rows + i);
            count += row<T>(
              columns, parameters + offset, gradients + offset, rowSums + bytes<T>(k * rows + i), C, D,
              velocities ? velocities + offset : 0, averages ? averages + offset : 0,
              weight, kept, epsilon, momentum, intake, rate, shrink, box, scale, limit, l2, clear,
            );
          }
          memory.copy(C, D, run);
          memory.fill(D, 0, run);
        }
      } else {
        count += vector<T>(
          columns, parameters, gradients, rowSums, velocities, averages,
          weight, kept, epsilon, momentum, intake, rate, shrink, box, scale, limit, l2, clear,
        );
      }
    }
    parameters += size;
    gradients += size;
    if (velocities) velocities += size;
    if (averages) averages += size;
    rowSums += bytes<T>(rowSlotsOf(tensor));
    columnSums += bytes<T>(columnSlotsOf(tensor));
    next += bytes<T>(columnSlotsOf(tensor));
    if (tensor) tensor += TENSOR_BYTES;
  }
  return count;
}

export function sm3_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, rowSums: usize, columnSums: usize, next: usize, epsilon: f32, learningRate: f32,
): i32 {
  return sm3<f32>(
    n, parameters, gradients, options, rowSums, columnSums, next, 0, epsilon, learningRate, 0, 1,
  );
}
export function sm3_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, rowSums: usize, columnSums: usize, next: usize, epsilon: f64, learningRate: f64,
): i32 {
  return sm3<f64>(
    n, parameters, gradients, options, rowSums, columnSums, next, 0, epsilon, learningRate, 0, 1,
  );
}
export function sm3Momentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, rowSums: usize, columnSums: usize, next: usize, velocities: usize, epsilon: f32, learningRate: f32, momentum: f32, intake: f32,
): i32 {
  return sm3<f32>(
    n, parameters, gradients, options, rowSums, columnSums, next, velocities, epsilon, learningRate, momentum, intake,
  );
}
export function sm3Momentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, rowSums: usize, columnSums: usize, next: usize, velocities: usize, epsilon: f64, learningRate: f64, momentum: f64, intake: f64,
): i32 {
  return sm3<f64>(
    n, parameters, gradients, options, rowSums, columnSums, next, velocities, epsilon, learningRate, momentum, intake,
  );
}
