// assembly/network/dense.ts, with the exponential of the platform.

import type { Element, LinearMemory } from "../element.js";
import { gemv } from "../matrix/gemv.js";

interface Activation {
  value(x: number, slope: number): number;
  /** error f'(x), from y = f(x). */
  passBack(y: number, error: number, slope: number): number;
}

const activations: readonly Activation[] = [
  { value: (x) => x, passBack: (_, error) => error },
  { value: (x) => 1 / (1 + Math.exp(-x)), passBack: (y, error) => error * y * (1 - y) },
  { value: (x) => Math.max(x, 0), passBack: (y, error) => (y > 0 ? error : 0) },
  { value: (x, slope) => Math.max(x, slope * x), passBack: (y, error, slope) => (y > 0 ? error : slope * error) },
  { value: (x) => Math.tanh(x), passBack: (y, error) => (1 - y * y) * error },
];

/** outputs <- f(W inputs + biases) */
export const denseForward =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    activation: number,
    slope: number,
    weights: number,
    lda: number,
    biases: number,
    inputs: number,
    outputs: number,
  ): void => {
    const Y = T.view(memory, outputs, m);
    Y.set(T.view(memory, biases, m));
    gemv(memory, T)(0, m, n, 1, weights, lda, inputs, 1, outputs);
    Y.forEach((sum, i) => {
      Y[i] = activations[activation]!.value(sum, T.round(slope));
    });
  };

/** deltas <- errors f', from what f gave. */
export const activationDeltas =
  (memory: LinearMemory, T: Element) =>
  (n: number, activation: number, slope: number, outputs: number, errors: number, deltas: number): void => {
    const [Y, E, D] = [outputs, errors, deltas].map((pointer) => T.view(memory, pointer, n));
    for (let i = 0; i < n; i++) D![i] = activations[activation]!.passBack(Y![i]!, E![i]!, T.round(slope));
  };

/** errors <- W^T deltas;  inputDeltas <- errors f', where f gave the layer's inputs. */
export const denseBackward =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    activation: number,
    slope: number,
    weights: number,
    lda: number,
    deltas: number,
    inputs: number,
    errors: number,
    inputDeltas: number,
  ): void => {
    gemv(memory, T)(1, m, n, 1, weights, lda, deltas, 0, errors);
    activationDeltas(memory, T)(n, activation, slope, inputs, errors, inputDeltas);
  };
