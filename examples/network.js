// A small network by hand: its gradients, a schedule, clipping; halfway it is saved to a file, and a second one goes on from there.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { adamw, parameters, schedules } from "schuss";

const UNITS = 8;
const STEPS = 400;
const table = [
  { input: [0, 0], target: 0 },
  { input: [0, 1], target: 1 },
  { input: [1, 0], target: 1 },
  { input: [1, 1], target: 0 },
];

function makeNetwork() {
  const network = parameters({ hidden: [UNITS, 2], hiddenBias: UNITS, output: UNITS, outputBias: 1 });
  for (const name of ["hidden", "output"]) {
    const weights = network.values[name];
    for (let i = 0; i < weights.length; i++) weights[i] = Math.random() * 2 - 1;
  }
  return network;
}

const makeOptimizer = (network) =>
  adamw(network, {
    learningRate: schedules.warmup(20, schedules.cosine(0.1, STEPS - 20)),
    clipNorm: 1,
    weightDecayMultiplier: { hiddenBias: 0, outputBias: 0 },
    clearGradients: true,
  });

/** What the hidden layer and the network make of an input; the score is the logarithm of the odds. */
function forward({ hidden, hiddenBias, output, outputBias }, [x, y]) {
  const activations = hiddenBias.map((bias, j) => Math.tanh(hidden[2 * j] * x + hidden[2 * j + 1] * y + bias));
  const score = output.reduce((sum, weight, j) => sum + weight * activations[j], outputBias[0]);
  return { activations, score };
}

/** Adds the gradients of the mean logistic loss to those of the network; returns the loss. */
function backward({ values, gradients }) {
  let loss = 0;
  for (const { input, target } of table) {
    const { activations, score } = forward(values, input);
    loss += Math.log1p(Math.exp(target === 1 ? -score : score)) / table.length;
    const slope = (1 / (1 + Math.exp(-score)) - target) / table.length;
    gradients.outputBias[0] += slope;
    for (let j = 0; j < UNITS; j++) {
      const back = slope * values.output[j] * (1 - activations[j] ** 2);
      gradients.output[j] += slope * activations[j];
      gradients.hiddenBias[j] += back;
      gradients.hidden[2 * j] += back * input[0];
      gradients.hidden[2 * j + 1] += back * input[1];
    }
  }
  return loss;
}

function train(network, optimizer, steps) {
  let loss = 0;
  for (let step = 0; step < steps; step++) {
    loss = backward(network);
    optimizer.step();
  }
  return loss;
}

const network = makeNetwork();
const optimizer = makeOptimizer(network);
const halfway = train(network, optimizer, STEPS / 2);

const file = join(tmpdir(), `schuss-network-${process.pid}.bin`);
writeFileSync(file, serialize({ values: { ...network.values }, state: optimizer.stateDict() }));
const last = train(network, optimizer, STEPS / 2);

const saved = deserialize(readFileSync(file));
rmSync(file);
const second = makeNetwork();
for (const [name, values] of Object.entries(saved.values)) second.values[name].set(values);
const secondOptimizer = makeOptimizer(second);
secondOptimizer.loadStateDict(saved.state);
const lastOfSecond = train(second, secondOptimizer, STEPS / 2);

const apart = lastOfSecond - last;
console.log(`loss ${halfway.toFixed(4)} when saved, ${last.toFixed(4)} at last; the second ends ${apart} from it`);
