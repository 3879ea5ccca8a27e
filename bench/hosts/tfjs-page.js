// The rows of TensorFlow.js in a browser; for ./tfjs-chromium.js, which says in the address what is measured.

import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { createOptimizers } from "schuss/tfjs";
import { tfjsFits } from "./tfjs-fits.js";
import { tfjsSteps } from "./tfjs-steps.js";

setWasmPaths("/");
const { what, backend } = Object.fromEntries(new URLSearchParams(location.search));
const [browser] = navigator.userAgent.match(/Chrome\/\d+/);
const where = `, ${browser.replace("/", " ")}`;

async function loadDigits() {
  const [pixels, labels] = await Promise.all(
    ["pixels", "labels"].map(async (name) => (await fetch(`/${name}.bin`)).arrayBuffer()),
  );
  const rows = labels.byteLength;
  return {
    pixels: new Float32Array(pixels),
    labels: new Uint8Array(labels),
    rows,
    columns: pixels.byteLength / 4 / rows,
  };
}

await tf.setBackend(backend);
await tf.ready();
const rows =
  what === "fit"
    ? await tfjsFits(tf, createOptimizers, await loadDigits(), where)
    : await tfjsSteps(tf, createOptimizers, where);
console.log(JSON.stringify(rows));
