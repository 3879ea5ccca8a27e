// A whole net.train() of brain.js, 256-256-256-16, its own and accelerated, from the same start: `node bench/hosts/brain.js`.

import brain from "brain-next";
import { accelerate } from "schuss/brain";
import { uniformFrom } from "../random.js";
import { median } from "../statistics.js";

const SIZES = { inputSize: 256, hiddenLayers: [256, 256], outputSize: 16 };
const TRAINING = { iterations: 100, errorThresh: 1e-9 };
const ROUNDS = 3;

const cases = { "default (SGD)": {}, "praxis adam": { praxis: "adam", learningRate: 0.001 } };

/** A network drawn from a seed. */
function network(options) {
  const { random } = Math;
  Math.random = uniformFrom(1);
  try {
    const net = new brain.NeuralNetwork({ ...SIZES, ...options });
    net.initialize();
    return net;
  } finally {
    Math.random = random;
  }
}

const next = uniformFrom(2);
const patterns = Array.from({ length: 16 }, () => ({
  input: Array.from({ length: SIZES.inputSize }, next),
  output: Array.from({ length: SIZES.outputSize }, () => Number(next() > 0.5)),
}));

/** @returns {{ milliseconds: number, error: number }} */
function train(net, training) {
  const start = performance.now();
  const { error } = net.train(patterns, training);
  return { milliseconds: performance.now() - start, error };
}

/** A FeedForward of the same sizes, of brain.js's own layers and praxis. */
function feedForward() {
  const { layer } = brain;
  const dense = (height) => (below) => layer.feedForward({ height }, below);
  const { random } = Math;
  Math.random = uniformFrom(1);
  try {
    const net = new brain.FeedForward({
      inputLayer: () => layer.input({ height: SIZES.inputSize }),
      hiddenLayers: SIZES.hiddenLayers.map(dense),
      outputLayer: (below) => layer.target({ height: SIZES.outputSize }, dense(SIZES.outputSize)(below)),
      praxisOpts: { learningRate: 0.001 },
    });
    net.initialize();
    return net;
  } finally {
    Math.random = random;
  }
}

function compare(name, make, training) {
  const runs = { theirs: [], ours: [] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.theirs.push(train(make(), training));
    runs.ours.push(train(accelerate(make()), training));
  }
  const [theirs, ours] = [runs.theirs, runs.ours].map((all) => median(all.map(({ milliseconds }) => milliseconds)));
  console.log(
    `${name}: brain.js 2.0.0-beta.24 ${theirs.toFixed(0)} ms, ours ${ours.toFixed(1)} ms: ${(theirs / ours).toFixed(1)} times; ` +
      `error ${runs.theirs[0].error} and ${runs.ours[0].error}`,
  );
}

for (const [name, options] of Object.entries(cases)) compare(name, () => network(options), TRAINING);
compare("FeedForward", feedForward, { ...TRAINING, iterations: 10, errorCheckInterval: 10 });
