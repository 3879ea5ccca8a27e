// Products with the Hessian of the losses, dense rows, and its diagonal. The residuals are the rows' second derivatives, as
// `gradientDense` leaves them.

import { VECTOR, bytes, multiplyAdd } from "../simd/lanes";
import { accumulate, product, rowAt, touchRows } from "./dense-rows";
import { record, residual } from "./state";

/** squares += curvature x^2 */
// @ts-ignore: decorator
@inline
function accumulateSquares<T>(columns: i32, x: usize, squares: usize, curvature: f64): void {
  const c = f64x2.splat(curvature);
  const end = x + bytes<T>(columns);
  if (x < end) do {
    const two = sizeof<T>() == sizeof<f64>() ? v128.load(x) : f64x2.promote_low_f32x4(v128.load64_zero(x));
    v128.store(squares, multiplyAdd<f64>(c, f64x2.mul(two, two), v128.load(squares)));
    x += 2 * sizeof<T>();
    squares += VECTOR;
  } while (x < end);
}

/**
 * Adds the sum of curvature_i (x_i.v + b) (x_i, 1) to `sums`, f64[columns], and `interceptSum`, f64[1], for a direction v,
 * T[columns], and b. The rows are order[0 .. count), or first .. first + count - 1 if `order` is 0. With an order the next
 * rows can be touched in bursts, as steps do; `burst` is 0 where they are not.
 */
// @ts-ignore: decorator
@inline
function hessianDense<T>(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  let total = load<f64>(interceptSum);
  for (let k = 0; k < count; ++k) {
    if (burst && k % burst == 0) {
      touchRows<T>(min(burst, count - k), order + (<usize>k << 2), rows, columns, table, state);
    }
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const x = rowAt<T>(rows, columns, row);
    const slope = residual<T>(record<T>(table, row)) * (product<T>(columns, x, direction) + intercept);
    total += slope;
    accumulate<T>(columns, x, sums, slope);
  }
  store<f64>(interceptSum, total);
}

/** Adds the sum of curvature_i (x_i^2, 1): the diagonal of the same Hessian. */
// @ts-ignore: decorator
@inline
function hessianDiagonalDense<T>(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, sums: usize,
  interceptSum: usize,
): void {
  let total = load<f64>(interceptSum);
  for (let k = 0; k < count; ++k) {
    if (burst && k % burst == 0) {
      touchRows<T>(min(burst, count - k), order + (<usize>k << 2), rows, columns, table, state);
    }
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const curvature = residual<T>(record<T>(table, row));
    total += curvature;
    accumulateSquares<T>(columns, rowAt<T>(rows, columns, row), sums, curvature);
  }
  store<f64>(interceptSum, total);
}

export function hessianDense_f32(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  hessianDense<f32>(
    count, first, order, burst, rows, columns, table, state, direction, intercept, sums, interceptSum,
  );
}

export function hessianDense_f64(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  hessianDense<f64>(
    count, first, order, burst, rows, columns, table, state, direction, intercept, sums, interceptSum,
  );
}

export function hessianDiagonalDense_f32(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, sums: usize,
  interceptSum: usize,
): void {
  hessianDiagonalDense<f32>(count, first, order, burst, rows, columns, table, state, sums, interceptSum);
}

export function hessianDiagonalDense_f64(
  count: i32, first: i32, order: usize, burst: i32, rows: usize, columns: i32, table: usize, state: usize, sums: usize,
  interceptSum: usize,
): void {
  hessianDiagonalDense<f64>(count, first, order, burst, rows, columns, table, state, sums, interceptSum);
}
