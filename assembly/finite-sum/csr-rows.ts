// Compressed sparse rows.
//
//   values    T[stored], indices   i32[stored], offsets   i32[n + 1]: row i holds the entries offsets[i] .. offsets[i+1]-1

import { SINK, record } from "./state";

// @ts-ignore: decorator
@inline
export function value<T>(values: usize, entry: i32): f64 {
  return <f64>load<T>(values + (<usize>entry) * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function firstEntry(offsets: usize, row: i32): i32 {
  return load<i32>(offsets + (<usize>row << 2));
}

// @ts-ignore: decorator
@inline
export function endOfEntries(offsets: usize, row: i32): i32 {
  return load<i32>(offsets + (<usize>row << 2), 4);
}

// @ts-ignore: decorator
@inline
export function columnOf(indices: usize, entry: i32): usize {
  return <usize>load<i32>(indices + (<usize>entry << 2)) << 3;
}

/** The number of the column whose index is there, of f64[columns]. */
// @ts-ignore: decorator
@inline
function placeOf(numbers: usize, index: usize): usize {
  return numbers + (<usize>load<i32>(index) << 3);
}

/** x.w, the weights f64[columns]. */
// @ts-ignore: decorator
@inline
export function product<T>(first: i32, last: i32, values: usize, indices: usize, weights: usize): f64 {
  let a: f64 = 0, b: f64 = 0;
  let x = values + <usize>first * sizeof<T>(), index = indices + (<usize>first << 2);
  const end = indices + (<usize>last << 2);
  for (; index + 4 < end; index += 8, x += 2 * sizeof<T>()) {
    a += <f64>load<T>(x) * load<f64>(placeOf(weights, index));
    b += <f64>load<T>(x, sizeof<T>()) * load<f64>(placeOf(weights, index + 4));
  }
  if (index < end) a += <f64>load<T>(x) * load<f64>(placeOf(weights, index));
  return a + b;
}

// @ts-ignore: decorator
@inline
function addTo<T>(column: usize, x: usize, derivative: f64): void {
  store<f64>(column, load<f64>(column) + derivative * <f64>load<T>(x));
}

// @ts-ignore: decorator
@inline
export function accumulate<T>(first: i32, last: i32, values: usize, indices: usize, gradient: usize, derivative: f64): void {
  let x = values + <usize>first * sizeof<T>(), index = indices + (<usize>first << 2);
  const end = indices + (<usize>last << 2);
  for (; index + 4 < end; index += 8, x += 2 * sizeof<T>()) {
    addTo<T>(placeOf(gradient, index), x, derivative);
    addTo<T>(placeOf(gradient, index + 4), x + sizeof<T>(), derivative);
  }
  if (index < end) addTo<T>(placeOf(gradient, index), x, derivative);
}

/**
 * As `touchRows` in ./dense-rows.ts. First what tells where the rows begin and end, of all of them: a loop over lines that
 * is left by a guess, and still waits for the row's end to come from memory, holds up all that follow.
 */
export function touchEntries<T>(
  count: i32, order: usize, values: usize, indices: usize, offsets: usize, table: usize, state: usize,
): void {
  let word = 0;
  const start = order, end = order + (<usize>count << 2);
  for (; order < end; order += 4) {
    const row = load<i32>(order);
    word ^= load<i32>(record<T>(table, row)) ^ endOfEntries(offsets, row);
  }
  for (order = start; order < end; order += 4) {
    const row = load<i32>(order);
    const first = <usize>firstEntry(offsets, row), last = <usize>endOfEntries(offsets, row);
    for (let p = values + first * sizeof<T>(), end = values + last * sizeof<T>(); p < end; p += 64) word ^= load<i32>(p);
    for (let p = indices + (first << 2), end = indices + (last << 2); p < end; p += 64) word ^= load<i32>(p);
  }
  store<i32>(state, word, SINK);
}

