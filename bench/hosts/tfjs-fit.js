// A whole model.fit of TensorFlow.js on MNIST, perceptrons in batches of 32, with its own Adam and with ours, from the
// same start: `node bench/hosts/tfjs-fit.js wasm` or `cpu`.

import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "schuss/tfjs";
import { loadDigits } from "../../examples/mnist/data.js";
import { median } from "../statistics.js";
import { report } from "./rows.js";
import { backends, useBackend } from "./tfjs-node.js";

const SAMPLES = 3200;
const EPOCHS = 2;
const ROUNDS = { cpu: 1, wasm: 3 };
const BARS = { cpu: 1.8, wasm: 1.4 };

/** Units of the hidden layers: of the dense model among TensorFlow.js's examples, and of its tutorials'. */
const models = [[42], [128]];

const digits = loadDigits("train", SAMPLES, Float32Array);

function perceptron(hidden) {
  const units = [...hidden, 10];
  return layers.sequential({
    layers: units.map((count, k) =>
      layers.layers.dense({
        ...(k === 0 && { inputShape: [digits.columns] }),
        units: count,
        activation: k < hidden.length ? "relu" : "softmax",
        kernelInitializer: layers.initializers.glorotUniform({ seed: k + 1 }),
      }),
    ),
  });
}

async function fit(tf, hidden, optimizer) {
  const model = perceptron(hidden);
  const { applyGradients } = optimizer;
  let steps = 0;
  optimizer.applyGradients = (gradients) => {
    const began = performance.now();
    applyGradients.call(optimizer, gradients);
    steps += performance.now() - began;
  };
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const x = tf.tensor2d(digits.pixels, [digits.rows, digits.columns]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(digits.labels, "int32"), 10), "float32"));
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
  tf.dispose([x, y]);
  return { milliseconds, steps, losses: history.loss };
}

/** Trains with the backend's kernel for products, or the one that createOptimizers puts in its place. */
function useProducts(tf, kernel) {
  if (kernel === undefined) return;
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

for (const backend of backends) {
  const tf = await useBackend(backend);
  const stock = { products: tf.getKernel("BatchMatMul", "wasm"), adam: () => tf.train.adam() };
  const steps = { ...stock, adam: () => createOptimizers(tf).adam() };
  const candidates = [stock, steps];
  if (backend === "wasm") {
    createOptimizers(tf, { products: true });
    candidates.push({ ...steps, products: tf.getKernel("BatchMatMul", "wasm"), option: ", with products" });
  }
  for (const hidden of models) {
    const runs = candidates.map(() => []);
    for (let round = 0; round < ROUNDS[backend]; round++) {
      for (const [k, { products, adam }] of candidates.entries()) {
        useProducts(tf, products);
        runs[k].push(await fit(tf, hidden, adam()));
      }
    }
    const of = (k, key) => median(runs[k].map((run) => run[key]));
    for (let k = 1; k < candidates.length; k++) {
      const apart = Math.max(...runs[k][0].losses.map((loss, epoch) => Math.abs(loss - runs[0][0].losses[epoch])));
      report({
        host: "TensorFlow.js 4.22",
        what: `${backend}, model.fit, 784-${hidden.join("-")}-10, batches of 32${candidates[k].option ?? ""}`,
        milliseconds: [of(0, "milliseconds"), of(k, "milliseconds")],
        bar: BARS[backend],
        note: `of them steps ${of(0, "steps").toFixed(0)} and ${of(k, "steps").toFixed(0)}; losses ${apart.toExponential(0)} apart`,
      });
    }
  }
}
