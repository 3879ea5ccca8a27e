// Products with the Hessian of the losses, sparse rows, and its diagonal. As ./dense-hessian.ts, the direction f64[columns].

import { accumulate, columnOf, endOfEntries, firstEntry, product, touchEntries, value } from "./csr-rows";
import { record, residual } from "./state";

// @ts-ignore: decorator
@inline
function hessianCsr<T>(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  let total = load<f64>(interceptSum);
  for (let k = 0; k < count; ++k) {
    if (burst && k % burst == 0) {
      touchEntries<T>(min(burst, count - k), order + (<usize>k << 2), values, indices, offsets, table, state);
    }
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const begin = firstEntry(offsets, row), end = endOfEntries(offsets, row);
    const along = product<T>(begin, end, values, indices, direction) + intercept;
    const slope = residual<T>(record<T>(table, row)) * along;
    total += slope;
    accumulate<T>(begin, end, values, indices, sums, slope);
  }
  store<f64>(interceptSum, total);
}

// @ts-ignore: decorator
@inline
function hessianDiagonalCsr<T>(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  sums: usize, interceptSum: usize,
): void {
  let total = load<f64>(interceptSum);
  for (let k = 0; k < count; ++k) {
    if (burst && k % burst == 0) {
      touchEntries<T>(min(burst, count - k), order + (<usize>k << 2), values, indices, offsets, table, state);
    }
    const row = order ? load<i32>(order + (<usize>k << 2)) : first + k;
    const curvature = residual<T>(record<T>(table, row));
    total += curvature;
    for (let entry = firstEntry(offsets, row), end = endOfEntries(offsets, row); entry < end; ++entry) {
      const x = value<T>(values, entry), column = sums + columnOf(indices, entry);
      store<f64>(column, load<f64>(column) + curvature * (x * x));
    }
  }
  store<f64>(interceptSum, total);
}

export function hessianCsr_f32(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  hessianCsr<f32>(
    count, first, order, burst, values, indices, offsets, table, state, direction, intercept, sums, interceptSum,
  );
}

export function hessianCsr_f64(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  direction: usize, intercept: f64, sums: usize, interceptSum: usize,
): void {
  hessianCsr<f64>(
    count, first, order, burst, values, indices, offsets, table, state, direction, intercept, sums, interceptSum,
  );
}

export function hessianDiagonalCsr_f32(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  sums: usize, interceptSum: usize,
): void {
  hessianDiagonalCsr<f32>(
    count, first, order, burst, values, indices, offsets, table, state, sums, interceptSum,
  );
}

export function hessianDiagonalCsr_f64(
  count: i32, first: i32, order: usize, burst: i32, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
  sums: usize, interceptSum: usize,
): void {
  hessianDiagonalCsr<f64>(
    count, first, order, burst, values, indices, offsets, table, state, sums, interceptSum,
  );
}
