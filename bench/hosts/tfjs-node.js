// A backend of TensorFlow.js in Node.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);

/** The backends that a program was started with, or all. */
export const backends = process.argv.length > 2 ? process.argv.slice(2) : ["wasm", "cpu"];

export async function useBackend(backend) {
  await tf.setBackend(backend);
  return tf;
}
