/**
 * Dense linear algebra on typed arrays.
 * @module schuss/linalg
 */

export { cholesky } from "./cholesky.js";
export { type InverseRootOptions, inverseRoot, type Ridge } from "./inverse-root.js";
export { type Accumulation, type MultiplyOptions, multiply } from "./multiply.js";
export { type MultiplyVectorOptions, multiplyVector } from "./multiply-vector.js";
export { type OrthogonalizeOptions, orthogonalize } from "./orthogonalize.js";
export { type QrDecomposition, qr } from "./qr.js";
export type { RootMethod } from "./root-iterations.js";
export { type SolveTriangularOptions, solveTriangular } from "./solve-triangular.js";
export { type SpectralNormOptions, spectralNorm } from "./spectral-norm.js";
export { type Eigendecomposition, symmetricEigen } from "./symmetric-eigen.js";
export { type SymmetricRankKOptions, symmetricRankK } from "./symmetric-rank-k.js";
export type { LinalgOptions } from "./workspace.js";
