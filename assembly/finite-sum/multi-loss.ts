// The losses of a row with several outputs: softmax, or any loss of one output in each of them. Labels are as in ./multi.ts.

import { exp, log } from "../simd/math";
import { derivative, value } from "./loss";

// @ts-ignore: decorator
@inline const SOFTMAX: i32 = 12;

/** e^-700 stands for all smaller shares of a class. */
// @ts-ignore: decorator
@inline const FURTHEST: f64 = 700.0;

/** The predictions become the loss's derivatives in them; returns the loss. */
function softmaxSlopes(outputs: i32, predictions: usize, label: i32): f64 {
  let greatest = load<f64>(predictions);
  for (let k = 1; k < outputs; ++k) greatest = max(greatest, load<f64>(predictions + (<usize>k << 3)));
  let sum: f64 = 0;
  const own = load<f64>(predictions + (<usize>label << 3));
  for (let k = 0; k < outputs; ++k) {
    const p = predictions + (<usize>k << 3);
    const share = exp(max(load<f64>(p) - greatest, -FURTHEST));
    store<f64>(p, share);
    sum += share;
  }
  const normalized = 1.0 / sum;
  for (let k = 0; k < outputs; ++k) {
    const p = predictions + (<usize>k << 3);
    store<f64>(p, load<f64>(p) * normalized - f64(i32(k == label)));
  }
  return log(sum) + (greatest - own);
}

function separateSlopes<T>(outputs: i32, predictions: usize, labels: usize, loss: i32, parameter: f64): f64 {
  let total: f64 = 0;
  for (let k = 0; k < outputs; ++k) {
    const p = predictions + (<usize>k << 3);
    const prediction = load<f64>(p), label = <f64>load<T>(labels + <usize>k * sizeof<T>());
    total += value(loss, prediction, label, parameter);
    store<f64>(p, derivative(loss, prediction, label, parameter));
  }
  return total;
}

/** The predictions of a row become its derivatives, times its weight; returns the loss. */
// @ts-ignore: decorator
@inline
export function slopes<T>(outputs: i32, row: i32, predictions: usize, labels: usize, loss: i32, parameter: f64, weight: f64): f64 {
  const total = loss == SOFTMAX
    ? softmaxSlopes(outputs, predictions, i32(load<T>(labels + <usize>row * sizeof<T>())))
    : separateSlopes<T>(outputs, predictions, labels + <usize>row * <usize>outputs * sizeof<T>(), loss, parameter);
  if (weight != 1.0) for (let k = 0; k < outputs; ++k) {
    const p = predictions + (<usize>k << 3);
    store<f64>(p, weight * load<f64>(p));
  }
  return weight * total;
}
