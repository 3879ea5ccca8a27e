// assembly/update-tensors.ts in plain TypeScript.

import type { LinearMemory } from "./element.js";
import { type Typed, typedTable } from "./table.js";
import * as adafactor from "./update/adafactor.js";
import * as layerwise from "./update/layerwise.js";
import * as preparedNorms from "./update/prepared-norms.js";
import * as sm3 from "./update/sm3.js";
import * as tensorFactors from "./update/tensor-factors.js";

const kernels = { ...layerwise, ...preparedNorms, ...adafactor, ...sm3, ...tensorFactors };

/** Update rules that look at whole tensors before they move them. */
export type UpdateTensorsKernels = Typed<typeof kernels>;

export const updateTensorsReference = (memory: LinearMemory): UpdateTensorsKernels => typedTable(kernels, memory);
