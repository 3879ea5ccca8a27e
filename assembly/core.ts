// The family `core`: what parameter sets and optimizers need.

export * from "./vector/map";
export * from "./vector/reduction";
export * from "./update/tensor-norms";
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
