// assembly/update.ts in plain TypeScript.

import type { LinearMemory } from "./element.js";
import { type Typed, typedTable } from "./table.js";
import * as adagrad from "./update/adagrad.js";
import * as adam from "./update/adam.js";
import * as sgd from "./update/sgd.js";

const kernels = { ...sgd, ...adagrad, ...adam };

/** The update rules that most programs use. */
export type UpdateKernels = Typed<typeof kernels>;

export const updateReference = (memory: LinearMemory): UpdateKernels => typedTable(kernels, memory);
