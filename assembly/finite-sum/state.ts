// The scalars of a running solver, in memory between calls:
//
//   byte  0  intercept          f64   b
//         8  interceptGradient  f64   SAG: sum of the stored derivatives. SVRG: mean derivative at the snapshot
//        16  seen               f64   SAG: rows drawn at least once
//        24  scale              f64   CSR: w = scale v. 1 at the start
//        32  lag                f64   CSR: sum over the steps of rate / scale, see ./csr.ts
//        40  sink               i32   where touched words go, so that no compiler drops the touching
//
// and of each row, T[2]: its label, and its residual, the loss derivative that SAG keeps for the row (NaN while the row
// has not been drawn) or that SVRG found at the snapshot. Side by side, so that a step misses the cache once for both.

// @ts-ignore: decorator
@inline export const INTERCEPT: usize = 0;
// @ts-ignore: decorator
@inline export const INTERCEPT_GRADIENT: usize = 8;
// @ts-ignore: decorator
@inline export const SEEN: usize = 16;
// @ts-ignore: decorator
@inline export const SCALE: usize = 24;
// @ts-ignore: decorator
@inline export const LAG: usize = 32;
// @ts-ignore: decorator
@inline export const SINK: usize = 40;

// @ts-ignore: decorator
@inline
export function record<T>(table: usize, row: i32): usize {
  return table + (<usize>row) * (2 * sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function label<T>(record: usize): f64 {
  return <f64>load<T>(record);
}

// @ts-ignore: decorator
@inline
export function residual<T>(record: usize): f64 {
  return <f64>load<T>(record, sizeof<T>());
}

// @ts-ignore: decorator
@inline
export function setResidual<T>(record: usize, value: T): void {
  store<T>(record, value, sizeof<T>());
}

/** Stores the derivative of a SAG step and returns what it changed by. A row seen for the first time is counted. */
// @ts-ignore: decorator
@inline
export function exchange<T>(record: usize, state: usize, derivative: f64): f64 {
  const stored = residual<T>(record);
  const rounded = <T>derivative;
  setResidual<T>(record, rounded);
  if (stored == stored) return <f64>rounded - stored;
  store<f64>(state, load<f64>(state, SEEN) + 1, SEEN);
  return <f64>rounded;
}
