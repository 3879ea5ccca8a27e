// The family `update-more`: all other update rules.

export * from "./update/rmsprop";
export * from "./update/adadelta";
export * from "./update/lion";
export * from "./update/adamax";
export * from "./update/nadam";
export * from "./update/yogi";
export * from "./update/adabelief";
export * from "./update/rprop";
export * from "./update/damped-adam";
export * from "./update/sign-sgd";
export * from "./update/frequency-aware-sgd";
export * from "./update/windowed-momentum";
export * from "./update/schedule-free";
export * from "./update/prodigy";
export * from "./update/optimistic";
