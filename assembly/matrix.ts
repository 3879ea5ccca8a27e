// The family `matrix`: dense linear algebra, and what the update rules that live on it need besides.

export * from "./matrix/gemm";
export * from "./matrix/matrix-vector";
export * from "./matrix/triangle";
export * from "./matrix/solve";
export * from "./matrix/cholesky";
export * from "./matrix/eigen";
export * from "./matrix/qr";
export * from "./matrix/root";
export * from "./matrix/orthogonalize";
export * from "./matrix/spectral-norm";
export * from "./matrix/coupled-newton";
export * from "./matrix/newton-schulz";
export * from "./matrix/elements";
export * from "./matrix/blocks";
export * from "./update/directions";
