// The family `finite-sum`: what its solvers need.

export * from "./finite-sum/dense";
export * from "./finite-sum/csr";
