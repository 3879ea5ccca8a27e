// Steps that a proof asks for, from constants of the loss that are known, bounded or estimated.

import { checkInteger, checkNumber, checkOptions, type Interval, nonNegative, positive } from "../check.js";
import { constant } from "./constant.js";
import type { Schedule } from "./schedule.js";

/**
 * SGD under the Polyak-Lojasiewicz condition, as on a strongly convex loss:
 *
 * ```math
 * rate(t) = (2 t + 1) / (2 mu (t + 1)^2)
 * ```
 *
 * The expected gap after t steps is at most L C^2 / (2 mu^2 t), if the loss has an L-Lipschitz gradient and C^2 bounds the
 * mean squared norm of the stochastic ones. The first rates, from 1 / (2 mu) on, may be far above 1 / L.
 *
 * @param mu the constant of strong convexity, > 0
 * @throws TypeError or RangeError for values out of range
 * @example stronglyConvexStep(0.5)(1) // 0.75
 * @see Karimi, Nutini, Schmidt, "Linear Convergence of Gradient and Proximal-Gradient Methods Under the
 *   Polyak-Lojasiewicz Condition", 2016, theorem 4
 */
export function stronglyConvexStep(mu: number): Schedule {
  checkNumber("stronglyConvexStep", "mu", mu, positive);
  return (step) => (2 * step + 1) / (2 * (step + 1)) / (mu * (step + 1));
}

/**
 * (Sub)gradient descent on a convex loss with bounded gradients, and SGD with `noise`:
 *
 * ```math
 * rate = diameter / sqrt(steps (gradientBound^2 + noise^2))
 * ```
 *
 * The average iterate of that many steps is within diameter sqrt(gradientBound^2 + noise^2) / sqrt(steps) of the minimum.
 *
 * @param diameter the distance from the start to a minimizer, or a bound of it, > 0
 * @param gradientBound the greatest norm of a gradient, > 0
 * @param steps how many will be made, >= 1
 * @param noise the standard deviation of a stochastic gradient, >= 0, default 0
 * @throws TypeError or RangeError for values out of range
 * @example lipschitzStep(2, 5, 16)(0) // 0.1
 * @see Nesterov, "Introductory Lectures on Convex Optimization", 2004, section 3.2.3
 */
