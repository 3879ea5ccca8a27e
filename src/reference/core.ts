// assembly/core.ts in plain TypeScript, over the same memory and with the same signatures: the specification, the oracle
// of the tests, and what runs where WebAssembly is barred. Written to be read.

import type { LinearMemory } from "./element.js";
import * as reduction from "./reduction.js";
import { type Typed, typedTable } from "./table.js";
import * as tensorNorms from "./update/tensor-norms.js";
import * as vector from "./vector.js";

const kernels = { ...vector, ...reduction, ...tensorNorms };

/** The kernels of vectors. */
export type CoreKernels = Typed<typeof kernels>;

export const coreReference = (memory: LinearMemory): CoreKernels => typedTable(kernels, memory);
