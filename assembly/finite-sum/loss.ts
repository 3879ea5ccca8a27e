// Losses of a linear model by code: value and derivative in the prediction p = x.w + b, for a label y. A row costs far
// more than the choice among them, so it is made once a row and not at compile time.
//
//   code                     loss(p, y), z = y p for labels -1 and 1, r = p - y       parameter
//   0   logistic             ln(1 + e^-z)
//   1   squared              r^2 / 2
//   2   absolute             |r|
//   3   hinge                max(0, 1 - z)
//   4   squared hinge        max(0, 1 - z)^2
//   5   smoothed hinge       0 for z >= 1, (1 - z)^2 / (2 s) for z > 1 - s, else 1 - z - s / 2       s > 0
//   6   Huber                r^2 / 2 for |r| <= d, else d |r| - d^2 / 2                              d > 0
//   7   modified Huber       max(0, 1 - z)^2 for z >= -1, else -4 z
//   8   epsilon-insensitive  max(0, |r| - e)                                                        e >= 0
//   9   Poisson              e^p - y p
//   10  perceptron           max(0, -z)
//   11  sigmoid neuron       (1 / (1 + e^-p) - y)^2 / 2
//
// Where a loss has a corner, the derivative is the one of the flat side; the perceptron's is the other, or it would never leave 0.

import { exp, log, log1p } from "../simd/math";

// @ts-ignore: decorator
@inline const LOGISTIC: i32 = 0;
// @ts-ignore: decorator
@inline const SQUARED: i32 = 1;
// @ts-ignore: decorator
@inline const ABSOLUTE: i32 = 2;
// @ts-ignore: decorator
@inline const HINGE: i32 = 3;
// @ts-ignore: decorator
@inline const SQUARED_HINGE: i32 = 4;
// @ts-ignore: decorator
@inline const SMOOTHED_HINGE: i32 = 5;
// @ts-ignore: decorator
@inline const HUBER: i32 = 6;
// @ts-ignore: decorator
@inline const MODIFIED_HUBER: i32 = 7;
// @ts-ignore: decorator
@inline const EPSILON_INSENSITIVE: i32 = 8;
// @ts-ignore: decorator
@inline const POISSON: i32 = 9;
// @ts-ignore: decorator
@inline const PERCEPTRON: i32 = 10;
// @ts-ignore: decorator
@inline const SIGMOID: i32 = 11;

/**
 * Exponents are held at 60 in magnitude: e^-60 = 9e-27 stands for all smaller derivatives. Without that, the stored
 * derivatives of unscaled data sink into the subnormal range, where a step takes up to four times as long.
 */
// @ts-ignore: decorator
@inline const FURTHEST: f64 = 60.0;

// @ts-ignore: decorator
@inline
function held(x: f64): f64 {
  return min(max(x, -FURTHEST), FURTHEST);
}

/** 1 / (1 + e^-x) */
// @ts-ignore: decorator
@inline
function sigmoid(x: f64): f64 {
  return 1.0 / (1.0 + exp(held(-x)));
}

/** e^p, for p up to 700; what lies below -60 counts as -60. */
// @ts-ignore: decorator
@inline
function rate(p: f64): f64 {
  return exp(min(max(p, -FURTHEST), 700.0));
}

// @ts-ignore: decorator
@inline
function clip(x: f64, low: f64, high: f64): f64 {
  return min(max(x, low), high);
}

export function derivative(loss: i32, p: f64, y: f64, parameter: f64): f64 {
  if (loss == LOGISTIC) return -y / (1.0 + exp(held(y * p)));
  if (loss == SQUARED) return p - y;
  return otherDerivative(loss, p, y, parameter);
}

function otherDerivative(loss: i32, p: f64, y: f64, parameter: f64): f64 {
  const r = p - y, z = y * p;
  switch (loss) {
    case ABSOLUTE: return f64(i32(r > 0.0) - i32(r < 0.0));
    case HINGE: return z < 1.0 ? -y : 0.0;
    case SQUARED_HINGE: return -2.0 * y * max(1.0 - z, 0.0);
    case SMOOTHED_HINGE: return -y * clip((1.0 - z) / parameter, 0.0, 1.0);
    case HUBER: return clip(r, -parameter, parameter);
    case MODIFIED_HUBER: return -y * clip(2.0 * (1.0 - z), 0.0, 4.0);
    case EPSILON_INSENSITIVE: return f64(i32(r > parameter) - i32(r < -parameter));
    case POISSON: return rate(p) - y;
    case PERCEPTRON: return z <= 0.0 ? -y : 0.0;
    case SIGMOID: {
      const s = sigmoid(p);
      return (s - y) * s * (1.0 - s);
    }
    default: return 0.0;
  }
}

