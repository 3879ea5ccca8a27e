// TensorFlow.js itself, with its two backends that run in Node.

import "@tensorflow/tfjs-backend-cpu";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, too.
import * as layers from "@tensorflow/tfjs-layers";
import { createOptimizers } from "../../src/adapters/tfjs/index.js";

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);

export const backends = ["cpu", "wasm"] as const;

export async function use(backend: (typeof backends)[number]): Promise<void> {
  await tf.setBackend(backend);
  await tf.ready();
}

export const ours = createOptimizers(tf);
export { layers, tf };
