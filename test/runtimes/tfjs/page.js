// Trains a model in the browser, with TensorFlow.js's Adam and with ours, and prints what came of it. The backend is in
// the address, and how many epochs are trained, twice: page.html?backend=wasm&epochs=6

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "schuss/tfjs";

/** Points of three rings around the origin. */
function rings() {
  const x = [];
  const y = [];
  for (let k = 0; k < 240; k++) {
    const [ring, angle] = [k % 3, 2.4 * k];
    x.push([(ring + 1) * Math.cos(angle), (ring + 1) * Math.sin(angle)]);
    y.push([0, 1, 2].map((other) => Number(other === ring)));
  }
  return [tf.tensor2d(x), tf.tensor2d(y)];
}

async function train(optimizer, epochs) {
  const model = layers.sequential();
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 1 });
  model.add(layers.layers.dense({ inputShape: [2], units: 24, activation: "relu", kernelInitializer }));
  model.add(layers.layers.dense({ units: 3, activation: "softmax", kernelInitializer }));
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const [x, y] = rings();
  const fit = () => model.fit(x, y, { epochs, batchSize: 16, shuffle: false, verbose: 0 });
  const { history } = await fit();
  const { numTensors } = tf.memory();
  const again = await fit();
  return {
    losses: [...history.loss, ...again.history.loss],
    leaked: tf.memory().numTensors - numTensors,
    reason: optimizer.reason,
  };
}

/** How far apart some steps end that are made of TensorFlow.js's operations and those of the kernels, by rule. */
function apart(optimizers) {
  const gradients = [0, 1, 2, 3].map((step) => tf.tensor1d([1, -2, 0.5, 0].map((g) => g * Math.cos(step))));
  const end = (make, memory) => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.1, 2, 1]), true, "w"));
    const optimizer = make({ memory, clipNorm: 2, weightDecay: 0.01, nonFinite: "skip" });
    for (const gradient of gradients) optimizer.applyGradients({ w: gradient });
    const values = w.dataSync().slice();
    optimizer.dispose();
    w.dispose();
    return values;
  };
  const makers = {
    sgd: (o) => optimizers.sgd(0.1, o),
    momentum: (o) => optimizers.momentum(0.1, 0.5, true, o),
    adagrad: (o) => optimizers.adagrad(0.1, 0.1, o),
    adadelta: (o) => optimizers.adadelta(0.1, 0.9, 1e-3, o),
    adam: (o) => optimizers.adam(0.1, 0.9, 0.99, 1e-3, { ...o, amsgrad: true }),
    adamax: (o) => optimizers.adamax(0.1, 0.9, 0.99, 1e-3, 0, o),
    rmsprop: (o) => optimizers.rmsprop(0.1, 0.9, 0.5, 1e-3, true, o),
    ...Object.fromEntries(
      ["adamw", "nadam", "radam", "lion", "lamb", "yogi", "adabelief", "amsgrad", "scheduleFree"].map((name) => [
        name,
        (o) => optimizers[name](0.1, o),
      ]),
    ),
  };
  const distances = Object.entries(makers).map(([name, make]) => {
    const [composed, kernels] = [end(make, "operations"), end(make, "copies")];
    return [name, Math.max(...composed.map((x, i) => Math.abs(x - kernels[i])))];
  });
  tf.dispose(gradients);
  return Object.fromEntries(distances);
}

try {
  setWasmPaths("/");
  const settings = new URLSearchParams(location.search);
  const epochs = Number(settings.get("epochs"));
  await tf.setBackend(settings.get("backend"));
  await tf.ready();
  const theirs = await train(tf.train.adam(0.01), epochs);
  const ours = await train(createOptimizers(tf).adam(0.01), epochs);
  const decayed = await train(createOptimizers(tf).adamw(0.01, { weightDecay: 0.1, clipNorm: 1 }), epochs);
  console.log(JSON.stringify({ backend: tf.getBackend(), theirs, ours, decayed, apart: apart(createOptimizers(tf)) }));
} catch (error) {
  console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
}
