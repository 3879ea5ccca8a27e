// assembly/update, rule by rule.

export * from "./adabelief.js";
export * from "./adadelta.js";
export * from "./adagrad.js";
export * from "./adam.js";
export * from "./adamax.js";
export * from "./lion.js";
export * from "./nadam.js";
export * from "./rmsprop.js";
export * from "./sgd.js";
export * from "./tensor-norms.js";
export * from "./yogi.js";
