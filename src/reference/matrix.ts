// assembly/matrix.ts in plain TypeScript: see ./core.ts.

import type { LinearMemory } from "./element.js";
import * as eigen from "./matrix/eigen.js";
import { gemm, gemmLower, gemmScratch } from "./matrix/gemm.js";
import * as qr from "./matrix/qr.js";
import * as root from "./matrix/root.js";
import { type Typed, typedTable } from "./table.js";

const kernels = { gemm, gemmLower, gemmScratch, ...eigen, ...qr, ...root };

/** The kernels of dense linear algebra. */
export type MatrixKernels = Typed<typeof kernels>;

export const matrixReference = (memory: LinearMemory): MatrixKernels => typedTable(kernels, memory);
