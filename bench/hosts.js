// `npm run bench:hosts`: steps of the hosts' own optimizers beside those of the adapters, interleaved in one run. Prints a
// table in Markdown. `node bench/hosts.js tfjs-wasm` runs one part: tfjs-wasm, tfjs-cpu, arrays.

import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import convnetjs from "convnetjs";
import { Trainer } from "schuss/arrays";
import { createOptimizers } from "schuss/tfjs";
import { interleaved, row } from "./hosts/interleaved.js";
import { tfjsSteps } from "./hosts/tfjs-steps.js";

async function tfjs(backend) {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend(backend);
  for (const line of tfjsSteps(tf, createOptimizers)) console.log(line);
}

/** The update alone: a network whose passes do nothing, with gradients of its own. */
function arrays() {
  for (const method of ["sgd", "adagrad", "windowgrad", "adadelta"]) {
    const candidates = [convnetjs.Trainer, Trainer].map((Class) => {
      const net = new convnetjs.Net();
      net.makeLayers([
        { type: "input", out_sx: 1, out_sy: 1, out_depth: 256 },
        { type: "fc", num_neurons: 256, activation: "relu" },
        { type: "fc", num_neurons: 128, activation: "relu" },
        { type: "softmax", num_classes: 10 },
      ]);
      net.forward = () => {};
      net.backward = () => 0;
      const trainer = new Class(net, { method });
      return {
        calls: 20,
        step() {
          for (const { grads } of net.getParamsAndGrads()) grads[0] = 0.01;
          trainer.train();
        },
      };
    });
    console.log(row(`ConvNetJS 0.3, ${method}, 99,978 parameters`, interleaved(candidates)));
  }
}

const parts = { "tfjs-wasm": () => tfjs("wasm"), "tfjs-cpu": () => tfjs("cpu"), arrays };
const wanted = process.argv.slice(2);

console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log("| step | host, ms | schuss, ms | ratio |\n|---|---|---|---|");
for (const [name, part] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await part();
