// The family `network`: dense layers that a host library trains pattern by pattern.

export * from "./network/dense";
export * from "./network/outer-product";
