// A network of brain.js that learns which numbers of four bits have exactly two of them set. One line is changed; the network
// comes to the same error after the same iterations.

import brain from "brain.js";
import { accelerate } from "schuss/brain";

const patterns = Array.from({ length: 16 }, (_, k) => {
  const input = [k & 1, (k >> 1) & 1, (k >> 2) & 1, (k >> 3) & 1];
  return { input, output: [Number(input.reduce((sum, bit) => sum + bit) === 2)] };
});

const options = { hiddenLayers: [128, 128], activation: "tanh" };
const training = { learningRate: 0.05, iterations: 1000, errorThresh: 0.005 };

/** The same start for both, saved as brain.js does. */
const start = new brain.NeuralNetwork(options);
start.train(patterns, { ...training, iterations: 1 });
const saved = JSON.stringify(start.toJSON());

function fit(prepare) {
  const net = prepare(new brain.NeuralNetwork(options).fromJSON(JSON.parse(saved)));
  const since = performance.now();
  const { error, iterations } = net.train(patterns, training);
  return { error, iterations, milliseconds: performance.now() - since, answer: net.run([1, 0, 1, 0])[0] };
}

const before = fit((net) => net);
const after = fit((net) => accelerate(net)); // the line that is changed

for (const [name, { error, iterations, milliseconds, answer }] of Object.entries({ before, after })) {
  const time = `${milliseconds.toFixed(0)} ms`;
  console.log(
    `${name}: error ${error.toFixed(5)} after ${iterations} iterations in ${time}; 1010: ${answer.toFixed(3)}`,
  );
}
