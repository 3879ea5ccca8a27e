// Adafactor (Shazeer, Stern 2018), without and with momentum: a second moment of rows and one of columns, whose product
// stands for that of every element. Tensors as matrices: ./matrix.ts. The arguments that all rules share: ./step.ts.

import { bytes, checkArray } from "../simd/lanes";
import { squaredNorm } from "../vector/reduction";
import { decayRun, measureRun, moveRun, takeRow, takeVector } from "./adafactor-runs";
import { columnSlotsOf, columnsOf, elementAt, matricesOf, rowSlotsOf, rowsOf, setElement } from "./matrix";
import { TENSOR_BYTES } from "./options";
import {
  averagesOf, boxOf, clearOf, l2Of, lengthOf, limitOf, rateOf, scaleOf, shrinkOf, tableOf, weightOf,
} from "./tensors";

/** The mean of x, at least `least`. */
// @ts-ignore: decorator
@inline
function meanOf<T>(n: i32, x: usize, least: T): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; ++i) sum += <f64>elementAt<T>(x + bytes<T>(i));
  return max(sum / <f64>n, <f64>least);
}

// x or its bound, NaN if x is, without the branches of max and min: which of them is greater can't be foreseen here.

// @ts-ignore: decorator
@inline
function atLeast(x: f64, bound: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(x), f64x2.splat(bound)), 0);
}
// @ts-ignore: decorator
@inline
function atMost(x: f64, bound: f64): f64 {
  return f64x2.extract_lane(f64x2.pmin(f64x2.splat(x), f64x2.splat(bound)), 0);
}

/** Brings the moments of a tensor forward. Returns how long its step is: what u is multiplied by. */
// @ts-ignore: decorator
@inline
function measure<T>(
  n: i32, parameters: usize, gradients: usize, options: usize, tensor: usize, rowMoments: usize, columnMoments: usize,
  beta2: T, intake2: T, regulator: T, meanFloor: T, floor: T, clip: T, least: T, scaling: T, rate: T, limit: T,
): f64 {
  const rows = rowsOf(tensor);
  const columns = columnsOf(tensor, n);
  const matrices = matricesOf(tensor);
  const run = bytes<T>(columns);
  const elements = rows ? matrices * rows * columns : columns;
  if (elements == 0) return 0;
  const scale = <T>scaleOf(options, tensor);
  const l2 = <T>l2Of(options, tensor);
  const raised = <T>(<f64>intake2 * <f64>regulator);
  /** The sum of u u. */
  let squares: f64 = 0;
  if (rows) {
    for (let k = 0; k < matrices; ++k) {
      const C = columnMoments + run * k;
      decayRun<T>(columns, C, beta2, raised);
      for (let i = 0; i < rows; ++i) {
        const row = k * rows + i;
        const sum = takeRow<T>(
          columns, parameters + run * row, gradients + run * row, C, <T>(<f64>intake2 / <f64>rows), scale, limit, l2,
        );
        const R = rowMoments + bytes<T>(row);
        setElement<T>(R, <T>(<f64>beta2 * <f64>elementAt<T>(R) + <f64>intake2 * (sum / <f64>columns + <f64>regulator)));
      }
    }
    if (clip != Infinity) for (let k = 0; k < matrices; ++k) {
      const mean = meanOf<T>(rows, rowMoments + bytes<T>(k * rows), meanFloor);
      for (let i = 0; i < rows; ++i) {
        const row = k * rows + i;
        const part = <T>(<f64>elementAt<T>(rowMoments + bytes<T>(row)) / mean);
        squares += measureRun<T>(
          columns, parameters + run * row, gradients + run * row, columnMoments + run * k, part, floor, scale, limit, l2,
        );
      }
    }
  } else {
    squares = takeVector<T>(columns, parameters, gradients, rowMoments, beta2, raised, intake2, floor, scale, limit, l2);
  }
  let size = <f64>least;
  if (scaling != 0) size = atLeast(<f64>scaling * sqrt(squaredNorm<T>(elements, parameters) / <f64>elements), size);
  const length = <f64>rate * size;
  return clip == Infinity ? length : length * atMost(<f64>clip * sqrt(<f64>elements / squares), 1);
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
    assert(parameters + size <= all, "the tensors of the table must have n elements together");
    if (share == 0) {
      if (clear) memory.fill(gradients, 0, size);
    } else {
      const length = <T>measure<T>(
        n, parameters, gradients, options, tensor, rowMoments, columnMoments,
        beta2, intake2, regulator, meanFloor, floor, clip, least, scaling, rate, limit,
      );
      const rows = rowsOf(tensor);
      const columns = columnsOf(tensor, n);
      const run = bytes<T>(columns);
      const scale = <T>scaleOf(options, tensor);
      const l2 = <T>l2Of(options, tensor);
      const shrink = <T>shrinkOf(options, tensor);
      for (let k = 0, matrices = matricesOf(tensor); k < matrices; ++k) {
        const mean = rows ? meanOf<T>(rows, rowMoments + bytes<T>(k * rows), meanFloor) : 1;
        for (let i = 0, runs = max(rows, 1); i < runs; ++i) {
          const row = k * rows + i;
          const part = rows ? <T>(<f64>elementAt<T>(rowMoments + bytes<T>(row)) / mean) : <T>1;
          const moments = rows ? columnMoments + run * k : rowMoments;
          count += moveRun<T>(
            columns, parameters + run * row, gradients + run * row, moments, velocities ? velocities + run * row : 0,
            averages ? averages + run * row : 0, weight, kept, part, floor, length, beta1, intake1, <T>share, shrink, box,
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
