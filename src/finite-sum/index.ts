/**
 * Solvers for sums of many terms.
 * @module schuss/finite-sum
 */

export { type CsrMatrix, type CsrParts, csr } from "./csr-matrix.js";
export { ControlVariate, type ControlVariateDiagnostics } from "./estimators/control-variate.js";
export { GradientTable, type GradientTableOptions } from "./estimators/gradient-table.js";
export { RecursiveGradient } from "./estimators/recursive-gradient.js";
export { ScalarGradientTable, type ScalarGradientTableOptions } from "./estimators/scalar-table.js";
export type { StorageName } from "./estimators/storage.js";
export type { Features } from "./features.js";
export type { LossName, LossOptions } from "./losses.js";
export type { MethodName, SamplingName, SolverName } from "./methods/index.js";
export { iterate, minimize, minimizeSync } from "./minimize.js";
export type { MinimizeOptions, Signal, Start } from "./options.js";
export type { PaceState } from "./pace.js";
export type { Penalty } from "./penalty.js";
export type { MultiProblem, Problem } from "./problem.js";
export type { MinimizeResult, PassReport } from "./report.js";
export type { Sampler } from "./sampling.js";
export type { SolverState } from "./state.js";
