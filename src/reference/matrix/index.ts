export { gemm, gemmLower, gemmScratch } from "./gemm.js";