export function lipschitzStep(diameter: number, gradientBound: number, steps: number, noise = 0): Schedule {
  checkNumber("lipschitzStep", "diameter", diameter, positive);
  checkNumber("lipschitzStep", "gradientBound", gradientBound, positive);
  checkInteger("lipschitzStep", "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkNumber("lipschitzStep", "noise", noise, nonNegative);
  return constant(diameter / Math.sqrt(steps * (gradientBound * gradientBound + noise * noise)));
}

/**
 * Gradient descent on a smooth loss, convex or not:
 *
 * ```math
 * rate = 1 / smoothness
 * ```
 *
 * Every step lowers the loss by at least |gradient|^2 / (2 smoothness), the most that can be guaranteed.
 *
 * @param smoothness L, the Lipschitz constant of the gradient, > 0
 * @throws TypeError or RangeError for values out of range
 * @example smoothStep(4)(0) // 0.25
 * @see Nesterov, "Introductory Lectures on Convex Optimization", 2004, section 1.2.3
 */
export function smoothStep(smoothness: number): Schedule {
  checkNumber("smoothStep", "smoothness", smoothness, positive);
  return constant(1 / smoothness);
}

export interface SmoothStochasticOptions {
  /** L, the Lipschitz constant of the gradient, > 0. */
  readonly smoothness: number;
  /** The loss at the start above its infimum, or a bound of it, > 0. */
  readonly gap: number;
  /** The standard deviation of the gradient of one sample, >= 0. */
  readonly noise: number;
  /** How many steps will be made, >= 1. */
  readonly steps: number;
  /** The samples in a gradient, >= 1. Default 1. */
  readonly batch?: number;
}

/**
 * SGD on a smooth loss, convex or not:
 *
 * ```math
 * rate = min(1 / smoothness, sqrt((2 gap batch) / (smoothness noise^2 steps)))
 * ```
 *
 * The mean of |gradient|^2 over the steps is then expected to be at most
 * 2 smoothness gap / steps + 2 noise sqrt(2 smoothness gap / (batch steps)).
 *
 * @param options see `SmoothStochasticOptions`
 * @throws TypeError or RangeError for values out of range
 * @example smoothStochasticStep({ smoothness: 2, gap: 1, noise: 1, steps: 100 })(0) // 0.1
 * @see Ghadimi, Lan, "Stochastic First- and Zeroth-Order Methods for Nonconvex Stochastic Programming", 2013
 */
export function smoothStochasticStep(options: SmoothStochasticOptions): Schedule {
  const where = "smoothStochasticStep";
  checkOptions(where, options, ["smoothness", "gap", "noise", "steps", "batch"]);
  const { smoothness, gap, noise, steps, batch = 1 } = options;
  checkNumber(where, "smoothness", smoothness, positive);
  checkNumber(where, "gap", gap, positive);
  checkNumber(where, "noise", noise, nonNegative);
  checkInteger(where, "steps", steps, 1, Number.MAX_SAFE_INTEGER);
  checkInteger(where, "batch", batch, 1, Number.MAX_SAFE_INTEGER);
  return constant(Math.min(1 / smoothness, Math.sqrt((2 * gap * batch) / (smoothness * steps)) / noise));
}

/**
 * Gradient descent on a quadratic with curvatures between `mu` and `smoothness`, the best rate that stays the same:
 *
 * ```math
 * rate = 2 / (mu + smoothness)
 * ```
 *
 * Every step multiplies the distance from the minimum by (smoothness - mu) / (smoothness + mu) at most.
 *
 * @param mu the least curvature, > 0
 * @param smoothness the greatest curvature, >= `mu`
 * @throws TypeError or RangeError for values out of range
 * @example quadraticStep(1, 4)(0) // 0.4
 * @see Polyak, "Introduction to Optimization", 1987, section 1.4
 */
export function quadraticStep(mu: number, smoothness: number): Schedule {
  checkNumber("quadraticStep", "mu", mu, positive);
  checkNumber("quadraticStep", "smoothness", smoothness, from(mu));
  return constant(2 / (mu + smoothness));
}

/**
 * Gradient descent on a quadratic with curvatures between `mu` and `smoothness`, the best two rates in turn, the smaller
 * one first:
 *
 * ```math
 * 1 / rate(t) = (mu + smoothness) / 2 + (-1)^t (smoothness - mu) / (2 sqrt(2))
 * ```
 *
 * A pair multiplies the distance from the minimum by 1 / (2 k^2 - 1) at most, k = (smoothness + mu) / (smoothness - mu);
 * two steps of `quadraticStep` by 1 / k^2. The greater rate alone may lead away from it: stop after whole pairs.
 *
 * @param mu the least curvature, > 0
 * @param smoothness the greatest curvature, >= `mu`
 * @throws TypeError or RangeError for values out of range
 * @example chebyshevPair(1, 4)(1) // 0.6947629603
 * @see Young, "On Richardson's Method for Solving Linear Systems with Positive Definite Matrices", 1953
 */
export function chebyshevPair(mu: number, smoothness: number): Schedule {
  checkNumber("chebyshevPair", "mu", mu, positive);
  checkNumber("chebyshevPair", "smoothness", smoothness, from(mu));
  const middle = (mu + smoothness) / 2;
  const offset = (smoothness - mu) / (2 * Math.SQRT2);
  const small = 1 / (middle + offset);
  const great = 1 / (middle - offset);
  return (step) => (step % 2 === 0 ? small : great);
}

function from(least: number): Interval {
  return { from: least, to: Number.POSITIVE_INFINITY };
}
