// A whole model.fit of TensorFlow.js on MNIST, perceptrons in batches of 32, with its own Adam and with ours, from the
// same start: `node bench/hosts/tfjs-fit.js wasm` or `cpu`.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "schuss/tfjs";
import { loadDigits } from "../../examples/mnist/data.js";
import { median } from "../statistics.js";

const SAMPLES = 3200;
const EPOCHS = 2;
const ROUNDS = { cpu: 1, wasm: 3 };

/** Units of the hidden layers: of the dense model among TensorFlow.js's examples, and of its tutorials'. */
const models = [[42], [128]];

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);

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

async function fit(hidden, optimizer) {
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

for (const backend of process.argv.length > 2 ? process.argv.slice(2) : ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  for (const hidden of models) {
    const runs = { theirs: [], ours: [] };
    for (let round = 0; round < ROUNDS[backend]; round++) {
      runs.theirs.push(await fit(hidden, tf.train.adam()));
      runs.ours.push(await fit(hidden, createOptimizers(tf).adam()));
    }
    const of = (all, key) => median(all.map((run) => run[key]));
    const [theirs, ours] = [of(runs.theirs, "milliseconds"), of(runs.ours, "milliseconds")];
    const [theirSteps, ourSteps] = [of(runs.theirs, "steps"), of(runs.ours, "steps")];
    const apart = Math.max(...runs.ours[0].losses.map((loss, k) => Math.abs(loss - runs.theirs[0].losses[k])));
    console.log(
      `model.fit, ${backend}, 784-${hidden.join("-")}-10: TensorFlow.js 4.22 ${theirs.toFixed(0)} ms, of them its steps ` +
        `${theirSteps.toFixed(0)}; ours ${ours.toFixed(0)}, steps ${ourSteps.toFixed(0)}: ${(theirs / ours).toFixed(2)} times; losses of the epochs at most ${apart.toExponential(1)} apart`,
    );
  }
}
