// What a node does with its sum, and what that does to an error on its way back. All in f64, rounded once.

import { exp } from "../simd/math";

export const IDENTITY: i32 = 0;
export const SIGMOID: i32 = 1;
export const RELU: i32 = 2;
export const LEAKY_RELU: i32 = 3;
export const TANH: i32 = 4;

/** Beyond this e^x is as good as 0 or infinite, and `exp` ends. */
// @ts-ignore: decorator
@inline const FURTHEST: f64 = 700;

// @ts-ignore: decorator
@inline
function held(x: f64): f64 {
  return min(max(x, -FURTHEST), FURTHEST);
}

/** Within 5e-15 of the value: near 0 its series to x^9, elsewhere 1 - 2 / (e^2x + 1). */
function tanh(x: f64): f64 {
  const z = x * x;
  if (z < 4e-4) return x * (1.0 + z * (-1.0 / 3 + z * (2.0 / 15 + z * (-17.0 / 315 + z * (62.0 / 2835)))));
  const e = exp(held(2.0 * x));
  return (e - 1.0) / (e + 1.0);
}

/** f(x); `slope` is that of the leaky ReLU below 0. NaN stays NaN. */
export function activate(kind: i32, slope: f64, x: f64): f64 {
  if (x != x) return x;
  if (kind == SIGMOID) return 1.0 / (1.0 + exp(held(-x)));
  if (kind == RELU) return x < 0 ? 0.0 : x;
  if (kind == LEAKY_RELU) return max(x, slope * x);
  if (kind == TANH) return tanh(x);
  return x;
}

/** error f'(x), from y = f(x). */
// @ts-ignore: decorator
@inline
export function passBack(kind: i32, slope: f64, y: f64, error: f64): f64 {
  if (kind == SIGMOID) return error * y * (1.0 - y);
  if (kind == RELU) return y > 0 ? error : 0.0;
  if (kind == LEAKY_RELU) return y > 0 ? error : slope * error;
  if (kind == TANH) return (1.0 - y * y) * error;
  return error;
}
