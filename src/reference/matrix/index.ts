export { symmetricEigen, symmetricEigenScratch } from "./eigen.js";
export { gemm, gemmLower, gemmScratch } from "./gemm.js";
export { qr, qrScratch, refreshBasis, refreshBasisScratch } from "./qr.js";
export { recompose, recomposeScratch } from "./root.js";
