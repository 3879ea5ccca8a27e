export { gemmBatched } from "./batched.js";
export { gemm, gemmLower, gemmScratch } from "./gemm.js";
export { gemv } from "./gemv.js";
export {
  coupledNewton,
  coupledNewtonScratch,
  newtonSchulz,
  newtonSchulzScratch,
  spectralNorm,
  spectralNormScratch,
} from "./newton.js";
export {
  orthogonalize,
  orthogonalizeGram,
  orthogonalizeGramScratch,
  orthogonalizeScratch,
} from "./orthogonalize.js";
export { cholesky, choleskyScratch, solveTriangular, solveTriangularScratch } from "./solve.js";
export { mirrorLower, packLower, symmetricRankK, symmetricRankKScratch, unpackLower } from "./triangle.js";
