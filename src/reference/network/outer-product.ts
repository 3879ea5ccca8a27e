// assembly/network/outer-product.ts: G = deltas inputs^T, an element at a time.

import type { Element, LinearMemory } from "../element.js";

/** v <- momentum v + (rate delta) x;  p <- p + v */
export const momentumOuter =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    parameters: number,
    lda: number,
    deltas: number,
    inputs: number,
    velocities: number,
    rate: number,
    momentum: number,
  ): void => {
    const { round } = T;
    const X = T.view(memory, inputs, n);
    T.view(memory, deltas, m).forEach((raw, i) => {
      const delta = round(round(rate) * raw);
      const [P, V] = [parameters, velocities].map((slab) => T.view(memory, slab + i * lda * T.bytes, n));
      for (let k = 0; k < n; k++) {
        const velocity = round(round(delta * X[k]!) + round(round(momentum) * V![k]!));
        V![k] = velocity;
        P![k] = P![k]! + velocity;
      }
    });
  };

/** Of g = delta x:  m <- beta1 m + intake1 g;  v <- beta2 v + intake2 g g;  p <- p + stepSize m / (rootScale sqrt(v) + epsilon) */
export const adamOuter =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    parameters: number,
    lda: number,
    deltas: number,
    inputs: number,
    firstMoments: number,
    secondMoments: number,
    beta1: number,
    intake1: number,
    beta2: number,
    intake2: number,
    stepSize: number,
    rootScale: number,
    epsilon: number,
  ): void => {
    const { round } = T;
    const [b1, a1, b2, a2, rate, rooting, eps] = [beta1, intake1, beta2, intake2, stepSize, rootScale, epsilon].map(
      round,
    ) as [number, number, number, number, number, number, number];
    const X = T.view(memory, inputs, n);
    T.view(memory, deltas, m).forEach((delta, i) => {
      const [P, M, V] = [parameters, firstMoments, secondMoments].map((slab) =>
        T.view(memory, slab + i * lda * T.bytes, n),
      );
      for (let k = 0; k < n; k++) {
        const g = round(delta * X[k]!);
        const first = round(round(a1 * g) + round(b1 * M![k]!));
        const second = round(round(round(a2 * g) * g) + round(b2 * V![k]!));
        M![k] = first;
        V![k] = second;
        P![k] = P![k]! + round(round(rate * first) / round(round(rooting * round(Math.sqrt(second))) + eps));
      }
    });
  };

/** Of g = delta x:  v <- decay v + intake g g;  p <- p + stepSize clip(g) / sqrt(v + epsilon) - shrink p */
export const clippedRmspropOuter =
  (memory: LinearMemory, T: Element) =>
  (
    m: number,
    n: number,
    parameters: number,
    lda: number,
    deltas: number,
    inputs: number,
    meanSquares: number,
    decay: number,
    intake: number,
    stepSize: number,
    clip: number,
    epsilon: number,
    shrink: number,
  ): void => {
    const { round } = T;
    const [keep, take, rate, most, eps, loss] = [decay, intake, stepSize, clip, epsilon, shrink].map(round) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const X = T.view(memory, inputs, n);
    T.view(memory, deltas, m).forEach((delta, i) => {
      const [P, V] = [parameters, meanSquares].map((slab) => T.view(memory, slab + i * lda * T.bytes, n));
      for (let k = 0; k < n; k++) {
        const g = round(delta * X[k]!);
        const square = round(round(round(take * g) * g) + round(keep * V![k]!));
        V![k] = square;
        const clipped = round(rate * Math.min(Math.max(g, -most), most));
        const step = round(clipped / round(Math.sqrt(round(square + eps))));
        P![k] = P![k]! + round(step - round(loss * P![k]!));
      }
    });
  };
