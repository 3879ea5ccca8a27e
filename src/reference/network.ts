// assembly/network.ts in plain TypeScript.

import type { LinearMemory } from "./element.js";
import * as dense from "./network/dense.js";
import * as outerProduct from "./network/outer-product.js";
import * as perceptron from "./network/perceptron.js";
import { type Typed, typedTable } from "./table.js";

const kernels = { ...dense, ...outerProduct, ...perceptron };

/** Dense layers and perceptrons, trained pattern by pattern. */
export type NetworkKernels = Typed<typeof kernels>;

export const networkReference = (memory: LinearMemory): NetworkKernels => typedTable(kernels, memory);
