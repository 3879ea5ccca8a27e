// assembly/matrix.ts in plain TypeScript: see ./core.ts.

import type { LinearMemory } from "./element.js";
import * as batched from "./matrix/batched.js";
import * as blocks from "./matrix/blocks.js";
import * as eigen from "./matrix/eigen.js";
import * as elements from "./matrix/elements.js";
import { gemm, gemmLower, gemmScratch } from "./matrix/gemm.js";
import * as gemv from "./matrix/gemv.js";
import * as newton from "./matrix/newton.js";
import * as orthogonal from "./matrix/orthogonalize.js";
import * as qr from "./matrix/qr.js";
import * as root from "./matrix/root.js";
import * as solve from "./matrix/solve.js";
import * as triangle from "./matrix/triangle.js";
import { type Typed, typedTable } from "./table.js";
import * as directions from "./update/directions.js";

const kernels = {
  gemm,
  gemmLower,
  gemmScratch,
  ...batched,
  ...gemv,
  ...triangle,
  ...solve,
  ...eigen,
  ...qr,
  ...root,
  ...orthogonal,
  ...newton,
  ...elements,
  ...blocks,
  ...directions,
};

/** The kernels of dense linear algebra. */
export type MatrixKernels = Typed<typeof kernels>;

export const matrixReference = (memory: LinearMemory): MatrixKernels => typedTable(kernels, memory);
