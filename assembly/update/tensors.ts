// For the kernels that look at a tensor as a whole before they move it. They go over it more than once, tensor by tensor,
// so that a small one is still in cache when they come back. Their arguments begin as in ./step.ts, they return the same,
// and a step does the same besides its rule.

import { clamp, load, multiplyAdd, store, zero } from "../simd/lanes";
import {
  AVERAGES, AVERAGE_WEIGHT, BOX, CLEAR, CLIP_VALUE, GRADIENT_SCALE, L2, SHRINK, TABLE, TENSOR_GRADIENT_SCALE, TENSOR_L2, TENSOR_LENGTH,
  TENSOR_RATE, TENSOR_SHRINK, address, integer, real,
} from "./options";

/**
 * Elements whose squares are added up in the precision of the parameters before f64 takes over; the sums of such blocks
 * are added one after the other.
 */
// @ts-ignore: decorator
@inline export const BLOCK: i32 = 4096;

// What the records say. Without options or without a table all n elements are one tensor, and nothing is done besides.

// @ts-ignore: decorator
@inline
export function tableOf(options: usize): usize {
  return options ? address(options, TABLE) : 0;
}

// @ts-ignore: decorator
@inline
export function lengthOf(tensor: usize, n: i32): i32 {
  return tensor ? integer(tensor, TENSOR_LENGTH) : n;
}

// @ts-ignore: decorator
@inline
export function scaleOf(options: usize, tensor: usize): f64 {
  return (options ? real(options, GRADIENT_SCALE) : 1) * (tensor ? real(tensor, TENSOR_GRADIENT_SCALE) : 1);
}

// @ts-ignore: decorator
@inline
export function l2Of(options: usize, tensor: usize): f64 {
  return (options ? real(options, L2) : 0) * (tensor ? real(tensor, TENSOR_L2) : 1);
}

// @ts-ignore: decorator
@inline
export function shrinkOf(options: usize, tensor: usize): f64 {
  return (options ? real(options, SHRINK) : 0) * (tensor ? real(tensor, TENSOR_SHRINK) : 1);
}

// @ts-ignore: decorator
@inline
export function rateOf(tensor: usize): f64 {
  return tensor ? real(tensor, TENSOR_RATE) : 1;
}

// @ts-ignore: decorator
@inline
export function limitOf(options: usize): f64 {
  return options ? real(options, CLIP_VALUE) : Infinity;
}

// @ts-ignore: decorator
@inline
export function clearOf(options: usize): bool {
  return options ? integer(options, CLEAR) != 0 : false;
}

// @ts-ignore: decorator
@inline
export function averagesOf(options: usize): usize {
  return options ? address(options, AVERAGES) : 0;
}

// @ts-ignore: decorator
@inline
export function weightOf(options: usize): f64 {
  return options ? real(options, AVERAGE_WEIGHT) : 0;
}

// @ts-ignore: decorator
@inline
export function boxOf(options: usize): f64 {
  return options ? real(options, BOX) : Infinity;
}

/**
 * The gradient that a rule sees: scale raw, held between -limit and limit, and l2 parameter added, if `penalized`: where
 * l2 is 0, not even 0 times a parameter is, which may be NaN.
 */
// @ts-ignore: decorator
@inline
export function prepared<T>(penalized: bool, raw: v128, parameter: v128, scale: v128, limit: v128, l2: v128): v128 {
  const gradient = clamp<T>(v128.mul<T>(scale, raw), v128.neg<T>(limit), limit);
  return penalized ? multiplyAdd<T>(l2, parameter, gradient) : gradient;
}

/** p <- p - (shrink p + rate step), held in the box, and what follows: the average, and the cleared gradient. */
// @ts-ignore: decorator
@inline
export function move<T, L>(
  parameters: usize, gradients: usize, averages: usize, step: v128,
  rate: v128, shrink: v128, box: v128, kept: v128, taken: v128, clear: bool,
): void {
  const parameter = load<T, L>(parameters);
  const moved = v128.sub<T>(parameter, multiplyAdd<T>(shrink, parameter, v128.mul<T>(rate, step)));
  const updated = clamp<T>(moved, v128.neg<T>(box), box);
  store<T, L>(parameters, updated);
  if (clear) store<T, L>(gradients, zero());
  if (averages) store<T, L>(averages, multiplyAdd<T>(taken, updated, v128.mul<T>(kept, load<T, L>(averages))));
}
