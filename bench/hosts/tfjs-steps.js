// Steps of TensorFlow.js's Adam and of ours, on the backend that is in use: for Node and for pages.

import { interleaved, row } from "./interleaved.js";

/** @returns {string[]} rows of the table */
export function tfjsSteps(tf, createOptimizers) {
  const backend = tf.getBackend();
  const ours = createOptimizers(tf);
  return [
    [1, 1_000_000],
    [1000, 100],
  ].map(([count, size]) => {
    const candidates = [tf.train.adam(), ours.adam()].map((optimizer, which) => {
      const gradients = {};
      for (let k = 0; k < count; k++) {
        const name = `${backend}/${count}/${which}/${k}`;
        tf.tidy(() => tf.variable(tf.randomNormal([size]), true, name));
        gradients[name] = tf.randomNormal([size]);
      }
      const step = () => optimizer.applyGradients(gradients);
      return { step, calls: which === 0 ? 1 : 20, optimizer, gradients };
    });
    const times = interleaved(candidates);
    for (const { optimizer, gradients } of candidates) {
      optimizer.dispose();
      tf.dispose(gradients);
    }
    tf.disposeVariables();
    return row(`TensorFlow.js 4.22 ${backend}, Adam, ${count} x ${size}`, times);
  });
}
