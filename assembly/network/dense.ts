// A dense layer: m nodes, each with n weights, a row of W; rows lie `lda` elements apart.
//
//   forward    y = f(W x + b)
//   backward   errors = W^T deltas, and through the activation of the layer below: inputDeltas = errors f'
//
// f is one of ./activation.ts: 0 the identity, 1 sigmoid, 2 ReLU, 3 leaky ReLU with a slope, 4 tanh.

import { checkArray } from "../simd/lanes";
import { gemv } from "../matrix/gemv";
import { activate, passBack } from "./activation";

/** outputs <- f(W inputs + biases) */
// @ts-ignore: decorator
@inline
function denseForward<T>(
  m: i32, n: i32, activation: i32, slope: f64, weights: usize, lda: i32, biases: usize, inputs: usize, outputs: usize,
): void {
  checkArray<T>(m, biases);
  const size = (<usize>m) * sizeof<T>();
  memory.copy(outputs, biases, size);
  gemv<T>(false, m, n, <T>1, weights, lda, inputs, <T>1, outputs);
  for (const end = outputs + size; outputs < end; outputs += sizeof<T>()) {
    store<T>(outputs, <T>activate(activation, slope, <f64>load<T>(outputs)));
  }
}

/** deltas <- errors f', from what f gave. */
// @ts-ignore: decorator
@inline
function activationDeltas<T>(n: i32, activation: i32, slope: f64, outputs: usize, errors: usize, deltas: usize): void {
  checkArray<T>(n, outputs);
  checkArray<T>(n, errors);
  checkArray<T>(n, deltas);
  for (const end = outputs + (<usize>n) * sizeof<T>(); outputs < end; ) {
    store<T>(deltas, <T>passBack(activation, slope, <f64>load<T>(outputs), <f64>load<T>(errors)));
    outputs += sizeof<T>();
    errors += sizeof<T>();
    deltas += sizeof<T>();
  }
}

/** errors <- W^T deltas;  inputDeltas <- errors f', where f gave the layer's inputs. */
// @ts-ignore: decorator
@inline
function denseBackward<T>(
  m: i32, n: i32, activation: i32, slope: f64, weights: usize, lda: i32, deltas: usize, inputs: usize, errors: usize, inputDeltas: usize,
): void {
  gemv<T>(true, m, n, <T>1, weights, lda, deltas, <T>0, errors);
  activationDeltas<T>(n, activation, slope, inputs, errors, inputDeltas);
}

export function denseForward_f32(
  m: i32, n: i32, activation: i32, slope: f32, weights: usize, lda: i32, biases: usize, inputs: usize, outputs: usize,
): void {
  denseForward<f32>(m, n, activation, slope, weights, lda, biases, inputs, outputs);
}
export function denseForward_f64(
  m: i32, n: i32, activation: i32, slope: f64, weights: usize, lda: i32, biases: usize, inputs: usize, outputs: usize,
): void {
  denseForward<f64>(m, n, activation, slope, weights, lda, biases, inputs, outputs);
}
export function denseBackward_f32(
  m: i32, n: i32, activation: i32, slope: f32, weights: usize, lda: i32, deltas: usize, inputs: usize, errors: usize, inputDeltas: usize,
): void {
  denseBackward<f32>(m, n, activation, slope, weights, lda, deltas, inputs, errors, inputDeltas);
}
export function denseBackward_f64(
  m: i32, n: i32, activation: i32, slope: f64, weights: usize, lda: i32, deltas: usize, inputs: usize, errors: usize, inputDeltas: usize,
): void {
  denseBackward<f64>(m, n, activation, slope, weights, lda, deltas, inputs, errors, inputDeltas);
}
export function activationDeltas_f32(
  n: i32, activation: i32, slope: f32, outputs: usize, errors: usize, deltas: usize,
): void {
  activationDeltas<f32>(n, activation, slope, outputs, errors, deltas);
}
export function activationDeltas_f64(
  n: i32, activation: i32, slope: f64, outputs: usize, errors: usize, deltas: usize,
): void {
  activationDeltas<f64>(n, activation, slope, outputs, errors, deltas);
}
