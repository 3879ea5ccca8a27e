// A whole model.fit of TensorFlow.js on MNIST, perceptrons in batches of 32, from the same start: with its own Adam, with ours,
// and with ours and the kernels that createOptimizers puts in the place of the backend's. For Node and for pages.

import * as layers from "@tensorflow/tfjs-layers";
import { median } from "../statistics.js";

export const SAMPLES = 1600;
const EPOCHS = 2;
const ROUNDS = 3;
const BARS = { cpu: 1.8, wasm: 1.4 };

/** Units of the hidden layers: of the dense model among TensorFlow.js's examples, and of its tutorials'. */
const models = [[42], [128]];

/** The kernels that may be replaced. */
const replaced = ["BatchMatMul", "GatherV2"];

function perceptron(columns, hidden) {
  const units = [...hidden, 10];
  return layers.sequential({
    layers: units.map((count, k) =>
      layers.layers.dense({
        ...(k === 0 && { inputShape: [columns] }),
        units: count,
        activation: k < hidden.length ? "relu" : "softmax",
        kernelInitializer: layers.initializers.glorotUniform({ seed: k + 1 }),
      }),
    ),
  });
}

async function fit(tf, { pixels, labels, rows, columns }, hidden, optimizer) {
  const model = perceptron(columns, hidden);
  const { applyGradients } = optimizer;
  let steps = 0;
  optimizer.applyGradients = (gradients) => {
    const began = performance.now();
    applyGradients.call(optimizer, gradients);
    steps += performance.now() - began;
  };
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const x = tf.tensor2d(pixels, [rows, columns]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), 10), "float32"));
  const began = performance.now();
  const { history } = await model.fit(x, y, {
    epochs: EPOCHS,
    batchSize: 32,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
  });
  const milliseconds = performance.now() - began;
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, y]);
  return { milliseconds, steps, losses: history.loss };
}

/**
 * A first training with each is not counted: until V8 has compiled a backend's loops, which it does while TensorFlow.js's own
 * steps last, the rest of a training takes twice as long.
 * @returns {Promise<import("./rows.js").Row[]>}
 */
export async function tfjsFits(tf, createOptimizers, digits, where) {
  const backend = tf.getBackend();
  const kernelsNow = () => replaced.map((name) => tf.getKernel(name, backend));
  const stock = { kernels: kernelsNow(), adam: () => tf.train.adam() };
  const steps = { ...stock, adam: () => createOptimizers(tf).adam() };
  createOptimizers(tf, { kernels: true });
  const candidates = [stock, steps, { ...steps, kernels: kernelsNow(), option: ", with kernels" }];
  const rows = [];
  for (const hidden of models) {
    const runs = candidates.map(() => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [k, { kernels, adam }] of candidates.entries()) {
        for (const kernel of kernels) {
          tf.unregisterKernel(kernel.kernelName, backend);
          tf.registerKernel(kernel);
        }
        const run = await fit(tf, digits, hidden, adam());
        if (round > 0) runs[k].push(run);
      }
    }
    const of = (k, key) => median(runs[k].map((run) => run[key]));
    for (let k = 1; k < candidates.length; k++) {
      const apart = Math.max(...runs[k][0].losses.map((loss, epoch) => Math.abs(loss - runs[0][0].losses[epoch])));
      rows.push({
        host: "TensorFlow.js 4.22",
        what: `${backend}, model.fit, 784-${hidden.join("-")}-10, batches of 32${candidates[k].option ?? ""}${where}`,
        milliseconds: [of(0, "milliseconds"), of(k, "milliseconds")],
        bar: BARS[backend],
        note: `of them steps ${of(0, "steps").toFixed(0)} and ${of(k, "steps").toFixed(0)}; losses ${apart.toExponential(0)} apart`,
      });
    }
  }
  return rows;
}
