// The update of ConvNetJS's and toygrad's trainers alone: networks whose passes do nothing, with gradients that are there
// already. `node bench/hosts/arrays.js convnetjs adadelta` times one method; V8 compiles a trainer for the first it meets.

import convnetjs from "convnetjs";
import { Trainer } from "schuss/arrays";
import * as toygrad from "toygrad";
import { interleaved } from "./interleaved.js";
import { report } from "./rows.js";

const toygradName = (method) => (method === "sgd" ? "SGD" : method[0].toUpperCase() + method.slice(1));

const hosts = {
  convnetjs: {
    name: "ConvNetJS 0.3",
    methods: ["sgd", "adagrad", "windowgrad", "adadelta"],
    bar: 8,
    network() {
      const net = new convnetjs.Net();
      net.makeLayers([
        { type: "input", out_sx: 1, out_sy: 1, out_depth: 256 },
        { type: "fc", num_neurons: 256, activation: "relu" },
        { type: "fc", num_neurons: 128, activation: "relu" },
        { type: "softmax", num_classes: 10 },
      ]);
      return net;
    },
    trainer: (net, method) => new convnetjs.Trainer(net, { method }),
  },
  toygrad: {
    name: "toygrad 2.6",
    methods: ["sgd", "nesterov", "adagrad", "adadelta", "adam"],
    network: () =>
      new toygrad.NeuralNetwork({
        layers: [
          { type: "input", sx: 1, sy: 1, sz: 256 },
          { type: "dense", filters: 256 },
          { type: "relu" },
          { type: "dense", filters: 128 },
          { type: "relu" },
          { type: "dense", filters: 10 },
          { type: "softmax" },
        ],
      }),
    trainer: (net, method) => new toygrad.Trainers[toygradName(method)](net, {}),
  },
};
async function time({ name, network, trainer, bar }, method) {
  let parameters = 0;
  const candidates = [(net) => trainer(net, method), (net) => new Trainer(net, { method })].map((make) => {
    const net = network();
    net.forward = () => {};
    net.backward = () => 0;
    parameters = net.getParamsAndGrads().reduce((sum, { params }) => sum + params.length, 0);
    const ready = make(net);
    ready.train();
    // Those it has from now on.
    const tensors = net.getParamsAndGrads();
    return {
      calls: 20,
      step() {
        for (const { grads } of tensors) grads[0] = 0.01;
        ready.train();
      },
    };
  });
  const milliseconds = await interleaved(candidates);
  const what = `update by ${method}, ${parameters.toLocaleString("en")} parameters`;
  report({ host: name, what, milliseconds, bar });
}

const [wanted = Object.keys(hosts), ...methods] = process.argv.slice(2);
for (const key of [wanted].flat()) {
  for (const method of methods.length > 0 ? methods : hosts[key].methods) await time(hosts[key], method);
}
