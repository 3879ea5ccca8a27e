// A whole net.train() of brain.js, 256-256-256-16, its own and accelerated, from the same start: `node bench/hosts/brain.js`.

import brain from "brain-next";
import { accelerate } from "schuss/brain";
import { uniformFrom } from "../random.js";
import { median } from "../statistics.js";
import { report } from "./rows.js";

const SIZES = { inputSize: 256, hiddenLayers: [256, 256], outputSize: 16 };
const TRAINING = { iterations: 100, errorThresh: 1e-9 };
const ROUNDS = 3;

const cases = [
  { name: "default SGD", options: {}, bar: 6 },
  { name: "praxis adam", options: { praxis: "adam", learningRate: 0.001 }, bar: 15 },
];

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

function compare({ name, bar }, make, training) {
  const runs = { theirs: [], ours: [] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.theirs.push(train(make(), training));
    runs.ours.push(train(accelerate(make()), training));
  }
  const errors = [runs.theirs, runs.ours].map(([{ error }]) => error.toPrecision(6));
  report({
    host: "brain.js 2.0.0-beta.24",
    what: `net.train(), 256-256-256-16, ${training.iterations} iterations of 16 patterns, ${name}`,
    milliseconds: [runs.theirs, runs.ours].map((all) => median(all.map(({ milliseconds }) => milliseconds))),
    bar,
    note: `error ${errors.join(" and ")}`,
  });
}

for (const { options, ...row } of cases) compare(row, () => network(options), TRAINING);
compare({ name: "FeedForward" }, feedForward, { ...TRAINING, iterations: 10, errorCheckInterval: 10 });
