// Adafactor (Shazeer, Stern 2018), without and with momentum: a second moment of rows and one of columns, whose product
// stands for that of every element. Tensors as matrices: ./matrix.ts. The arguments that all rules share: ./step.ts.

import {
  VECTOR, bytes, checkArray, countSet, greater, load, multiplyAdd, nonFinite, quotient, splat, squareRoot, store, sumLanes,
  totalSet, zero,
} from "../simd/lanes";
import { squaredNorm } from "../vector/reduction";
import { columnSlotsOf, columnsOf, elementAt, matricesOf, rowSlotsOf, rowsOf, setElement } from "./matrix";
import { TENSOR_BYTES } from "./options";
import {
  BLOCK, averagesOf, boxOf, clearOf, l2Of, lengthOf, limitOf, move, prepared, rateOf, scaleOf, shrinkOf, tableOf, weightOf,
} from "./tensors";

// A run is a row, or a vector. Its functions are called once a run.

/** moments <- moments + intake g g;  returns the sum of g g */
function takeRow<T>(
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
function decayRun<T>(n: i32, x: usize, decay: T, intake: T): void {
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
function measureRun<T>(
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

/** moments <- decay moments + regulator + intake g g of a vector;  returns the sum of g g / max(moment, floor) */
function takeVector<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, decay: T, regulator: T, intake: T, floor: T, scale: T, limit: T, l2: T,
): f64 {
  const keep = splat<T>(decay), raised = splat<T>(regulator), a = splat<T>(intake), one = splat<T>(<T>1), least = splat<T>(floor);
  const factor = splat<T>(scale), bound = splat<T>(limit), penalty = splat<T>(l2);
  const end = gradients + bytes<T>(n);
  let total: f64 = 0;
  while (gradients < end) {
    const blockEnd = min(end, gradients + bytes<T>(BLOCK));
    const vectors = gradients + ((blockEnd - gradients) & ~(VECTOR - 1));
    let sum = zero();
    if (gradients < vectors) do {
      const g = prepared<T>(l2 != 0, load<T, v128>(gradients), load<T, v128>(parameters), factor, bound, penalty);
      store<T, v128>(moments, multiplyAdd<T>(a, v128.mul<T>(g, g), multiplyAdd<T>(keep, load<T, v128>(moments), raised)));
      sum = v128.add<T>(squareOver<T>(g, variance<T, v128>(moments, one, least)), sum);
      parameters += VECTOR;
      gradients += VECTOR;
      moments += VECTOR;
    } while (gradients < vectors);
    while (gradients < blockEnd) {
      const g = prepared<T>(l2 != 0, load<T, T>(gradients), load<T, T>(parameters), factor, bound, penalty);
      store<T, T>(moments, multiplyAdd<T>(a, v128.mul<T>(g, g), multiplyAdd<T>(keep, load<T, T>(moments), raised)));
      sum = v128.add<T>(squareOver<T>(g, variance<T, T>(moments, one, least)), sum);
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
 * p <- p - rate b. Returns how many gradients were not finite.
 */
function moveRun<T>(
  n: i32, parameters: usize, gradients: usize, moments: usize, velocities: usize, averages: usize, weight: T, kept: T,
  share: T, floor: T, size: T, momentum: T, intake: T, rate: T, shrink: T, box: T, scale: T, limit: T, l2: T, clear: bool,
): i32 {
  const part = splat<T>(share), least = splat<T>(floor), step = splat<T>(size), a = splat<T>(momentum), b = splat<T>(intake);
  const factor = splat<T>(scale), bound = splat<T>(limit), decay = splat<T>(l2);
  const speed = splat<T>(rate), drain = splat<T>(shrink), taken = splat<T>(weight), left = splat<T>(kept), walls = splat<T>(box);
  const end = gradients + bytes<T>(n);
  const vectors = gradients + (bytes<T>(n) & ~(VECTOR - 1));
  const toAverage: usize = averages ? <usize>-1 : 0;
  const toVelocity: usize = velocities ? <usize>-1 : 0;
  let count = zero();
  if (gradients < vectors) do {
    const raw = load<T, v128>(gradients);
    count = countSet(count, nonFinite<T>(raw));
    const g = prepared<T>(l2 != 0, raw, load<T, v128>(parameters), factor, bound, decay);
    let u = v128.mul<T>(step, overRoot<T>(g, variance<T, v128>(moments, part, least)));
    if (velocities) {
      u = multiplyAdd<T>(b, u, v128.mul<T>(a, load<T, v128>(velocities)));
      store<T, v128>(velocities, u);
    }
    move<T, v128>(parameters, gradients, averages, u, speed, drain, walls, left, taken, clear);
    parameters += VECTOR;
    gradients += VECTOR;
    moments += VECTOR;
    velocities += toVelocity & VECTOR;
    averages += toAverage & VECTOR;
  } while (gradients < vectors);
  while (gradients < end) {
    const raw = load<T, T>(gradients);
    count = countSet(count, nonFinite<T>(raw));
    const g = prepared<T>(l2 != 0, raw, load<T, T>(parameters), factor, bound, decay);
    let u = v128.mul<T>(step, overRoot<T>(g, variance<T, T>(moments, part, least)));
    if (velocities) {
      u = multiplyAdd<T>(b, u, v128.mul<T>(a, load<T, T>(velocities)));
      store<T, T>(velocities, u);
    }
    move<T, T>(parameters, gradients, averages, u, speed, drain, walls, left, taken, clear);
    parameters += sizeof<T>();
    gradients += sizeof<T>();
    moments += sizeof<T>();
    velocities += toVelocity & sizeof<T>();
    averages += toAverage & sizeof<T>();
  }
  return totalSet<T>(count);
}

/** The mean of x, at least `least`. */
// @ts-ignore: decorator
@inline
function meanOf<T>(n: i32, x: usize, least: T): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; ++i) sum += <f64>elementAt<T>(x + bytes<T>(i));
  return max(sum / <f64>n, <f64>least);
}

/**
 * For each tensor, of every matrix of it:
 *
 *   R_i <- beta2 R_i + intake2 (mean_j g_ij g_ij + regulator)     C_j likewise of the means over i
 *   v_ij = max(R_i C_j / max(mean R, meanFloor), floor)           of a vector: v_j <- beta2 v_j + intake2 (g_j g_j + regulator)
 *   u = g / sqrt(v)
 *
 * then with the root mean squares of the whole tensor
 *
 *   b <- beta1 b + intake1 rate max(least, scaling rms(p)) / max(1, rms(u) / clip) u;   p <- p - b
 *
 * Without a momentum there is no b, and the step is what would enter it.
 */
function adafactor<T>(
  n: i32, parameters: usize, gradients: usize, options: usize, rowMoments: usize, columnMoments: usize, velocities: usize,
  beta2: T, intake2: T, regulator: T, meanFloor: T, floor: T, clip: T, least: T, scaling: T, rate: T, beta1: T, intake1: T,
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
    const run = bytes<T>(columns);
    const elements = rows ? matrices * rows * columns : columns;
    assert(parameters + size <= all, "the tensors of the table must have n elements together");
    if (share == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else if (elements > 0) {
      const scale = <T>scaleOf(options, tensor);
      const l2 = <T>l2Of(options, tensor);
      const shrink = <T>shrinkOf(options, tensor);
      /** The sum of u u. */
      let squares: f64 = 0;
      // The moments.
      if (rows) {
        const rowIntake = <f64>intake2;
        for (let k = 0; k < matrices; ++k) {
          const C = columnMoments + run * k;
          decayRun<T>(columns, C, beta2, <T>(<f64>intake2 * <f64>regulator));
          for (let i = 0; i < rows; ++i) {
            const row = k * rows + i;
            const squares = takeRow<T>(
              columns, parameters + run * row, gradients + run * row, C, <T>(<f64>intake2 / <f64>rows), scale, limit, l2,
            );
            const R = rowMoments + bytes<T>(row);
            setElement<T>(R, <T>(<f64>beta2 * <f64>elementAt<T>(R) + rowIntake * (squares / <f64>columns + <f64>regulator)));
          }
        }
      } else {
        const raised = <T>(<f64>intake2 * <f64>regulator);
        squares = takeVector<T>(columns, parameters, gradients, rowMoments, beta2, raised, intake2, floor, scale, limit, l2);
      }
      // How long the step is.
      let length = <f64>rate;
      if (scaling != 0) {
        length *= max(<f64>least, <f64>scaling * sqrt(squaredNorm<T>(elements, parameters) / <f64>elements));
      } else length *= <f64>least;
      if (clip != Infinity) {
        if (rows) for (let k = 0; k < matrices; ++k) {
          const mean = meanOf<T>(rows, rowMoments + bytes<T>(k * rows), meanFloor);
          for (let i = 0; i < rows; ++i) {
            const row = k * rows + i;
            const part = <T>(<f64>elementAt<T>(rowMoments + bytes<T>(row)) / mean);
            squares += measureRun<T>(
              columns, parameters + run * row, gradients + run * row, columnMoments + run * k, part, floor, scale, limit, l2,
            );
          }
        }
        length /= max(1.0, sqrt(squares / <f64>elements) / <f64>clip);
      }
      // The step.
      for (let k = 0; k < matrices; ++k) {
        const mean = rows ? meanOf<T>(rows, rowMoments + bytes<T>(k * rows), meanFloor) : 1;
        for (let i = 0, runs = max(rows, 1); i < runs; ++i) {
          const row = k * rows + i;
          const part = rows ? <T>(<f64>elementAt<T>(rowMoments + bytes<T>(row)) / mean) : <T>1;
          const moments = rows ? columnMoments + run * k : rowMoments;
          count += moveRun<T>(
            columns, parameters + run * row, gradients + run * row, moments, velocities ? velocities + run * row : 0,
            averages ? averages + run * row : 0, weight, kept, part, floor, <T>length, beta1, intake1, <T>share, shrink, box,
            scale, limit, l2, clear,
          );
        }
      }
    }
    parameters += size;
    gradients += size;
    if (velocities) velocities += size;
    if (averages) averages += size;
    rowMoments += bytes<T>(rowSlotsOf(tensor));
    columnMoments += bytes<T>(columnSlotsOf(tensor));
    if (tensor) tensor += TENSOR_BYTES;
  }
  return count;
}

export function adafactor_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, rowMoments: usize, columnMoments: usize,
  beta2: f32, intake2: f32, regulator: f32, meanFloor: f32, floor: f32, clip: f32, least: f32, scaling: f32, rate: f32,
): i32 {
  return adafactor<f32>(
    n, parameters, gradients, options, rowMoments, columnMoments, 0,
    beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate, 0, 1,
  );
}
export function adafactor_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, rowMoments: usize, columnMoments: usize,
  beta2: f64, intake2: f64, regulator: f64, meanFloor: f64, floor: f64, clip: f64, least: f64, scaling: f64, rate: f64,
): i32 {
  return adafactor<f64>(
    n, parameters, gradients, options, rowMoments, columnMoments, 0,
    beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate, 0, 1,
  );
}
export function adafactorMomentum_f32(
  n: i32, parameters: usize, gradients: usize, options: usize, rowMoments: usize, columnMoments: usize, velocities: usize,
  beta2: f32, intake2: f32, regulator: f32, meanFloor: f32, floor: f32, clip: f32, least: f32, scaling: f32, rate: f32, beta1: f32, intake1: f32,
): i32 {
  return adafactor<f32>(
    n, parameters, gradients, options, rowMoments, columnMoments, velocities,
    beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate, beta1, intake1,
  );
}
export function adafactorMomentum_f64(
  n: i32, parameters: usize, gradients: usize, options: usize, rowMoments: usize, columnMoments: usize, velocities: usize,
  beta2: f64, intake2: f64, regulator: f64, meanFloor: f64, floor: f64, clip: f64, least: f64, scaling: f64, rate: f64, beta1: f64, intake1: f64,
): i32 {
  return adafactor<f64>(
    n, parameters, gradients, options, rowMoments, columnMoments, velocities,
    beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate, beta1, intake1,
  );
}
