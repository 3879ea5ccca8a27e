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

const ROUNDS = 9;

/** Milliseconds of a call, the median of rounds in which the candidates take turns. */
function interleaved(candidates) {
  const times = candidates.map(() => []);
  for (const { step } of candidates) for (let k = 0; k < 3; k++) step();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, { step, calls }] of candidates.entries()) {
      const began = performance.now();
      for (let call = 0; call < calls; call++) step();
      times[k].push((performance.now() - began) / calls);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[ROUNDS >> 1]);
}

function report(name, [theirs, ours]) {
  const digits = (x) => Number(x.toPrecision(3));
  console.log(`| ${name} | ${digits(theirs)} | ${digits(ours)} | ${digits(theirs / ours)} |`);
}

async function tfjs(backend) {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend(backend);
  const ours = createOptimizers(tf);
  for (const [count, size] of [
    [1, 1_000_000],
    [1000, 100],
  ]) {
    const candidates = [tf.train.adam(), ours.adam()].map((optimizer, which) => {
      const gradients = {};
      for (let k = 0; k < count; k++) {
        const name = `${backend}/${count}/${which}/${k}`;
        tf.tidy(() => tf.variable(tf.randomNormal([size]), true, name));
        gradients[name] = tf.randomNormal([size]);
      }
      const step = () => optimizer.applyGradients(gradients);
      return { step, calls: which === 0 ? 1 : 20, optimizer, gradients };
    });
    report(`TensorFlow.js 4.22 ${backend}, Adam, ${count} x ${size}`, interleaved(candidates));
    for (const { optimizer, gradients } of candidates) {
      optimizer.dispose();
      tf.dispose(gradients);
    }
    tf.disposeVariables();
  }
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
    report(`ConvNetJS 0.3, ${method}, 99,978 parameters`, interleaved(candidates));
  }
}

const parts = { "tfjs-wasm": () => tfjs("wasm"), "tfjs-cpu": () => tfjs("cpu"), arrays };
const wanted = process.argv.slice(2);

console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log("| step | host, ms | schuss, ms | ratio |\n|---|---|---|---|");
for (const [name, part] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await part();
