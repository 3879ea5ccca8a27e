// schuss/finite-sum: solvers for sums of many terms.

export { type CsrMatrix, type CsrParts, csr } from "./csr-matrix.js";
export { type MinimizeOptions, minimize, minimizeSync, type Signal } from "./minimize.js";
export type { LossName, Problem } from "./problem.js";
export type { MinimizeResult, PassReport } from "./run.js";
export type { Sampler } from "./sampling.js";
export type { MethodName } from "./solver.js";
