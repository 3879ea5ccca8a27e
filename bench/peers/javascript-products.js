import wasm from "@tensorflow/tfjs-backend-wasm";
import tf from "@tensorflow/tfjs-core";
import { Matrix } from "ml-matrix";
import { uniformFrom } from "../random.js";
import { repeating } from "../runner.js";

function square(n, seed) {
  const uniform = uniformFrom(seed);
  return Float32Array.from({ length: n * n }, () => uniform() - 0.5);
}

/** TF.js on its WebAssembly backend, one thread. It packs B once for a tensor: here that is done before the clock runs. */
export async function startTfjs() {
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  return {
    name: "TF.js",
    version: `TF.js ${tf.version_core}, wasm`,
    product(n) {
      const [a, b] = [1, 2].map((seed) => tf.tensor2d(square(n, seed), [n, n]));
      return repeating((x, y) => tf.matMul(x, y).dispose(), [a, b]);
    },
  };
}

/** ml-matrix, plain JavaScript in f64. */
export function mlMatrixProduct(n) {
  const [a, b] = [1, 2].map((seed) => Matrix.from1DArray(n, n, square(n, seed)));
  return repeating((x, y) => x.mmul(y), [a, b]);
}
