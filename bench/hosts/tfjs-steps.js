// Steps of TensorFlow.js's Adam and of ours, on the backend that is in use: for Node and for pages.

import { interleaved } from "./interleaved.js";

const cases = [
  { count: 1, size: 1_000_000, bars: { wasm: 12, cpu: 80 } },
  { count: 1000, size: 100, bars: { wasm: 40, cpu: 60 } },
];

/** @returns {Promise<import("./rows.js").Row[]>} */
export async function tfjsSteps(tf, createOptimizers, where) {
  const backend = tf.getBackend();
  const ours = createOptimizers(tf);
  const rows = [];
  for (const { count, size, bars } of cases) {
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
    const milliseconds = await interleaved(candidates);
    for (const { optimizer, gradients } of candidates) {
      optimizer.dispose();
      tf.dispose(gradients);
    }
    tf.disposeVariables();
    const what = `${backend}, step of Adam, ${count} × ${size.toLocaleString("en")}${where}`;
    rows.push({ host: "TensorFlow.js 4.22", what, milliseconds, bar: bars[backend] });
  }
  return rows;
}
