// TensorFlow.js itself, with its two backends that run in Node.

import "@tensorflow/tfjs-backend-cpu";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, too.
import * as layers from "@tensorflow/tfjs-layers";
import { afterEach, beforeEach, expect } from "vitest";
import { createOptimizers } from "../../src/adapters/tfjs/index.js";

const require = createRequire(import.meta.url);
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);

export const backends = ["cpu", "wasm"] as const;

export async function use(backend: (typeof backends)[number]): Promise<void> {
  await tf.setBackend(backend);
  await tf.ready();
}

/** Every test that follows runs on the backend, and leaves no tensor behind but variables, which are disposed of. */
export function expectTensorsReturned(backend: (typeof backends)[number]): void {
  let before: tf.MemoryInfo;

  beforeEach(async () => {
    await use(backend);
    before = tf.memory();
  });

  afterEach(() => {
    tf.disposeVariables();
    expect(tf.memory().numTensors, "tensors after the test").toBe(before.numTensors);
    expect(tf.memory().numBytes, "bytes after the test").toBe(before.numBytes);
  });
}

export const ours = createOptimizers(tf);
export { layers, tf };
