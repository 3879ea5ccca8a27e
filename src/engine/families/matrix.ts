import { binaries } from "#binaries";
import * as wasm from "#wasm/matrix";
import { type MatrixKernels, matrixReference } from "../../reference/matrix.js";
import type { KernelFamily } from "./family.js";

export type { MatrixKernels };

/** Products, decompositions and roots of dense matrices. */
export const matrix: KernelFamily<MatrixKernels> = {
  name: "matrix",
  binaries: binaries(wasm),
  reference: matrixReference,
};
