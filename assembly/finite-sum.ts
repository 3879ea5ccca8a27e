// The family `finite-sum`: what its solvers need.

export * from "./finite-sum/dense";
export * from "./finite-sum/dense-gradient";
export * from "./finite-sum/dense-hessian";
export * from "./finite-sum/dense-dual";
export * from "./finite-sum/dense-padding";
export { settleCsr, squaredGradientCsr } from "./finite-sum/csr-columns";
export * from "./finite-sum/csr";
export * from "./finite-sum/csr-gradient";
export * from "./finite-sum/csr-hessian";
export * from "./finite-sum/csr-norms";
export * from "./finite-sum/csr-dual";
export * from "./finite-sum/margins";
export * from "./finite-sum/multi";
export * from "./finite-sum/multi-steps";
