// Rates that fall smoothly and without end.

import { checkNumber, nonNegative, positive, unitAboveZero } from "../check.js";
import { power } from "./power.js";
import type { Schedule } from "./schedule.js";

/**
 * A fall like 1 / step, slow enough for the rates to have an infinite sum and fast enough for their squares not to:
 *
 * ```math
 * rate(t) = initial / (1 + decay t)
 * ```
 *
 * `inverseTime(1 / mu, 1)` is the step 1 / (mu (t + 1)) of projected SGD on a mu-strongly convex loss.
 *
 * @param initial the rate at step 0, >= 0
 * @param decay >= 0; after 1 / decay steps the rate is half of `initial`
 * @throws TypeError or RangeError for values out of range
 * @example inverseTime(0.1, 0.01)(100) // 0.05
 * @see Robbins, Monro, "A Stochastic Approximation Method", 1951
 */
export function inverseTime(initial: number, decay: number): Schedule {
  checkNumber("inverseTime", "initial", initial, nonNegative);
  checkNumber("inverseTime", "decay", decay, nonNegative);
  return (step) => initial / (1 + decay * step);
}

/**
 * A fall like 1 / sqrt(step), for which no property of the loss need be known:
 *
 * ```math
 * rate(t) = initial / sqrt(1 + t / timescale)
 * ```
 *
 * With the timescale 1 this is c / sqrt(t) for t counted from 1.
 *
 * @param initial the rate at step 0, >= 0
 * @param timescale > 0, default 1; after 3 timescales the rate is half of `initial`
 * @throws TypeError or RangeError for values out of range
 * @example inverseSquareRoot(0.1)(3) // 0.05
 * @see Zinkevich, "Online Convex Programming and Generalized Infinitesimal Gradient Ascent", 2003
 */
export function inverseSquareRoot(initial: number, timescale = 1): Schedule {
  checkNumber("inverseSquareRoot", "initial", initial, nonNegative);
  checkNumber("inverseSquareRoot", "timescale", timescale, positive);
  return (step) => initial / Math.sqrt(1 + step / timescale);
}

/**
 * The same factor at every step:
 *
 * ```math
 * rate(t) = initial factor^t
 * ```
 *
 * A rate written as initial e^(-beta t) has the factor e^-beta.
 *
 * @param initial the rate at step 0, >= 0
 * @param factor in (0, 1]
 * @throws TypeError or RangeError for values out of range
 * @example exponential(0.1, 0.5)(2) // 0.025
 * @see PyTorch's ExponentialLR
 */
export function exponential(initial: number, factor: number): Schedule {
  checkNumber("exponential", "initial", initial, nonNegative);
  checkNumber("exponential", "factor", factor, unitAboveZero);
  return (step) => initial * power(factor, step);
}
