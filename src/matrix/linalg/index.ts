/**
 * Dense linear algebra on typed arrays.
 * @module schuss/linalg
 */

export { inverseRootBatched, multiplyBatched, symmetricEigenBatched } from "./batched.js";
export { cholesky } from "./cholesky.js";
export { type InverseRootOptions, inverseRoot, type Ridge } from "./inverse-root.js";
export { type Accumulation, type MultiplyOptions, multiply } from "./multiply.js";
export { type MultiplyVectorOptions, multiplyVector } from "./multiply-vector.js";
export { type OrthogonalizeOptions, orthogonalize } from "./orthogonalize.js";
export { type QrDecomposition, qr } from "./qr.js";
export { recompose } from "./recompose.js";
export { refreshBasis } from "./refresh-basis.js";
export type { RootMethod } from "./root-iterations.js";
export { solvePositiveDefinite } from "./solve-positive-definite.js";
export { type SolveTriangularOptions, solveTriangular } from "./solve-triangular.js";
export { type SpectralNormOptions, spectralNorm } from "./spectral-norm.js";
export { type Eigendecomposition, symmetricEigen } from "./symmetric-eigen.js";
export { type SymmetricMultiplyOptions, symmetricMultiply } from "./symmetric-multiply.js";
export { type SymmetricRankKOptions, symmetricRankK } from "./symmetric-rank-k.js";
export { packSymmetric, unpackSymmetric } from "./triangle.js";
export type { LinalgOptions } from "./workspace.js";
