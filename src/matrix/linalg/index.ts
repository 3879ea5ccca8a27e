// schuss/linalg: dense linear algebra on typed arrays.

export { type InverseRootOptions, inverseRoot, type Ridge } from "./inverse-root.js";
export { type QrDecomposition, qr } from "./qr.js";
export { type Eigendecomposition, symmetricEigen } from "./symmetric-eigen.js";
export type { LinalgOptions } from "./workspace.js";