export function value(loss: i32, p: f64, y: f64, parameter: f64): f64 {
  const r = p - y, z = y * p;
  switch (loss) {
    case LOGISTIC: return log1p(exp(-min(abs(z), FURTHEST))) + max(-z, 0.0);
    case SQUARED: return 0.5 * r * r;
    case ABSOLUTE: return abs(r);
    case HINGE: return max(1.0 - z, 0.0);
    case SQUARED_HINGE: {
      const under = max(1.0 - z, 0.0);
      return under * under;
    }
    case SMOOTHED_HINGE: {
      const under = max(1.0 - z, 0.0);
      return under < parameter ? (0.5 / parameter) * under * under : under - 0.5 * parameter;
    }
    case HUBER: {
      const far = abs(r);
      return far <= parameter ? 0.5 * r * r : parameter * far - 0.5 * parameter * parameter;
    }
    case MODIFIED_HUBER: {
      const under = max(1.0 - z, 0.0);
      return z >= -1.0 ? under * under : -4.0 * z;
    }
    case EPSILON_INSENSITIVE: return max(abs(r) - parameter, 0.0);
    case POISSON: return rate(p) - z;
    case PERCEPTRON: return max(-z, 0.0);
    case SIGMOID: {
      const miss = sigmoid(p) - y;
      return 0.5 * miss * miss;
    }
    default: return 0.0;
  }
}

/** e^-|z|, from which all follows that is asked of the logistic loss at one point; 0 for other losses. */
// @ts-ignore: decorator
@inline
export function exponential(loss: i32, p: f64, y: f64): f64 {
  return loss == LOGISTIC ? exp(-min(abs(y * p), FURTHEST)) : 0.0;
}

/** `value`, given the exponential. */
// @ts-ignore: decorator
@inline
export function valueFrom(e: f64, loss: i32, p: f64, y: f64, parameter: f64): f64 {
  return loss == LOGISTIC ? log1p(e) + max(-(y * p), 0.0) : value(loss, p, y, parameter);
}

/** `derivative`, given the exponential e and its share 1 / (1 + e). */
// @ts-ignore: decorator
@inline
export function derivativeFrom(e: f64, share: f64, loss: i32, p: f64, y: f64, parameter: f64): f64 {
  return loss == LOGISTIC ? -y * (y * p > 0.0 ? e * share : share) : derivative(loss, p, y, parameter);
}

/**
 * The second derivative in p, given the exponential and its share; where it jumps, on the curved side, on which the smoothed
 * hinge begins at p = 0. Of the sigmoid neuron, which is not convex, the part that is never negative: Gauss and Newton's.
 */
// @ts-ignore: decorator
@inline
export function curvatureFrom(e: f64, share: f64, loss: i32, p: f64, y: f64, parameter: f64): f64 {
  return loss == LOGISTIC ? e * share * share : otherCurvature(loss, p, y, parameter);
}

function otherCurvature(loss: i32, p: f64, y: f64, parameter: f64): f64 {
  const z = y * p;
  switch (loss) {
    case SQUARED: return 1.0;
    case SQUARED_HINGE: return z <= 1.0 ? 2.0 : 0.0;
    case SMOOTHED_HINGE: return z <= 1.0 && z >= 1.0 - parameter ? 1.0 / parameter : 0.0;
    case HUBER: return abs(p - y) <= parameter ? 1.0 : 0.0;
    case MODIFIED_HUBER: return z <= 1.0 && z >= -1.0 ? 2.0 : 0.0;
    case POISSON: return rate(p);
    case SIGMOID: {
      const s = sigmoid(p), slope = s * (1.0 - s);
      return slope * slope;
    }
    default: return 0.0;
  }
}

/** x ln x, 0 at 0 */
// @ts-ignore: decorator
@inline
function entropy(x: f64): f64 {
  return x > 0.0 ? x * log(x) : 0.0;
}

/** The convex conjugate sup_p (g p - loss(p, y)) at a g where it is finite; g is moved to the nearest of those. */
export function conjugate(loss: i32, g: f64, y: f64, parameter: f64): f64 {
  const a = -y * g;
  switch (loss) {
    case LOGISTIC: {
      const share = clip(a, 0.0, 1.0);
      return entropy(share) + entropy(1.0 - share);
    }
    case SQUARED: return 0.5 * g * g + g * y;
    case ABSOLUTE: return clip(g, -1.0, 1.0) * y;
    case HINGE: return -clip(a, 0.0, 1.0);
    case SQUARED_HINGE: {
      const share = max(a, 0.0);
      return 0.25 * share * share - share;
    }
    case SMOOTHED_HINGE: {
      const share = clip(a, 0.0, 1.0);
      return 0.5 * parameter * share * share - share;
    }
    case HUBER: {
      const slope = clip(g, -parameter, parameter);
      return 0.5 * slope * slope + slope * y;
    }
    case MODIFIED_HUBER: {
      const share = clip(a, 0.0, 4.0);
      return 0.25 * share * share - share;
    }
    case EPSILON_INSENSITIVE: {
      const slope = clip(g, -1.0, 1.0);
      return slope * y + parameter * abs(slope);
    }
    case POISSON: {
      const mean = max(g + y, 0.0);
      return entropy(mean) - mean;
    }
    default: return 0.0;
  }
}

