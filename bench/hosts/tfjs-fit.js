// Trainings of TensorFlow.js in Node: `node bench/hosts/tfjs-fit.js wasm` or `cpu`.

import { createOptimizers } from "schuss/tfjs";
import { loadDigits } from "../../examples/mnist/data.js";
import { report } from "./rows.js";
import { SAMPLES, tfjsFits } from "./tfjs-fits.js";
import { backends, useBackend } from "./tfjs-node.js";

const digits = loadDigits("train", SAMPLES, Float32Array);
for (const backend of backends) report(...(await tfjsFits(await useBackend(backend), createOptimizers, digits, "")));
