// Steps of TensorFlow.js's Adam in Node: `node bench/hosts/tfjs.js wasm` or `cpu`.

import { createOptimizers } from "schuss/tfjs";
import { report } from "./rows.js";
import { backends, useBackend } from "./tfjs-node.js";
import { tfjsSteps } from "./tfjs-steps.js";

for (const backend of backends) report(...(await tfjsSteps(await useBackend(backend), createOptimizers, "")));
