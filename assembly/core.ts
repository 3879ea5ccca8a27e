// The family `core`: vectors, which everything needs.

export * from "./vector/map";
export * from "./vector/reduction";
export * from "./update/tensor-norms";
