export * from "./csr.js";
export { settleCsr } from "./csr-columns.js";
export { sdcaCsr } from "./csr-dual.js";
export * from "./csr-gradient.js";
export { sagaDense, sagDense, svrgDense } from "./dense.js";
export { sdcaDense } from "./dense-dual.js";
export * from "./dense-gradient.js";
export * from "./margins.js";
