// The family `matrix`: dense linear algebra.

export * from "./matrix/gemm";
export * from "./matrix/eigen";
export * from "./matrix/qr";
export * from "./matrix/root";
