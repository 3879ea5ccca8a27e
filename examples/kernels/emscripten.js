// A step of Adam where an Emscripten module has its numbers: tensors of TensorFlow.js's wasm backend, and moments from its malloc.

import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { kernels } from "schuss/kernels";

await tf.setBackend("wasm");
const backend = tf.backend();
const { asm, _malloc, _free } = backend.wasm;
const { adam_f32 } = kernels(asm.memory);

const weights = tf.tensor1d([1, 2, 3]);
const gradients = tf.tensor1d([4, -5, 6]);
const n = weights.size;
const moments = _malloc(2 * 4 * n);
// A view is taken after the last call that may have grown the heap, since growing detaches the ones before.
new Float32Array(asm.memory.buffer, moments, 2 * n).fill(0);

const at = (tensor) => backend.getMemoryOffset(tensor.dataId);
const [step, learningRate, beta1, beta2, epsilon] = [1, 0.01, 0.9, 0.999, 1e-8];
const stepSize = learningRate / (1 - beta1 ** step);
const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
adam_f32(
  n,
  at(weights),
  at(gradients),
  0, // no options
  moments,
  moments + 4 * n,
  beta1,
  1 - beta1,
  beta2,
  1 - beta2,
  stepSize,
  rootScale,
  epsilon,
);
_free(moments);

// The first step of Adam is the rate, along the gradient's sign.
console.log([...weights.dataSync()].map((w) => w.toFixed(3)).join()); // 0.990,2.010,2.990
