// The scalars of a running solver, in memory between calls:
//
//   byte  0  intercept          f64   b
//         8  interceptGradient  f64   the sum of the stored derivatives. SARAH: the intercept's part of the direction
//        16  seen               f64   the rows that the sums are over: SAG and SAGA count those drawn at least once
//        24  scale              f64   CSR: w = scale v. SARAH: the direction is scale V. 1 at the start
//        32  lag                f64   CSR: what a column would owe that was last caught up at the start, see ./csr-columns.ts
//        40  sink               i32   where touched words go, so that no compiler drops the touching
//        44  past               i32   CSR with l1: how many lags the history holds
//
// and of each row, T[2]: its label, and its residual, the loss derivative that a method keeps for the row (NaN while SAG
// or SAGA has not drawn it). Side by side, so that a step misses the cache once for both.
//
// What a row counts is not in its record: `factors` holds f64[2] a step, drawn ahead as `order` is, the weight s of the
// step's row and its importance 1 / (n p), p the probability with which it was drawn; or it is 0, and all are 1.

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
@inline export const PAST: usize = 44;

// What a full gradient leaves as the residuals: nothing if 0.
// @ts-ignore: decorator
@inline export const SLOPES: i32 = 1;
// @ts-ignore: decorator
@inline export const CURVATURES: i32 = 2;

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

/**
 * Stores the derivative of a step and returns what it changed by, which goes into the sum of them too. A row seen for the
 * first time is counted.
 */
// @ts-ignore: decorator
@inline
export function exchange<T>(record: usize, state: usize, derivative: f64): f64 {
  const stored = residual<T>(record);
  const rounded = <T>derivative;
  setResidual<T>(record, rounded);
  let change = <f64>rounded;
  if (stored == stored) change -= stored;
  else store<f64>(state, load<f64>(state, SEEN) + 1, SEEN);
  store<f64>(state, load<f64>(state, INTERCEPT_GRADIENT) + change, INTERCEPT_GRADIENT);
  return change;
}

/** The weight of the row of a step, given where the step's factors are. */
// @ts-ignore: decorator
@inline
export function weightOf(factors: usize): f64 {
  return factors ? load<f64>(factors) : 1.0;
}

// @ts-ignore: decorator
@inline
export function importanceOf(factors: usize): f64 {
  return factors ? load<f64>(factors, 8) : 1.0;
}

/** Where the factors of the next step are. */
// @ts-ignore: decorator
@inline
export function nextFactors(factors: usize): usize {
  return factors ? factors + 16 : 0;
}

/** The weight of a row where rows come in file order: f64[n], or 0 if all are 1. */
// @ts-ignore: decorator
@inline
export function sampleWeight(sampleWeights: usize, row: i32): f64 {
  return sampleWeights ? load<f64>(sampleWeights + (<usize>row << 3)) : 1.0;
}
