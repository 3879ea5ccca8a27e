// Every export of the kernels, family by family: the one file that asc compiles.

export * from "./vector/map";
export * from "./vector/reduction";
export * from "./update/sgd";
export * from "./update/adagrad";
export * from "./update/adam";
export * from "./update/rmsprop";
export * from "./update/adadelta";
export * from "./update/lion";
export * from "./update/adamax";
export * from "./update/nadam";
export * from "./update/yogi";
export * from "./update/adabelief";
export * from "./finite-sum/dense";
export * from "./finite-sum/csr";
export * from "./matrix/gemm";
export * from "./matrix/matrix-vector";
export * from "./matrix/triangle";
export * from "./matrix/solve";
export * from "./matrix/cholesky";
export * from "./matrix/orthogonalize";
export * from "./matrix/spectral-norm";
export * from "./matrix/coupled-newton";
export * from "./matrix/newton-schulz";
