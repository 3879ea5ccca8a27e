// A classifier in TensorFlow.js. One line is changed; the losses are the same.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "schuss/tfjs";

const SAMPLES = 240;

/** Points of three rings around the origin. */
function rings() {
  const x = [];
  const y = [];
  for (let k = 0; k < SAMPLES; k++) {
    const [ring, angle] = [k % 3, 2.4 * k];
    x.push([(ring + 1) * Math.cos(angle), (ring + 1) * Math.sin(angle)]);
    y.push([0, 1, 2].map((other) => Number(other === ring)));
  }
  return [tf.tensor2d(x), tf.tensor2d(y)];
}

async function train(optimizer) {
  const model = layers.sequential();
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 1 });
  model.add(layers.layers.dense({ inputShape: [2], units: 24, activation: "relu", kernelInitializer }));
  model.add(layers.layers.dense({ units: 3, activation: "softmax", kernelInitializer }));
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const [x, y] = rings();
  const { history } = await model.fit(x, y, { epochs: 12, batchSize: 16, shuffle: false, verbose: 0 });
  return history.loss;
}

await tf.setBackend("cpu");

const before = await train(tf.train.adam(0.01));
const after = await train(createOptimizers(tf).adam(0.01)); // the line that is changed

const apart = Math.max(...after.map((loss, epoch) => Math.abs(loss - before[epoch])));
console.log(
  `loss ${after[0].toFixed(3)} at first, ${after.at(-1).toFixed(3)} at last; ${apart.toExponential(1)} apart`,
);
