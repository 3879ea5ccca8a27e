// The rows of TensorFlow.js in a browser; for ./tfjs-chromium.js.

import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { createOptimizers } from "schuss/tfjs";
import { tfjsSteps } from "./tfjs-steps.js";

setWasmPaths("/");
const [browser] = navigator.userAgent.match(/Chrome\/\d+/);
const rows = [];
for (const backend of ["wasm", "cpu"]) {
  await tf.setBackend(backend);
  await tf.ready();
  rows.push(...(await tfjsSteps(tf, createOptimizers, `, ${browser.replace("/", " ")}`)));
}
console.log(JSON.stringify(rows));
