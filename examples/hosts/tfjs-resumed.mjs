// A training in TensorFlow.js that is saved with its optimizer, loaded and resumed. One line is changed; the losses go on
// as if nothing had happened.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "schuss/tfjs";

const SAMPLES = 240;

/** A wave to be learned. */
function wave() {
  const x = Array.from({ length: SAMPLES }, (_, k) => (2 * k) / SAMPLES - 1);
  return [
    tf.tensor2d(x, [SAMPLES, 1]),
    tf.tensor2d(
      x.map((at) => Math.sin(3 * at)),
      [SAMPLES, 1],
    ),
  ];
}

function makeModel(optimizer) {
  const model = layers.sequential();
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 2 });
  model.add(layers.layers.dense({ inputShape: [1], units: 16, activation: "tanh", kernelInitializer }));
  model.add(layers.layers.dense({ units: 1, kernelInitializer }));
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

async function fit(model, epochs) {
  const [x, y] = wave();
  const { history } = await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
  tf.dispose([x, y]);
  return history.loss;
}

/** Saves a model with its optimizer, and loads what was saved, as another program would. */
async function savedAndLoaded(model) {
  let artifacts;
  await model.save(
    tf.io.withSaveHandler(async (saved) => (artifacts = saved) && {}),
    { includeOptimizer: true },
  );
  model.dispose();
  return layers.loadLayersModel(tf.io.fromMemory(artifacts));
}

async function train(optimizer) {
  const model = makeModel(optimizer);
  const losses = await fit(model, 10);
  const resumed = await savedAndLoaded(model);
  losses.push(...(await fit(resumed, 10)));
  resumed.dispose();
  return losses;
}

await tf.setBackend("cpu");

const before = await train(tf.train.adam(0.03));
const after = await train(createOptimizers(tf, { register: true }).adam(0.03)); // the line that is changed

const uninterrupted = await fit(makeModel(createOptimizers(tf).adam(0.03)), 20);

const apart = (losses) => Math.max(...after.map((loss, epoch) => Math.abs(loss - losses[epoch])));
console.log(
  `loss ${after[0].toFixed(3)} at first, ${after[9].toFixed(3)} when saved, ${after.at(-1).toFixed(3)} at last; ` +
    `${apart(before).toExponential(1)} from TensorFlow.js's, ${apart(uninterrupted)} from a training without a break`,
);
