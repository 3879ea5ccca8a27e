// Trains a FeedForward of brain.js, which computes on the graphics card here, and the same accelerated.

import { FeedForward, layer } from "brain-next";
import { accelerate } from "schuss/brain";
import { uniformFrom } from "../../../bench/random.js";

let textures = 0;
const context = WebGL2RenderingContext.prototype;
for (const [name, change] of Object.entries({ createTexture: 1, deleteTexture: -1 })) {
  const method = context[name];
  context[name] = function (...operands) {
    textures += change;
    return method.apply(this, operands);
  };
}

const [INPUTS, HIDDEN, OUTPUTS] = [4, 5, 2];

function network() {
  Math.random = uniformFrom(1);
  return new FeedForward({
    inputLayer: () => layer.input({ height: INPUTS }),
    hiddenLayers: [(below) => layer.feedForward({ height: HIDDEN }, below)],
    outputLayer: (below) => layer.target({ height: OUTPUTS }, layer.feedForward({ height: OUTPUTS }, below)),
    praxisOpts: { learningRate: 0.003 },
  });
}

const next = uniformFrom(2);
const data = Array.from({ length: 6 }, () => ({
  input: Array.from({ length: INPUTS }, next),
  output: Array.from({ length: OUTPUTS }, () => Number(next() > 0.5)),
}));

function train(prepare) {
  const net = prepare(network());
  const errors = [];
  const kept = [];
  net.train(data, {
    iterations: 8,
    errorThresh: 1e-9,
    errorCheckInterval: 1,
    callbackPeriod: 1,
    callback: ({ error }) => errors.push(error) && kept.push(textures),
  });
  return {
    errors,
    textures: kept.at(-1) - kept.at(-4),
    kernel: net.layers[2].predictKernel.kernel.constructor.name,
    outputs: net.run(data[0].input).map((row) => row[0]),
  };
}

const report = {
  theirs: train((net) => net),
  ours: train((net) => accelerate(net)),
  fixed: train((net) => accelerate(net, { mode: "fixed" })),
};
console.log(JSON.stringify(report));