/**
 * The derivative g' that maximises the dual along one coordinate: the g' with g' = loss'(p - q (g' - g), y), where p is the
 * prediction at the present dual variable g, and q how far the prediction moves with it.
 *
 * Shalev-Shwartz, Zhang, "Stochastic dual coordinate ascent methods", 2013, section 6.2, with g' = -alpha. Logistic and
 * Poisson have no closed form: Newton's method, held inside the bracket that q gives.
 */
export function dualStep(loss: i32, g: f64, p: f64, y: f64, q: f64, parameter: f64): f64 {
  const r = p - y, z = y * p, a = -y * g;
  const some = max(q, 1e-300);
  switch (loss) {
    case LOGISTIC: return logisticDualStep(a, z, q) * -y;
    case SQUARED: return (r + q * g) / (1.0 + q);
    case ABSOLUTE: return clip(g + r / some, -1.0, 1.0);
    case HINGE: return -y * clip(a + (1.0 - z) / some, 0.0, 1.0);
    case SQUARED_HINGE: return -y * max((1.0 - z + q * a) / (q + 0.5), 0.0);
    case SMOOTHED_HINGE: return -y * clip((1.0 - z + q * a) / (q + parameter), 0.0, 1.0);
    case HUBER: return clip((r + q * g) / (1.0 + q), -parameter, parameter);
    case MODIFIED_HUBER: return -y * clip((1.0 - z + q * a) / (q + 0.5), 0.0, 4.0);
    case EPSILON_INSENSITIVE: {
      const free = g + r / some, within = parameter / some;
      return clip(free - clip(free, -within, within), -1.0, 1.0);
    }
    case POISSON: return poissonDualStep(g, p, y, q);
    case PERCEPTRON: return -y * clip(a - z / some, 0.0, 1.0);
    default: return g;
  }
}

/** A step that is no longer leaves an error of about a tenth of its fourth power, 1e-14. */
// @ts-ignore: decorator
@inline const LAST: f64 = 5e-4;

/** Beyond, the terms of higher order say nothing. */
// @ts-ignore: decorator
@inline const NEAR: f64 = 0.5;

/**
 * The a in (0, 1) with ln(a / (1 - a)) + z + q (a - a0) = 0, by its logit u, which lies in [-z - (1 - a0) q, -z + a0 q]. As a
 * function of u the left side has a slope of 1 to 1 + q / 4, and its higher derivatives, which cost nothing beside e^u, are never more
 * than the slope: so near the root steps are Householder's of third order, 1.6 in place of Newton's 2.5 on rows of words. The last
 * step of a goes along its own derivatives. Where steps don't get shorter by half, they go to and fro over the steep part, and
 * the bracket is halved instead.
 */
function logisticDualStep(a0: f64, z: f64, q: f64): f64 {
  let low = -z - (1.0 - a0) * q, high = -z + a0 * q;
  let u = clip(-z, low, high), before = f64.MAX_VALUE;
  for (let round = 0; round < 100; ++round) {
    const share = sigmoid(u);
    const d1 = share * (1.0 - share), d2 = d1 * (1.0 - 2.0 * share), d3 = d1 * (1.0 - 6.0 * d1);
    const excess = u + z + q * (share - a0), slope = 1.0 + q * d1;
    const newton = excess / slope;
    let step = newton;
    if (abs(newton) < NEAR) {
      const per = q * newton / slope, second = per * d2, third = per * newton * d3;
      step *= (1.0 - 0.5 * second) / (1.0 - second + third / 6.0);
    }
    if (abs(step) <= LAST) return share - step * (d1 - step * (0.5 * d2 - step * d3 / 6.0));
    if (excess > 0.0) high = u; else low = u;
    const next = u - step;
    u = next < low || next > high || abs(step) > 0.5 * before ? 0.5 * (low + high) : next;
    before = abs(step);
  }
  return sigmoid(u);
}

/** The prediction u after the step has u - p + q (e^u - y - g) = 0: convex and increasing, so Newton falls to it from above. */
function poissonDualStep(g: f64, p: f64, y: f64, q: f64): f64 {
  let u = min(p + q * (y + g), 700.0);
  for (let round = 0; round < 100; ++round) {
    const mean = rate(u);
    const next = u - (u - p + q * (mean - y - g)) / (1.0 + q * mean);
    const moved = abs(next - u);
    u = next;
    if (moved <= 1e-9 * (1.0 + abs(u))) break;
  }
  return rate(u) - y;
}
