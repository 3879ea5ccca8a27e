// The family `update-tensors`: update rules that look at whole tensors before they move them.

export * from "./update/layerwise";
export * from "./update/prepared-norms";
export * from "./update/adafactor";
export * from "./update/sm3";
export * from "./update/tensor-factors";
