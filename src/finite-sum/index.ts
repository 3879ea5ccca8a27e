// schuss/finite-sum: solvers for sums of many terms.

export { type CsrMatrix, type CsrParts, csr } from "./csr-matrix.js";
export {
  type MinimizeOptions,
  type MinimizeResult,
  minimize,
  minimizeSync,
  type PassReport,
  type Signal,
} from "./minimize.js";
export type { LossName, Problem } from "./problem.js";
export type { Sampler } from "./sampling.js";
export type { MethodName } from "./solver.js";
