export * from "./csr.js";
export * from "./dense.js";
