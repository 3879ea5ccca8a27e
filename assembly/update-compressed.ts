// The family `update-compressed`: rules whose state takes 16 or 8 bits an element.

export * from "./update/compressed/bfloat16";
export * from "./update/compressed/int8";
