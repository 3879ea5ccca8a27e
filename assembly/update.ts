// The family `update`: the update rules that most programs use, apart from the others so that a page loads no more.

export * from "./update/sgd";
export * from "./update/adagrad";
export * from "./update/adam";
