// The family `network`: dense layers and perceptrons that a host library trains pattern by pattern.

export * from "./network/dense";
export * from "./network/outer-product";
export * from "./network/perceptron";
